import { type SlashCommand, slash } from '../src/discord/interaction/command.ts';

/** `/resume` goes on with the speech after `/pause`. */
export const resume: SlashCommand = {
  data: slash('resume'),
  run(interaction, services, t) {
    const { key, params } = services.steering.resume(interaction);
    return t(key, params);
  },
};
