import { OggOpusDemuxer } from '../../src/audio/ogg/demuxer.ts';
import { packetSamples } from '../../src/audio/opus/packet.ts';
import { concat, seal, streamPages } from '../audio/pages.ts';
import type { Random } from '../support/random.ts';
import { type FuzzTarget, holds } from './target.ts';

/** Where something strikes: a share, 0 to 1, of the bytes or pages there are. */
interface At {
  readonly at: number;
}

/** Pages that are whole and sealed, but not those that were written. */
type PageDamage = At &
  (
    | { part: 'lose-page' }
    | { part: 'repeat-page' }
    | { part: 'swap-pages' }
    /** A byte is another, and the CRC is right again; a negative offset counts from the page's end. */
    | { part: 'reseal'; offset: number; value: number }
  );

/** Bytes that are not those that were sent. */
type ByteDamage = At &
  (
    | { part: 'flip'; bit: number }
    | { part: 'lose'; length: number }
    | { part: 'insert'; bytes: Uint8Array }
    | { part: 'cut-off' }
  );

type OggPart =
  | { part: 'stream'; serial: number; segments: number; tagsPadding: number }
  | { part: 'packet'; bytes: Uint8Array }
  | PageDamage
  | ByteDamage
  /** The sizes of the pieces in which the bytes come, in turn. */
  | { part: 'pieces'; sizes: readonly number[] };

interface Stream {
  readonly pages: Uint8Array[];
  readonly packets: Uint8Array[];
}

const PLAIN_STREAM = { serial: 1, segments: 255, tagsPadding: 0 };
const LAYOUTS = [1, 2, 3, 7, 50, 255];
const CAPTURE = new TextEncoder().encode('OggS\0');
const MOST_PACKETS = 8;
/** Flags, granule, serial, sequence (RFC 3533 §6) and the end of the body, but not the lacing table. */
const RESEALED = [5, 5, 6, 14, 18, -1];

