import { numberedPacket, xorshift } from './numbered-packets.ts';
import type { OggShape } from './ogg-shape.ts';
import { OggOpusWriter } from './ogg-writer.ts';

/** Where the checksum stands in a page header (RFC 3533 section 6). */
const CRC_OFFSET = 22;
/** The encoder keeps this much back until it is drained by `stop`. */
const HELD_BACK = 2;
/** `continuePackets`: long enough for a whole segment of 255 before the page's end. */
const LONG_PACKET_PADDING = 500;
/** `splitEvents: 'random'`: an event is at most this long. */
const MOST_SPLIT_BYTES = 700;

/** The bytes of one `audio` event, and the packets whose last byte is in it. */
export interface AudioEvent {
  readonly bytes: Buffer;
  readonly packets: readonly Buffer[];
}

/**
 * Packets into the audio events of one session, as Fish shapes them: the first event carries the header pages
 * and a page, each later one a page, and the last, at `stop`, two packets and the end of the stream.
 */
export class AudioEvents {
  readonly #shape: OggShape;
  readonly #perEvent: number;
  readonly #channels: 1 | 2;
  #writer: OggOpusWriter;
  #waiting: Buffer[] = [];
  #headDue = true;
  #pages = 0;
  #random: number;

  constructor(shape: OggShape, packetsPerEvent: number) {
    this.#shape = shape;
    this.#perEvent = packetsPerEvent;
    this.#channels = shape.packet === 'stereo' ? 2 : 1;
    this.#writer = new OggOpusWriter({ channels: this.#channels });
    this.#random = shape.seed || 1;
  }

  /** The events that are due once `packets` of one text are there. */
  text(packets: readonly Buffer[]): AudioEvent[] {
    this.#waiting.push(...packets);
    return this.#shape.chainPerFlush ? this.#stream(true) : this.#stream(false);
  }

  /** The last events: what was held back, and the end of the stream. */
  end(): AudioEvent[] {
    if (this.#waiting.length === 0 && this.#headDue) return [];
    return this.#stream(true);
  }

  #stream(last: boolean): AudioEvent[] {
    const keep = last ? 0 : Math.min(HELD_BACK, this.#waiting.length);
    const due = this.#waiting.splice(0, this.#waiting.length - keep);
    const groups: Buffer[][] = [];
    for (let at = 0; at < due.length; at += this.#perEvent) groups.push(due.slice(at, at + this.#perEvent));
    if (last && due.length > HELD_BACK && groups.length > 0) {
      // The drain gives its two packets on a page of their own.
      const tail = due.slice(-HELD_BACK);
      const body = due.slice(0, -HELD_BACK);
      groups.length = 0;
      for (let at = 0; at < body.length; at += this.#perEvent)
        groups.push(body.slice(at, at + this.#perEvent));
      groups.push(tail);
    }
    const pages = groups.flatMap((group, index) => this.#page(group, last && index === groups.length - 1));
    if (last && this.#shape.chainPerFlush) {
      this.#writer = new OggOpusWriter({ channels: this.#channels });
      this.#headDue = true;
    }
    return this.#cut(pages, last);
  }

  /** A page, and before the first one its headers: with it, or apart. */
  #page(packets: Buffer[], last: boolean): AudioEvent[] {
    const { eos, continuePackets, badCrcAtPage, headersApart } = this.#shape;
    const head = this.#headDue ? this.#writer.head() : null;
    this.#headDue = false;
    const page = this.#writer.page(packets, { eos: eos && last, continueLast: continuePackets && !last });
    if (head) this.#pages += 2;
    if (badCrcAtPage === this.#pages) page[CRC_OFFSET] = (page[CRC_OFFSET] ?? 0) ^ 0xff;
    this.#pages += 1;
    if (!head) return [{ bytes: page, packets }];
    if (headersApart)
      return [
        { bytes: head, packets: [] },
        { bytes: page, packets },
      ];
    return [{ bytes: Buffer.concat([head, page]), packets }];
  }

  /** Pages to events: one each, or as the shape wants it. */
  #cut(pages: readonly AudioEvent[], last: boolean): AudioEvent[] {
    const { pagesPerEvent, splitEvents, truncateTail } = this.#shape;
    const events: AudioEvent[] = [];
    for (let at = 0; at < pages.length; at += pagesPerEvent) {
      const group = pages.slice(at, at + pagesPerEvent);
      events.push({
        bytes: Buffer.concat(group.map(each => each.bytes)),
        packets: group.flatMap(each => each.packets),
      });
    }
    const final = events.pop();
    if (final)
      events.push(
        last && truncateTail > 0 ? { ...final, bytes: final.bytes.subarray(0, -truncateTail) } : final,
      );
    return splitEvents === undefined ? events : events.flatMap(event => this.#split(event));
  }

  /** One event as many small ones; the packets count with the last. */
  #split({ bytes, packets }: AudioEvent): AudioEvent[] {
    const parts: AudioEvent[] = [];
    for (let at = 0; at < bytes.length; ) {
      this.#random = xorshift(this.#random);
      const size = this.#shape.splitEvents === 'byte' ? 1 : 1 + ((this.#random >>> 0) % MOST_SPLIT_BYTES);
      const end = Math.min(bytes.length, at + size);
      parts.push({ bytes: bytes.subarray(at, end), packets: end === bytes.length ? packets : [] });
      at = end;
    }
    return parts;
  }
}

/** The packets that stand for `text` where nobody listens: told apart by text and index. */
export function numberedPackets(text: string, count: number, shape: OggShape, saturated: boolean): Buffer[] {
  return Array.from({ length: count }, (_, index) => {
    const packet = numberedPacket(text, index, shape.packet, saturated);
    return shape.continuePackets ? Buffer.concat([packet, Buffer.alloc(LONG_PACKET_PADDING, index)]) : packet;
  });
}
