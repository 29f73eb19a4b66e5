import { MonoDecoder } from './opus/decode.ts';
import { PacketError } from './opus/packet.ts';
import { bandEnergies } from './spectrum.ts';

/** How loud 20 ms of sound are, all in dB. */
export interface Sketch {
  readonly loudness: number;
  /** The four quarters of 5 ms. */
  readonly quarters: readonly number[];
  /** See `bandEnergies`. */
  readonly bands: readonly number[];
}

/** What speech needs; and a decoder that gives no more is faster. */
const RATE_HZ = 16_000;
const QUARTERS = 4;
/** Digital silence has this energy: -30 dB. */
const LEAST_ENERGY = 1e-3;

/** Sketches the packets of one stream, one after another: about 50 µs each. */
export class Sketcher {
  readonly #decoder = new MonoDecoder(RATE_HZ);

  /** Null for a packet that does not decode. `packet` has 20 ms. */
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
