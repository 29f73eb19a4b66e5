import type { AudioPiece, AudioTrack } from './audio-track.ts';
import { xorshift } from './numbered-packets.ts';
import type { OggShape } from './ogg-shape.ts';
import { OggOpusWriter } from './ogg-writer.ts';
import { packetSamples } from './opus-toc.ts';
import type { PacketSource } from './packet-source.ts';
import type { SpokenWord } from './rendition.ts';

/** Where the checksum stands in a page, and how long the OpusHead page is. */
const CRC_OFFSET = 22;
const HEAD_PAGE_BYTES = 47;
const HEADER_PAGES = 2;
/** `splitEvents: 'random'`: a part is at most this long. */
const MOST_SPLIT_BYTES = 700;
const SAMPLES_PER_MS = 48;
/** A packet shorter than one full segment cannot go on in the next page. */
const FULL_SEGMENT = 255;
const SILENCE = Buffer.of(0xf8, 0xff, 0xfe);
const SILENCES_PER_SECOND = 50;

export interface OpusTrackOptions {
  source: PacketSource;
  shape: OggShape;
  packetsPerEvent: number;
  /** Each text is spoken this many times. */
  repeat: number;
  silenceSeconds: number;
  /** A page, and its event, ends with this packet of the session, so that a fault can strike there. */
  pageEndsAfter?: number | undefined;
  /** Told of each word, in packets of the session, before its sound is sent. */
  onWord: (word: SpokenWord) => void;
}

/**
 * Ogg Opus as Fish cuts it: the first event carries the header pages and a page, each later one a page, and the
 * last, at `stop`, two packets and the end of the stream.
 */
export class OpusTrack implements AudioTrack {
  readonly #options: OpusTrackOptions;
  #writer: OggOpusWriter | undefined;
  /** Packets so far: put in groups, laid in pages, and ended in events. */
  #grouped = 0;
  #laid = 0;
  #ended = 0;
  #pages = 0;
  #random: number;
  /** The packet that the last page left unfinished. */
  #open: Buffer[] = [];
  /** Silent packets that come before the first word: those to be sent yet, and all of them. */
  #silences: number;
  readonly #silent: number;

  constructor(options: OpusTrackOptions) {
    this.#options = options;
    this.#random = options.shape.seed || 1;
    this.#silent = Math.round(options.silenceSeconds * SILENCES_PER_SECOND);
    this.#silences = this.#silent;
  }

