import { type SlashCommand, slash } from '../src/discord/interaction/command.ts';

/**
 * `/stop` silences the bot and empties the queue. Callers who may not silence others stop only their own lines.
 */
export const stop: SlashCommand = {
  data: slash('stop'),
  async run(interaction, services, t) {
    const { key, params } = await services.steering.stop(interaction);
    return t(key, params);
  },
};
