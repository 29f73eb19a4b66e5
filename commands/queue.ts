import { type SlashCommand, slash } from '../src/discord/interaction/command.ts';
import { queueText } from '../src/discord/interaction/queue-text.ts';

/** `/queue` shows which line is being said and which lines come next. */
export const queue: SlashCommand = {
  data: slash('queue'),
  run: (interaction, services, t) => queueText(interaction, services, t),
};
