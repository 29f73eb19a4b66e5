import type { Subcommand } from '../src/discord/interaction/command.ts';

/** `/voice reset` gives up the voice, the speed and the rest that the caller chose in this guild. */
export const voiceReset: Subcommand = {
  name: 'reset',
  async run(interaction, services, t) {
    await services.ownVoices.reset(interaction);
    return `${t('voice.reset')}\n${await services.ownVoices.sheet(interaction, t)}`;
  },
};
