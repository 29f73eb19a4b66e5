import type { Subcommand } from '../src/discord/command.ts';

export const voiceReset: Subcommand = {
  name: 'reset',
  async run(use, context, t) {
    await context.store.savePerson(use.guildId, use.user.id, null);
    return t('voice.reset');
  },
};
