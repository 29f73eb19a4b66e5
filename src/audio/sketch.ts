import { MonoDecoder } from './opus/decode.ts';
import { PacketError } from './opus/packet.ts';
import { bandEnergies } from './spectrum.ts';

// Decodes packets only as far as it takes to know how loud they are, in all and by frequency. Whatever compares sounds
// or looks for silence begins with that: `loudness.ts`, `pauses.ts`, `long-silence.ts`.

/** How loud 20 ms of sound are. All numbers are in dB. */
export interface Sketch {
  /** How loud all 20 ms are. */
  readonly loudness: number;
  /** How loud each of the four quarters of 5 ms is. */
  readonly quarters: readonly number[];
  /** How loud each frequency band is, lowest first (see `bandEnergies`). */
  readonly bands: readonly number[];
}

/** This sample rate is enough to compare speech, and decoding to it is faster than to 48 kHz. */
const RATE_HZ = 16_000;
const QUARTERS = 4;
/** This energy is added to each, so that digital silence is -30 dB and not minus infinity. */
const LEAST_ENERGY = 1e-3;

/** Measures how loud the packets of one stream are. They have to come in order; each takes about 50 µs. */
export class Sketcher {
  readonly #decoder = new MonoDecoder(RATE_HZ);

  /** Measures a packet of 20 ms; null if it cannot be decoded. */
  sketch(packet: Uint8Array): Sketch | null {
    const samples = this.#decoded(packet);
    if (!samples) return null;
    const quarters = Array.from({ length: QUARTERS }, (_, quarter) => {
      const length = samples.length / QUARTERS;
      let energy = 0;
      for (let i = quarter * length; i < (quarter + 1) * length; i++) energy += samples[i]! ** 2;
      return energy / length;
    });
    return {
      loudness: decibels(quarters.reduce((sum, energy) => sum + energy, 0) / QUARTERS),
      quarters: quarters.map(decibels),
      bands: Array.from(bandEnergies(samples), decibels),
    };
  }

  #decoded(packet: Uint8Array): Int16Array | undefined {
    try {
      return this.#decoder.decode(packet);
    } catch (error) {
      if (error instanceof PacketError) return undefined;
      throw error;
    }
  }
}

function decibels(energy: number): number {
  return 10 * Math.log10(energy + LEAST_ENERGY);
}
