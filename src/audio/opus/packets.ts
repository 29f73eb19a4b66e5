import { type OggCounts, OggOpusDemuxer } from '../ogg/demuxer.ts';
import { PacketError, split20 } from './packet.ts';
import { Recoder } from './recode.ts';

// The way from Fish Audio's bytes (Ogg) to the packets of 20 ms that Discord plays. It puts together the demuxer
// (`../ogg/demuxer.ts`), cutting (`packet.ts`) and, where cutting is not possible, decoding and encoding (`recode.ts`).

/** How the Ogg stream ended. `counts.dropped` includes the packets that the decoder refused. */
export interface OggEnd {
  readonly complete: boolean;
  readonly counts: Readonly<OggCounts>;
}

/**
 * Turns Ogg Opus bytes, cut up in any way, into Opus packets of exactly 20 ms each, as soon as their bytes are here.
 * Packets of 20 ms pass unchanged. Longer ones are cut without decoding. Shorter ones, and those that cannot be cut,
 * are decoded and encoded again. What is not Opus is left out and counted.
 */
export class OpusStream {
  readonly #demuxer = new OggOpusDemuxer();
  readonly #retimer = new Retimer();
  #ready: Uint8Array[] = [];

  /**
   * Takes bytes when they arrive, and returns how many packets of 20 ms are whole by them. Do not change the bytes
   * later.
   */
  push(bytes: Uint8Array): number {
    const before = this.#ready.length;
    for (const packet of this.#demuxer.push(bytes)) this.#ready.push(...this.#retimer.next(packet));
    return this.#ready.length - before;
  }

  /**
   * Yields the packets, and ends or throws as `arrivals` does. That has to yield something each time when bytes were
   * pushed, sooner or later. `onEnd` is called once: when the arrivals end, when they throw, or when the reader stops
   * early.
   */
  async *packets(
    arrivals: AsyncIterable<unknown>,
    options: { onEnd?: (info: OggEnd) => void } = {},
  ): AsyncGenerator<Uint8Array> {
    try {
      for await (const _ of arrivals) yield* this.#take();
      for (const packet of this.#demuxer.end()) this.#ready.push(...this.#retimer.next(packet));
      this.#ready.push(...this.#retimer.end());
      yield* this.#take();
    } finally {
      this.#demuxer.end();
      const { complete, counts } = this.#demuxer;
      options.onEnd?.({ complete, counts: { ...counts, dropped: counts.dropped + this.#retimer.refused } });
    }
  }

  #take(): Uint8Array[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }
}

/** Makes packets of 20 ms of any Opus packets, and keeps their order. */
class Retimer {
  /** How many packets the decoder refused. */
  refused = 0;
  readonly #recoder = new Recoder();
  /** Whether samples may wait in the recoder; these have to go out before a packet that is not recoded. */
  #recoding = false;

  next(packet: Uint8Array): Uint8Array[] {
    const pieces = split20(packet);
    if (pieces !== null) {
      return this.#recoding ? [...this.end(), ...pieces] : pieces;
    }
    this.#recoding = true;
    try {
      return this.#recoder.recode(packet);
    } catch (error) {
      if (!(error instanceof PacketError)) throw error;
      this.refused += 1;
      return [];
    }
  }

  end(): Uint8Array[] {
    this.#recoding = false;
    return this.#recoder.flush();
  }
}
