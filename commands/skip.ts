import { type SlashCommand, slash } from '../src/discord/interaction/command.ts';

/**
 * `/skip` ends the line that is being said. Other people's lines can be skipped only by those who may silence others.
 */
export const skip: SlashCommand = {
  data: slash('skip'),
  async run(interaction, services, t) {
    const { key, params } = await services.steering.skip(interaction);
    return t(key, params);
  },
};
