import { type OggCounts, OggOpusDemuxer } from '../ogg/demuxer.ts';
import { PacketError, split20 } from './packet.ts';
import { Recoder } from './recode.ts';

/** How the Ogg stream ended; `counts.dropped` includes packets the decoder refused. */
export interface OggEnd {
  readonly complete: boolean;
  readonly counts: Readonly<OggCounts>;
}

/**
 * Ogg Opus bytes, cut up in any way, to Opus packets of exactly 20 ms each, as soon as their bytes are in.
 * Packets of 20 ms pass byte for byte. Longer ones are cut by their bytes; those that cannot be, and shorter ones,
 * are recoded. What is not Opus is left out and counted.
 *
 * `onEnd` is called once, however it ends: by its source, by an error of its source, or by its reader.
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

/** Any Opus packets to packets of 20 ms, in order. */
class Retimer {
  /** Packets the decoder did not take. */
  refused = 0;
  readonly #recoder = new Recoder();
  /** Samples may wait in the recoder; they go before any packet that does not pass through it. */
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