  async speak(text: string): Promise<AudioPiece[]> {
    const { source, repeat, onWord } = this.#options;
    const packets = Array.from<Buffer>({ length: this.#silences }).fill(SILENCE);
    this.#silences = 0;
    for (let i = 0; i < repeat; i++) {
      const spoken = await source.speak(text);
      packets.push(...spoken.packets);
      for (const word of spoken.words)
        onWord({ text: word.text, from: word.from + this.#silent, to: word.to + this.#silent });
    }
    const pages = this.#groups(packets).flatMap(group => this.#page(group));
    if (this.#options.shape.chainPerFlush) pages.push(...this.#lastPage());
    return this.#cut(pages);
  }

  drain(): AudioPiece[] {
    const pieces = this.#cut(this.#lastPage());
    const last = pieces.pop();
    const { truncateTail } = this.#options.shape;
    if (!last || truncateTail <= 0) return last ? [...pieces, last] : pieces;
    return [...pieces, { ...last, bytes: last.bytes.subarray(0, -truncateTail), packets: [] }];
  }

  #groups(packets: Buffer[]): Buffer[][] {
    const groups: Buffer[][] = [];
    const { packetsPerEvent, pageEndsAfter = Number.POSITIVE_INFINITY } = this.#options;
    for (let at = 0; at < packets.length; ) {
      const left = pageEndsAfter - this.#grouped;
      const size = Math.min(packetsPerEvent, packets.length - at, left > 0 ? left : packetsPerEvent);
      groups.push(packets.slice(at, at + size));
      this.#grouped += size;
      at += size;
    }
    return groups;
  }

  /** The end of the logical stream; nothing if it never began. */
  #lastPage(): AudioPiece[] {
    const { packets, endTrim } = this.#options.source.drain();
    if (packets.length === 0 && !this.#writer) return [];
    const groups = this.#groups(packets);
    const last = groups.pop() ?? [];
    const pages = [...groups.flatMap(group => this.#page(group)), ...this.#page(last, endTrim)];
    this.#writer = undefined;
    return pages;
  }

  /** A page and, with the first one or apart from it, the header pages. `endTrim` is for the last one. */
  #page(packets: Buffer[], endTrim?: number): AudioPiece[] {
    const { eos, continuePackets, badCrcAtPage, headersApart, packet } = this.#options.shape;
    const pieces: AudioPiece[] = [];
    if (!this.#writer) {
      this.#writer = new OggOpusWriter({ channels: packet === 'stereo' ? 2 : 1 });
      const head = this.#writer.head();
      if (badCrcAtPage === this.#pages) spoil(head);
      if (badCrcAtPage === this.#pages + 1) spoil(head.subarray(HEAD_PAGE_BYTES));
      this.#pages += HEADER_PAGES;
      pieces.push({ bytes: head, packets: [], ms: 0, sequel: false });
    }
    const ends = endTrim !== undefined;
    this.#laid += packets.length;
    const whole = ends || this.#laid === this.#options.pageEndsAfter;
    const continueLast = continuePackets && !whole && (packets.at(-1)?.length ?? 0) >= FULL_SEGMENT;
    const bytes = this.#writer.page(packets, { eos: eos && ends, endTrim: endTrim ?? 0, continueLast });
    if (badCrcAtPage === this.#pages) spoil(bytes);
    this.#pages += 1;
    const complete = [...this.#open, ...packets];
    this.#open = continueLast ? complete.splice(-1) : [];
    const samples = complete.reduce((sum, each) => sum + packetSamples(each), 0);
    pieces.push({ bytes, packets: complete, ms: samples / SAMPLES_PER_MS, sequel: false });
    return headersApart ? pieces : [joined(pieces)];
  }

  /** Pages to events: one each, or as the shape wants it. */
  #cut(pages: readonly AudioPiece[]): AudioPiece[] {
    const { pagesPerEvent, splitEvents } = this.#options.shape;
    const events: AudioPiece[] = [];
    let group: AudioPiece[] = [];
    for (const [index, page] of pages.entries()) {
      group.push(page);
      this.#ended += page.packets.length;
      const full = group.length === pagesPerEvent || this.#ended === this.#options.pageEndsAfter;
      if (!full && index < pages.length - 1) continue;
      events.push(joined(group));
      group = [];
    }
    return splitEvents === undefined ? events : events.flatMap(event => this.#split(event));
  }

  /** One event as many; its packets count with the last of them. */
  #split({ bytes, packets, ms }: AudioPiece): AudioPiece[] {
    const parts: AudioPiece[] = [];
    for (let at = 0; at < bytes.length; ) {
      this.#random = xorshift(this.#random);
      const size =
        this.#options.shape.splitEvents === 'byte' ? 1 : 1 + ((this.#random >>> 0) % MOST_SPLIT_BYTES);
      const part = bytes.subarray(at, at + size);
      const last = at + size >= bytes.length;
      parts.push({ bytes: part, packets: last ? packets : [], ms: last ? ms : 0, sequel: at > 0 });
      at += size;
    }
    return parts;
  }
}

function spoil(page: Buffer): void {
  page[CRC_OFFSET] = page[CRC_OFFSET]! ^ 0xff;
}

function joined(pieces: readonly AudioPiece[]): AudioPiece {
  return {
    bytes: Buffer.concat(pieces.map(piece => piece.bytes)),
    packets: pieces.flatMap(piece => piece.packets),
    ms: pieces.reduce((sum, piece) => sum + piece.ms, 0),
    sequel: false,
  };
}
