// R1 to R7 are the rules for valid packets in RFC 6716 §3.4.

/** The most samples that a packet may have: 120 ms at 48 kHz (R5). */
const MAX_SAMPLES = 5760;
/** The most bytes that a frame may have (R2). */
const MAX_FRAME_BYTES = 1275;
/** A frame length from this on takes a second byte (RFC 6716 §3.2.1). */
const TWO_BYTE_LENGTH = 252;

const SILK_SAMPLES: readonly number[] = [480, 960, 1920, 2880];
const CELT_SAMPLES: readonly number[] = [120, 240, 480, 960];

/** How many samples at 48 kHz each frame has. `toc` is the first byte of the packet (RFC 6716 §3.1, table 2). */
export function frameSamples(toc: number): number {
  const config = toc >> 3;
  if (config >= 16) return CELT_SAMPLES[config & 3]!;
  if (config >= 12) return SILK_SAMPLES[config & 1]!;
  return SILK_SAMPLES[config & 3]!;
}

/**
 * Finds the frames of a packet. There is nothing between them, so frame i is `[bounds[i], bounds[i + 1])`, and the list
 * has one entry more than the packet has frames. Null if the packet breaks one of the rules R1 to R7 (RFC 6716 §3.4).
 */
export function frameBounds(packet: Uint8Array): number[] | null {
  const toc = packet[0];
  if (toc === undefined) return null; // R1
  const end = packet.length;
  switch (toc & 3) {
    case 0:
      return evenBounds(1, 1, end);
    case 1:
      return evenBounds(1, 2, end);
    case 2:
      return lengthBounds(packet, 1, 2, end);
    default:
      return countedBounds(packet, toc);
  }
}

/**
 * Finds the frames of a packet of code 3 (RFC 6716 §3.2.5). Its second byte tells how many frames there are, whether
 * their lengths differ, and whether there is padding.
 */
function countedBounds(packet: Uint8Array, toc: number): number[] | null {
  const header = packet[1];
  if (header === undefined) return null;
  const count = header & 0x3f;
  if (count === 0 || count * frameSamples(toc) > MAX_SAMPLES) return null; // R5
  let at = 2;
  let end = packet.length;
  if ((header & 0x40) !== 0) {
    let size: number | undefined;
    do {
      size = packet[at++];
      if (size === undefined) return null;
      end -= size === 255 ? 254 : size;
    } while (size === 255);
    if (end < at) return null;
  }
  return (header & 0x80) === 0 ? evenBounds(at, count, end) : lengthBounds(packet, at, count, end);
}

/** Finds frames that all have the same length (R2, R3, R6). */
function evenBounds(start: number, count: number, end: number): number[] | null {
  const each = (end - start) / count;
  if (!Number.isInteger(each) || each > MAX_FRAME_BYTES) return null;
  const bounds = [start];
  for (let frame = 1; frame <= count; frame++) bounds.push(start + frame * each);
  return bounds;
}

/**
 * Finds frames of different lengths (R2, R4, R7). The lengths are at `at`, one for each frame but the last, which has
 * the bytes that are left before `end`.
 */
function lengthBounds(packet: Uint8Array, at: number, count: number, end: number): number[] | null {
  const bounds = [0];
  let total = 0;
  for (let frame = 1; frame < count; frame++) {
    if (at >= end) return null;
    let length = packet[at++]!;
    if (length >= TWO_BYTE_LENGTH) {
      if (at >= end) return null;
      length += packet[at++]! * 4;
    }
    total += length;
    bounds.push(total);
  }
  const last = end - at - total;
  if (last < 0 || last > MAX_FRAME_BYTES) return null;
  bounds.push(total + last);
  for (let frame = 0; frame <= count; frame++) bounds[frame] = bounds[frame]! + at;
  return bounds;
}

/** Writes a frame length at `at` (RFC 6716 §3.2.1), and returns where to go on. */
export function writeLength(bytes: Uint8Array, at: number, length: number): number {
  if (length < TWO_BYTE_LENGTH) {
    bytes[at] = length;
    return at + 1;
  }
  const first = TWO_BYTE_LENGTH + (length & 3);
  bytes[at] = first;
  bytes[at + 1] = (length - first) >> 2;
  return at + 2;
}
