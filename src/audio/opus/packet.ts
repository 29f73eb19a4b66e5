import { frameBounds, frameSamples, writeLength } from './frames.ts';

// Reads the form of an Opus packet without decoding it: how long it plays, and how to cut it into packets of 20 ms,
// which is what Discord plays. `frames.ts` finds the frames in it; `recode.ts` takes the packets that cannot be cut.

/** The samples of 20 ms at 48 kHz, which is the length of the packets that Discord plays. */
const SAMPLES_20MS = 960;
/** The longest packet with one frame: the first byte (TOC) and a frame of the greatest length (RFC 6716 §3.2.1). */
const MAX_SINGLE_BYTES = 1276;

/** A packet is not a valid Opus packet, or the decoder refused it. The error holds no audio bytes. */
export class PacketError extends Error {
  override readonly name: string = 'PacketError';
}

/**
 * How many samples at 48 kHz the packet plays (120 to 5760); null if it is no valid Opus packet (RFC 6716 §3.4, rules
 * R1 to R7).
 */
export function packetSamples(packet: Uint8Array): number | null {
  const toc = packet[0];
  if (toc === undefined) return null;
  // Nearly all packets have one frame, so no list is made for these.
  if ((toc & 3) === 0) return packet.length > MAX_SINGLE_BYTES ? null : frameSamples(toc);
  const bounds = frameBounds(packet);
  return bounds === null ? null : frameSamples(toc) * (bounds.length - 1);
}

/**
 * Cuts a packet into packets of exactly 20 ms without decoding it. Decoded one after the other, these give the same
 * samples as the whole packet. A packet of 20 ms is returned itself. Null if it cannot be done, because the packet is
 * invalid, its frames are longer than 20 ms (SILK 40 and 60 ms), or its length is no multiple of 20 ms. The new packets
 * share one new buffer; padding is left out.
 */
export function split20(packet: Uint8Array): Uint8Array[] | null {
  const samples = packetSamples(packet);
  if (samples === SAMPLES_20MS) return [packet];
  if (samples === null || samples % SAMPLES_20MS !== 0) return null;
  const toc = packet[0]!;
  const group = SAMPLES_20MS / frameSamples(toc);
  const bounds = frameBounds(packet);
  if (group < 1 || bounds === null) return null;

  const count = bounds.length - 1;
  // There is room for all frames, and for each new packet: the TOC, the count and two length bytes a frame.
  const bytes = new Uint8Array(packet.length + (count / group) * (2 + 2 * group));
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (let first = 0; first < count; first += group) {
    const start = at;
    at = writeHeader(bytes, at, toc, bounds, first, group);
    const end = bounds[first + group]!;
    // For a hundred bytes a loop is cheaper than a view and set().
    for (let from = bounds[first]!; from < end; from++) bytes[at++] = packet[from]!;
    pieces.push(bytes.subarray(start, at));
  }
  return pieces;
}

/**
 * Writes the shortest header for `group` frames from frame `first` on (RFC 6716 §3.2.2 to §3.2.5), and returns where
 * the frames begin.
 */
function writeHeader(
  bytes: Uint8Array,
  at: number,
  toc: number,
  bounds: readonly number[],
  first: number,
  group: number,
): number {
  const length = (frame: number) => bounds[frame + 1]! - bounds[frame]!;
  const code0 = toc & 0xfc;
  if (group === 1) {
    bytes[at] = code0;
    return at + 1;
  }
  let even = true;
  for (let frame = first + 1; frame < first + group; frame++) even &&= length(frame) === length(first);
  if (group === 2) {
    bytes[at] = code0 | (even ? 1 : 2);
    return even ? at + 1 : writeLength(bytes, at + 1, length(first));
  }
  bytes[at] = code0 | 3;
  bytes[at + 1] = even ? group : group | 0x80;
  at += 2;
  if (!even) {
    for (let frame = first; frame < first + group - 1; frame++) at = writeLength(bytes, at, length(frame));
  }
  return at;
}
