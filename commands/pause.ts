import { type SlashCommand, slash } from '../src/discord/interaction/command.ts';

/** `/pause` stops the speech until `/resume`, without losing any of it. */
export const pause: SlashCommand = {
  data: slash('pause'),
  async run(interaction, services, t) {
    const { key, params } = await services.steering.pause(interaction);
    return t(key, params);
  },
};
