import type { Subcommand } from '../src/discord/interaction/command.ts';
import { textOption } from '../src/discord/interaction/options.ts';

/** `/voice search` opens pages of Fish Audio's voices, with buttons to hear and to choose them. */
export const voiceSearch: Subcommand = {
  name: 'search',
  options: [textOption('query', { required: true, maxLength: 80 })],
  run: (interaction, services, t) =>
    services.search.open(interaction, interaction.options.getString('query', true), 1, t),
};
