import type { Subcommand } from '../src/discord/interaction/command.ts';
import { completeVoice } from '../src/discord/interaction/complete-voice.ts';
import { voiceOption } from '../src/discord/interaction/options.ts';

/** `/voice favourite` marks a voice, which is then offered before others; used once more, it takes the mark away. */
export const voiceFavourite: Subcommand = {
  name: 'favourite',
  options: [voiceOption({ required: true })],
  complete: completeVoice,
  async run(interaction, services, t) {
    const given = interaction.options.getString('voice', true);
    const { voice, marked, count } = await services.ownVoices.toggleFavourite(interaction, given);
    const shown = services.voices.shown(voice);
    return t(marked ? 'voice.favourite' : 'voice.favourite-gone', { voice: shown, count });
  },
};
