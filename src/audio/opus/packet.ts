import { frameBounds, frameSamples, writeLength } from './frames.ts';

/** 20 ms at 48 kHz: what Discord plays a tick. */
const SAMPLES_20MS = 960;
/** TOC and the longest frame there may be (RFC 6716 §3.2.1): the longest packet of a single frame. */
const MAX_SINGLE_BYTES = 1276;

/** A packet that is not Opus, or that the decoder would not take. Carries no audio bytes. */
export class PacketError extends Error {
  override readonly name: string = 'PacketError';
}

/**
 * How long the packet plays, in samples at 48 kHz (120 to 5760); null when it is not a valid Opus packet
 * (RFC 6716 §3.4, rules R1 to R7).
 */
export function packetSamples(packet: Uint8Array): number | null {
  const toc = packet[0];
  if (toc === undefined) return null;
  // One frame and nothing else is nearly every packet there is: no list is made for it.
  if ((toc & 3) === 0) return packet.length > MAX_SINGLE_BYTES ? null : frameSamples(toc);
  const bounds = frameBounds(packet);
  return bounds === null ? null : frameSamples(toc) * (bounds.length - 1);
}

/**
 * Cuts a packet into packets of exactly 20 ms, by bytes alone: decoded one after the other they give the very
 * samples that the whole packet gives. A packet of 20 ms comes back itself, the same object. Null when it cannot
 * be done: invalid, frames longer than 20 ms (SILK 40 and 60 ms), or a total that 20 ms does not divide.
 * The pieces share one fresh buffer; padding is left out.
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
  // Room for every frame and, a piece, for the TOC, the count and two length bytes a frame.
  const bytes = new Uint8Array(packet.length + (count / group) * (2 + 2 * group));
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (let first = 0; first < count; first += group) {
    const start = at;
    at = writeHeader(bytes, at, toc, bounds, first, group);
    const end = bounds[first + group]!;
    // By hand: for a hundred bytes a loop is cheaper than a view and set().
    for (let from = bounds[first]!; from < end; from++) bytes[at++] = packet[from]!;
    pieces.push(bytes.subarray(start, at));
  }
  return pieces;
}

/** The shortest header for `group` frames from `first` on (RFC 6716 §3.2.2 to §3.2.5); returns where frames start. */
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
