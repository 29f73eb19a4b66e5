import { PacketReader } from '../ogg/packet-reader.ts';
import { hasHeader, mayBePage, OggPage } from '../ogg/page.ts';
import { samplesOf } from '../ogg/writer.ts';
import { isPlayableHead } from '../opus/header.ts';
import { RecordingError } from './error.ts';

// Reads an Ogg Opus file that somebody uploaded, such as a Discord voice message. Unlike `../ogg/demuxer.ts`, which
// plays what it can of a live stream, it refuses a file at the first fault.

const PRE_SKIP_AT = 10;
const GRANULE_AT = 6;

/** The audio of one page of a recording. Samples are counted at 48 kHz. */
export interface OggPart {
  readonly packets: readonly Uint8Array[];
  /** How many samples the packets have. */
  readonly samples: number;
  /** How many of the first samples are not to be heard. */
  readonly skip: number;
  /** How many of the last samples are not to be heard. */
  readonly trim: number;
}

/**
 * Reads the audio of a file that is one Ogg Opus stream from the first byte to the last, one page a step. Lengths are
 * counted from the packets, because a page may claim any position. Throws `RecordingError`: `damaged` at the first page
 * that is wrong, `unsupported` for several streams and for surround sound.
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
    // Empty pages hold nothing and cost time, so they are refused; only the last page may be empty.
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

/** Reads the page that begins at `at`. Throws `RecordingError` if it is not whole or its CRC is wrong. */
function readPage(bytes: Uint8Array, at: number): OggPage {
  if (!mayBePage(bytes, at) || !hasHeader(bytes, at)) throw new RecordingError('damaged');
  const page = new OggPage(bytes, at, 0);
  if (!page.sound) throw new RecordingError('damaged');
  return page;
}

/**
 * How many samples at the end are not to be heard, as the last page says (RFC 7845 §4.4). If it says more than the page
 * has (`most`), that is not believed.
 */
function trimmed(page: OggPage, total: number, most: number): number {
  if (!page.last) return 0;
  const granule = new DataView(page.bytes.buffer, page.bytes.byteOffset + page.start).getBigInt64(
    GRANULE_AT,
    true,
  );
  const trim = total - Number(granule);
  return trim > 0 && trim <= most ? trim : 0;
}
