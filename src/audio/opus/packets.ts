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
 *
 * `onEnd` is called once: when the source ends, when it throws, or when the reader stops early.
 */
export async function* opusPackets(
  ogg: AsyncIterable<Uint8Array>,
  options: { onEnd?: (info: OggEnd) => void } = {},
): AsyncGenerator<Uint8Array> {
  const demuxer = new OggOpusDemuxer();
  const retimer = new Retimer();
  try {
    for await (const bytes of ogg) {
      for (const packet of demuxer.push(bytes)) for (const piece of retimer.next(packet)) yield piece;
    }
    for (const packet of demuxer.end()) for (const piece of retimer.next(packet)) yield piece;
    for (const piece of retimer.end()) yield piece;
  } finally {
    demuxer.end();
    const { complete, counts } = demuxer;
    options.onEnd?.({ complete, counts: { ...counts, dropped: counts.dropped + retimer.refused } });
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