/** Ogg Opus of any packets, laid out and cut up in any way, and damaged in any way. */
export const oggTarget: FuzzTarget<OggPart> = {
  name: 'ogg',
  make(random) {
    const streams = random.list(random.chance(0.2) ? random.whole(2, 3) : 1, index => [
      {
        part: 'stream' as const,
        serial: random.chance(0.1) ? 1 : index + 1,
        segments: random.pick(LAYOUTS),
        tagsPadding: random.pick([0, 0, 0, 300, 2_000]),
      },
      ...random.list(random.whole(0, MOST_PACKETS), () => ({
        part: 'packet' as const,
        bytes: packetOf(random),
      })),
    ]);
    const damages = random.chance(0.2) ? 0 : random.chance(0.3) ? 1 : random.whole(1, 6);
    return [...streams.flat(), ...random.list(damages, () => damageOf(random)), piecesOf(random)];
  },

  check(parts) {
    const streams = streamsOf(parts);
    const pages = damagedPages(
      streams.flatMap(({ pages: own }) => own),
      parts.filter(isPageDamage),
    );
    const damages = parts.filter(isByteDamage);
    const bytes = damagedBytes(concat(pages), damages);
    const sizes = parts.find(({ part }) => part === 'pieces');
    const heard = demuxed(bytes, sizes?.part === 'pieces' ? sizes.sizes : [bytes.length || 1]);
    checkBounds(heard, { mostBytes: damages.length === 0 ? bytes.length : 2 * bytes.length });
    if (damages.length === 0)
      holds(
        sameBytes(heard.packets, demuxed(bytes, [bytes.length || 1]).packets),
        'any pieces, same packets',
      );
    const written = streams.flatMap(({ packets }) => packets);
    const untouched = damages.length === 0 && !parts.some(isPageDamage) && serialsDiffer(parts);
    if (untouched) {
      holds(sameBytes(heard.packets, written), 'what is written is heard');
      holds(heard.counts.dropped + heard.counts.badCrc + heard.counts.resyncs === 0, 'nothing was damaged');
    }
    const [flip, another] = damages;
    if (flip?.part === 'flip' && !another && streams.length === 1 && !parts.some(isPageDamage))
      holds(survives(heard.packets, streams[0]!, flip.at), 'a bit that flips costs one page');
  },

  show: parts =>
    JSON.stringify(parts, (_key, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
    ),
};

function packetOf(random: Random): Uint8Array {
  const length = random.chance(0.1) ? random.pick([254, 255, 256, 510, 1_275]) : random.whole(1, 90);
  const bytes = random.bytes(length);
  bytes[0] = random.whole(0, 31) << 3; // one frame, of any coding and duration
  return bytes;
}

function damageOf(random: Random): PageDamage | ByteDamage {
  const at = random.fraction();
  const part = random.weighted({
    flip: 5,
    lose: 2,
    insert: 2,
    'cut-off': 1,
    'lose-page': 2,
    'repeat-page': 1,
    'swap-pages': 1,
    reseal: 4,
  });
  switch (part) {
    case 'flip':
      return { part, at, bit: random.whole(0, 7) };
    case 'lose':
      return { part, at, length: random.pick([1, 4, 27, 100]) };
    case 'insert':
      return { part, at, bytes: random.chance(0.5) ? random.bytes(random.whole(1, 60)) : falsePage(random) };
    case 'reseal':
      return { part, at, offset: random.pick(RESEALED), value: random.whole(0, 255) };
    case 'cut-off':
    case 'lose-page':
    case 'repeat-page':
    case 'swap-pages':
      return { part, at };
  }
}

/** Bytes that look like the beginning of a page. */
function falsePage(random: Random): Uint8Array {
  return concat([CAPTURE, random.bytes(random.whole(0, 40))]);
}

function piecesOf(random: Random): OggPart {
  const sizes = random.list(random.whole(1, 5), () => random.pick([1, 3, 26, 27, 60, 500, 5_000]));
  return { part: 'pieces', sizes };
}

/** The parts as streams; packets without one are in a plain one. */
function streamsOf(parts: readonly OggPart[]): Stream[] {
  const open: { head: typeof PLAIN_STREAM; packets: Uint8Array[] }[] = [];
  for (const part of parts) {
    if (part.part === 'stream') open.push({ head: part, packets: [] });
    if (part.part !== 'packet') continue;
    if (open.length === 0) open.push({ head: PLAIN_STREAM, packets: [] });
    open.at(-1)?.packets.push(part.bytes);
  }
  return open.map(({ head, packets }) => ({ pages: streamPages(packets, head), packets }));
}

function serialsDiffer(parts: readonly OggPart[]): boolean {
  const serials = parts.flatMap(part => (part.part === 'stream' ? [part.serial] : []));
  return new Set(serials).size === serials.length;
}

const isPageDamage = (part: OggPart): part is PageDamage =>
  part.part === 'lose-page' ||
  part.part === 'repeat-page' ||
  part.part === 'swap-pages' ||
  part.part === 'reseal';

const isByteDamage = (part: OggPart): part is ByteDamage =>
  part.part === 'flip' || part.part === 'lose' || part.part === 'insert' || part.part === 'cut-off';

function damagedPages(written: readonly Uint8Array[], damages: readonly PageDamage[]): Uint8Array[] {
  const pages = [...written];
  for (const damage of damages) {
    const at = Math.floor(damage.at * pages.length);
    const page = pages[at];
    if (!page) continue;
    if (damage.part === 'lose-page') pages.splice(at, 1);
    else if (damage.part === 'repeat-page') pages.splice(at, 0, page);
    else if (damage.part === 'swap-pages') pages.splice(at, 2, ...pages.slice(at, at + 2).toReversed());
    else {
      const hasBody = page.length > 27 + page[26]!;
      if (damage.offset >= 0 || hasBody) pages[at] = seal(page.with(damage.offset, damage.value));
    }
  }
  return pages;
}

function damagedBytes(sent: Uint8Array, damages: readonly ByteDamage[]): Uint8Array {
  let bytes = sent;
  for (const damage of damages) {
    const at = Math.floor(damage.at * bytes.length);
    if (damage.part === 'flip') {
      bytes = bytes.slice();
      if (bytes.length > 0) bytes[at]! ^= 1 << damage.bit;
    } else if (damage.part === 'lose')
      bytes = concat([bytes.subarray(0, at), bytes.subarray(at + damage.length)]);
    else if (damage.part === 'insert')
      bytes = concat([bytes.subarray(0, at), damage.bytes, bytes.subarray(at)]);
    else bytes = bytes.slice(0, at);
  }
  return bytes;
}

function demuxed(bytes: Uint8Array, sizes: readonly number[]) {
  const demuxer = new OggOpusDemuxer();
  const packets: Uint8Array[] = [];
  for (let at = 0, piece = 0; at < bytes.length; piece += 1) {
    const size = sizes[piece % sizes.length] ?? 1;
    packets.push(...demuxer.push(bytes.slice(at, at + size)));
    at += size;
  }
  packets.push(...demuxer.end());
  return { packets, counts: demuxer.counts, complete: demuxer.complete };
}

/**
 * Where bytes are damaged, each may be heard twice: in a page that is given out as it comes, before its CRC proves
 * wrong, and in a page that is found when the inside of that one is searched.
 */
function checkBounds(
  { packets, counts }: ReturnType<typeof demuxed>,
  { mostBytes }: { readonly mostBytes: number },
): void {
  const out = packets.reduce((sum, { length }) => sum + length, 0);
  holds(out <= mostBytes, 'no more comes out than went in');
  holds(counts.packets === packets.length, 'packets are counted');
  for (const packet of packets) {
    holds(packetSamples(packet) !== null, 'each packet is valid Opus');
    holds(packet[0] !== 0x4f || packet[1] !== 0x70, 'no header is heard');
  }
}

/** Whether all packets are heard, in order, that lie on other pages than the one at `share` of the bytes. */
function survives(heard: readonly Uint8Array[], { pages, packets }: Stream, share: number): boolean {
  const ends = pages.map((_, index) => concat(pages.slice(0, index + 1)).length);
  const struck = ends.findIndex(end => Math.floor(share * (ends.at(-1) ?? 0)) < end);
  const spared = packets.filter((_, index) => !pagesOf(index, pages).includes(struck));
  let at = 0;
  for (const packet of heard) if (spared[at] && sameBytes([packet], [spared[at]!])) at += 1;
  return at === spared.length;
}

/** The pages that packet number `wanted` has bytes on; the two headers are packets as well. */
function pagesOf(wanted: number, pages: readonly Uint8Array[]): number[] {
  const found: number[] = [];
  let packet = -2;
  for (const [index, page] of pages.entries())
    for (const lacing of page.subarray(27, 27 + page[26]!)) {
      if (packet === wanted && found.at(-1) !== index) found.push(index);
      if (lacing < 255) packet += 1;
    }
  return found;
}

function sameBytes(some: readonly Uint8Array[], others: readonly Uint8Array[]): boolean {
  return (
    some.length === others.length && some.every((one, index) => Buffer.compare(one, others[index]!) === 0)
  );
}
