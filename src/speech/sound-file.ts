import { oggOpus } from '../audio/ogg/writer.ts';
import { type VoiceMessageFacts, voiceMessageFacts } from '../audio/waveform.ts';

/** A sound as Discord takes it for a voice message. */
export interface VoiceMessage extends VoiceMessageFacts {
  /** The file: Ogg Opus. */
  readonly ogg: Buffer;
}

/** An Ogg Opus file of these very packets. */
export function soundFile(packets: readonly Uint8Array[]): Buffer {
  return Buffer.from(oggOpus(packets));
}

/** The same with what Discord shows of it before it is heard. */
export async function voiceMessageOf(packets: readonly Uint8Array[]): Promise<VoiceMessage> {
  return { ...(await voiceMessageFacts(packets)), ogg: soundFile(packets) };
}
