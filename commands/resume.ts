import { slash, type SlashCommand } from '../src/discord/interaction/command.ts';

/** `/resume` goes on with the speech after `/pause`. */
export const resume: SlashCommand = {
  data: slash('resume'),
  run(interaction, services, t) {
    const session = services.callers.steers(interaction);
    if (!session.paused) return t('resume.not-paused');
    session.resume();
    return t('resume.done');
  },
};
