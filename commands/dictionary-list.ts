import type { Subcommand } from '../src/discord/interaction/command.ts';

/** `/dictionary list` shows the words of the guild's dictionary page by page, and who added each. */
export const dictionaryList: Subcommand = {
  name: 'list',
  run: (interaction, services, t) => services.wordList.open(interaction, t),
};
