import type { Subcommand } from '../src/discord/interaction/command.ts';

/** `/voice show` tells the caller how their words are said in this channel, and where each part of that comes from. */
export const voiceShow: Subcommand = {
  name: 'show',
  run: (interaction, services, t) => services.ownVoices.sheet(interaction, t),
};
