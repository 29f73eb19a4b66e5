import { oggOpus } from '../audio/ogg/writer.ts';
import { type VoiceMessageFacts, voiceMessageFacts } from '../audio/waveform.ts';

// Makes files for Discord out of speech: an Ogg Opus file to attach, or a voice message with its length and waveform.
// `clip.ts` has a text said for a file; `src/audio/ogg/writer.ts` writes the bytes.

/** What Discord needs for a voice message. */
export interface VoiceMessage extends VoiceMessageFacts {
  /** The file, in Ogg Opus. */
  readonly ogg: Buffer;
}

/** Makes an Ogg Opus file of packets, without changing them. */
export function soundFile(packets: readonly Uint8Array[]): Buffer {
  return Buffer.from(oggOpus(packets));
}

/** Makes of packets a voice message: an Ogg Opus file, with its length and waveform, which Discord shows. */
export async function voiceMessageOf(packets: readonly Uint8Array[]): Promise<VoiceMessage> {
  return { ...(await voiceMessageFacts(packets)), ogg: soundFile(packets) };
}
