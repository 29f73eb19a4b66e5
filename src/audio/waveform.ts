import { MonoDecoder, SAMPLE_RATE_HZ } from './opus/decode.ts';
import { PRE_SKIP_SAMPLES, samplesOf } from './ogg/writer.ts';
import { Slices } from './slices.ts';

/** Discord draws no more bars than this. */
const MAX_BARS = 256;
const BARS_A_SECOND = 10;
const LOUDEST = 255;
/** What is quieter than this all the way (-36 dBFS) is drawn quiet, not blown up to full height. */
const FULL_HEIGHT_RMS = 512;

/** What Discord wants to know of a voice message beside its file. */
export interface VoiceMessageFacts {
  /** How long the file plays that `oggOpus` makes of the same packets. */
  readonly durationSecs: number;
  /** Base64 of one byte a bar, 1 to 256 bars of equal length: 0 is silence, 255 the loudest. */
  readonly waveform: string;
}

/**
 * The facts of a voice message of these packets, which are only decoded, in slices of a few milliseconds: about
 * 0.1 s in all for 30 s of speech. Rejects with `PacketError` where one is no valid Opus packet, and with the
 * signal's reason.
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

/** Samples gathered into bars of equal length, each as high as its root mean square. */
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
