import { hasHeader, mayBePage, OggPage } from '../ogg/page.ts';
import { isPlayableHead } from '../opus/header.ts';
import { samplesOf } from '../ogg/writer.ts';
import { PacketReader } from '../ogg/packet-reader.ts';
import { RecordingError } from './error.ts';

const PRE_SKIP_AT = 10;
const GRANULE_AT = 6;

/** One page's worth of a recording. */
export interface OggPart {
  readonly packets: readonly Uint8Array[];
  /** Samples at 48 kHz, the first `skip` of them not to be heard, nor the last `trim`. */
  readonly samples: number;
  readonly skip: number;
  readonly trim: number;
}

/**
 * The audio of a file that is one Ogg Opus stream from the first byte to the last, a page a step. Lengths are
 * counted from the packets themselves: a page may claim any position. Throws `RecordingError`: `damaged` at the
 * first page that is not as it should be, `unsupported` for several streams and for surround sound.
 */
export function* oggParts(bytes: Uint8Array): Generator<OggPart> {
  const reader = new PacketReader();
  const head = readPage(bytes, 0);
  const headPacket = bytes.subarray(head.body, head.end);
  if (!head.first || headPacket.length <= PRE_SKIP_AT + 1) throw new RecordingError('damaged');
  if (!isPlayableHead(headPacket)) throw new RecordingError('unsupported', 'Ogg of this kind');
  let skip = headPacket[PRE_SKIP_AT]! | (headPacket[PRE_SKIP_AT + 1]! << 8);
  let total = 0;
  let page = head;
  while (page.end < bytes.length) {
    const next = readPage(bytes, page.end);
    if (next.serial !== head.serial) throw new RecordingError('unsupported', 'Ogg of several streams');
    const follows = next.sequence === ((page.sequence + 1) | 0) && next.continued === reader.unfinished;
    // Empty pages cost time and hold nothing; one may end the stream.
    const empty = next.empty && !next.last;
    if (!follows || next.first || page.last || empty) throw new RecordingError('damaged');
    reader.read(next, false);
    if (reader.dropped > 0) throw new RecordingError('damaged');
    const packets = reader.take();
    const samples = packets.reduce((sum, packet) => sum + samplesOf(packet), 0);
    const skipped = Math.min(skip, samples);
    skip -= skipped;
    total += samples;
    yield { packets, samples, skip: skipped, trim: trimmed(next, total, samples - skipped) };
    page = next;
  }
  if (reader.unfinished) throw new RecordingError('damaged');
}

/** The page that begins just here, whole and sound. */
function readPage(bytes: Uint8Array, at: number): OggPage {
  if (!mayBePage(bytes, at) || !hasHeader(bytes, at)) throw new RecordingError('damaged');
  const page = new OggPage(bytes, at, 0);
  if (!page.sound) throw new RecordingError('damaged');
  return page;
}

/** How much of its end the last page leaves out (RFC 7845 §4.4): a part of that page, or it is not believed. */
function trimmed(page: OggPage, total: number, most: number): number {
  if (!page.last) return 0;
  const granule = new DataView(page.bytes.buffer, page.bytes.byteOffset + page.start).getBigInt64(
    GRANULE_AT,
    true,
  );
  const trim = total - Number(granule);
  return trim > 0 && trim <= most ? trim : 0;
}
