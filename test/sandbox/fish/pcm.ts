import type { SpokenWord } from './rendition.ts';

/** Mono sound, 16 bits a sample. */
export interface Pcm {
  /** Hz. */
  readonly rate: number;
  readonly samples: Int16Array;
}

/** Sound in which it is known where the words are, in samples. */
export interface Spoken extends Pcm {
  readonly words: readonly SpokenWord[];
}

const INT16_MAX = 32_767;
/** Zero crossings of the filter on each side: more is sharper and slower. */
const HALF_WIDTH = 8;

/** Samples as they stand in a file: little-endian. */
export function pcmBytes(samples: Int16Array): Buffer {
  const bytes = Buffer.alloc(samples.length * 2);
  for (let i = 0; i < samples.length; i += 1) bytes.writeInt16LE(samples[i]!, i * 2);
  return bytes;
}

/** The sound at another rate, through a windowed sinc filter (one set of taps for each phase). */
export function resample({ rate, samples }: Pcm, to: number): Int16Array {
  if (rate === to) return samples;
  const divisor = gcd(rate, to);
  const [up, down] = [to / divisor, rate / divisor];
  // Downwards, what the new rate cannot carry is filtered off: the filter is wider by as much.
  const cutoff = Math.min(1, to / rate);
  const reach = Math.ceil(HALF_WIDTH / cutoff);
  const phases = Array.from({ length: up }, (_, phase) =>
    Float64Array.from({ length: 2 * reach }, (_, tap) => windowedSinc(tap - reach + 1 - phase / up, cutoff)),
  );
  // The innermost loops of all speech in the sandbox: written so that nothing is allocated in them.
  const resampled = new Int16Array(Math.floor((samples.length * up) / down));
  for (let i = 0; i < resampled.length; i += 1) {
    const from = Math.floor((i * down) / up) - reach + 1;
    const weights = phases[(i * down) % up]!;
    let sum = 0;
    for (let tap = 0; tap < weights.length; tap += 1) sum += weights[tap]! * (samples[from + tap] ?? 0);
    resampled[i] = clamp(sum);
  }
  return resampled;
}

export function amplify(samples: Int16Array, decibels: number): Int16Array {
  const gain = 10 ** (decibels / 20);
  return decibels === 0 ? samples : samples.map(sample => clamp(sample * gain));
}

function clamp(value: number): number {
  return Math.max(-INT16_MAX, Math.min(INT16_MAX, Math.round(value)));
}

function windowedSinc(x: number, cutoff: number): number {
  const width = HALF_WIDTH / cutoff;
  if (Math.abs(x) >= width) return 0;
  const angle = Math.PI * x * cutoff;
  const hann = (1 + Math.cos((Math.PI * x) / width)) / 2;
  return cutoff * hann * (x === 0 ? 1 : Math.sin(angle) / angle);
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
