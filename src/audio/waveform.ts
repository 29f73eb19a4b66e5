import { PRE_SKIP_SAMPLES, samplesOf } from './ogg/writer.ts';
import { MonoDecoder, SAMPLE_RATE_HZ } from './opus/decode.ts';
import { Slices } from './slices.ts';

// A voice message in a Discord chat shows its length and a drawing of its loudness, which the sender has to give. Both
// are computed here, for the messages that the bot makes.

/** Discord draws no more bars than this. */
const MAX_BARS = 256;
const BARS_A_SECOND = 10;
const LOUDEST = 255;
/**
 * A message that is nowhere louder than this (-36 dBFS) is drawn with low bars; a louder one reaches the full height.
 */
const FULL_HEIGHT_RMS = 512;

/** What Discord wants to know about a voice message besides its file. */
export interface VoiceMessageFacts {
  /** How many seconds the file plays that `oggOpus` makes of the same packets. */
  readonly durationSecs: number;
  /** Base64 of 1 to 256 bytes, one for each bar of the drawing; 0 is silence and 255 is loudest. */
  readonly waveform: string;
}

/**
 * Finds the length and the waveform of a voice message that is made of these packets. It decodes them in slices of a
 * few milliseconds, about 0.1 s in all for 30 s of speech. Rejects with `PacketError` if a packet is no valid Opus
 * packet, or with the signal's reason.
 */
export async function voiceMessageFacts(
  packets: readonly Uint8Array[],
  { signal }: { signal?: AbortSignal } = {},
): Promise<VoiceMessageFacts> {
  const total = packets.reduce((sum, packet) => sum + samplesOf(packet), 0);
  const skip = Math.min(PRE_SKIP_SAMPLES, total);
  const bars = new Bars(total - skip);
  const decoder = new MonoDecoder();
  const slices = new Slices(signal);
  let left = skip;
  for (const packet of packets) {
    await slices.rest();
    const samples = decoder.decode(packet);
    bars.add(samples.subarray(left));
    left = Math.max(0, left - samples.length);
  }
  return { durationSecs: (total - skip) / SAMPLE_RATE_HZ, waveform: bars.encoded() };
}

/** Gathers samples into bars of equal length. The height of a bar is the root mean square of its samples. */
class Bars {
  readonly #energy: Float64Array;
  readonly #barSamples: number;
  #at = 0;

  constructor(total: number) {
    const wanted = Math.round((total / SAMPLE_RATE_HZ) * BARS_A_SECOND);
    this.#energy = new Float64Array(Math.max(1, Math.min(MAX_BARS, wanted)));
    this.#barSamples = Math.max(1, total / this.#energy.length);
  }

  add(samples: Int16Array): void {
    const last = this.#energy.length - 1;
    for (const sample of samples) {
      const bar = Math.min(last, Math.floor(this.#at / this.#barSamples));
      this.#energy[bar]! += sample * sample;
      this.#at += 1;
    }
  }

  encoded(): string {
    const heights = this.#energy.map(energy => Math.sqrt(energy / this.#barSamples));
    const full = Math.max(FULL_HEIGHT_RMS, ...heights);
    return Buffer.from(Uint8Array.from(heights, height => Math.round((height / full) * LOUDEST))).toString(
      'base64',
    );
  }
}
