import type { Subcommand } from '../src/discord/interaction/command.ts';
import { booleanOption, fileOption, textOption } from '../src/discord/interaction/options.ts';
import { plain } from '../src/discord/interaction/texts.ts';

// Carries out `/voice clone`, which makes a voice from a recording of the caller's own voice.

/** What Discord lets people choose. Some clients count Ogg as video, so its extensions stand beside the family. */
const RECORDINGS = ['audio', '.ogg', '.oga', '.opus'] as const;

/** The voice is for the caller alone. */
export const voiceClone: Subcommand = {
  name: 'clone',
  options: [
    textOption('name', { required: true, maxLength: 32 }),
    fileOption('audio', { required: true, types: RECORDINGS }),
    booleanOption('consent', { required: true }),
    textOption('transcript', { maxLength: 3_000 }),
  ],
  async run(interaction, services, t) {
    const { options } = interaction;
    const name = options
      .getString('name', true)
      .replace(/[\p{C}\s]+/gu, ' ')
      .trim();
    const atOnce = await services.cloning.begin(interaction, {
      name,
      attachment: options.getAttachment('audio', true),
      consent: options.getBoolean('consent', true),
      transcript: options.getString('transcript')?.trim() || undefined,
    });
    return t(atOnce ? 'clone.at-once' : 'clone.making', { name: plain(name) });
  },
};
