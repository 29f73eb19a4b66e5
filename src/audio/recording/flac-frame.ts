/** What the header of a FLAC file says (STREAMINFO, RFC 9639 §8.2). */
export interface StreamInfo {
  /** Samples a block at most; of every block but the last, where blocks do not differ in size. */
  readonly maxBlock: number;
  readonly rate: number;
  readonly channels: number;
  readonly bits: number;
  /** Samples in all; 0 where it was not known. */
  readonly total: number;
}

/** The shortest frame header (RFC 9639 §9.1). */
const MIN_HEADER_BYTES = 6;
/** Above a frame of samples stored as they are: its headers and CRC. */
const SPARE_BYTES = 64;
const ID3V1_BYTES = 128;

/**
 * Whether the bytes end with a whole frame that is the last by the count of samples; behind it may be an ID3v1 tag.
 * Looks back from the end, no farther than the longest frame.
 */
export function endsWhole(audio: Buffer, info: StreamInfo): boolean {
  const tagAt = audio.length - ID3V1_BYTES;
  const end = audio.toString('latin1', tagAt, tagAt + 3) === 'TAG' ? tagAt : audio.length;
  // One bit more a sample: the difference of two channels.
  const longest = info.maxBlock * info.channels * Math.ceil((info.bits + 1) / 8) + SPARE_BYTES;
  for (let at = end - MIN_HEADER_BYTES; at >= Math.max(0, end - longest); at--) {
    // 14 bits of sync, a zero, and whether blocks differ in size.
    if (audio[at] !== 0xff || (audio[at + 1]! & 0xfe) !== 0xf8) continue;
    const samples = frameSamples(audio, at, info);
    // It cannot well be chance that a header is sound and names the very end: only one is tried.
    if (samples?.end === info.total) return isSound(audio, at, end);
    if (samples?.start === info.total) return false;
  }
  return false;
}

/** Where the frame at `start` begins and ends, in samples, by its header; null where it is none. */
function frameSamples(bytes: Buffer, start: number, info: StreamInfo): { start: number; end: number } | null {
  const number = codedNumber(bytes, start + 4);
  if (number === null) return null;
  const code = bytes[start + 2]! >>> 4;
  const rateCode = bytes[start + 2]! & 15;
  let { at } = number;
  let block: number;
  if (code === 6) block = bytes[at++]! + 1;
  else if (code === 7) {
    block = ((bytes[at]! << 8) | bytes[at + 1]!) + 1;
    at += 2;
  } else if (code === 0) return null;
  else block = code === 1 ? 192 : code < 6 ? 576 << (code - 2) : 256 << (code - 8);
  if (rateCode === 12) at += 1;
  else if (rateCode > 12) at += 2;
  if (crc(bytes, start, at, 8, 0x07) !== bytes[at]) return null;
  const variable = (bytes[start + 1]! & 1) === 1;
  const first = variable ? number.value : number.value * info.maxBlock;
  return { start: first, end: first + block };
}

/** The number of a frame, or of its first sample, coded as UTF-8 codes characters but up to 36 bits. */
function codedNumber(bytes: Buffer, at: number): { value: number; at: number } | null {
  const first = bytes[at]!;
  const ones = Math.clz32(~(first << 24));
  if (ones === 1 || ones > 7) return null;
  let value = ones === 0 ? first : first & (0x7f >> ones);
  for (let more = 1; more < ones; more++) {
    const byte = bytes[at + more]!;
    if ((byte & 0xc0) !== 0x80) return null;
    value = value * 64 + (byte & 0x3f);
  }
  return { value, at: at + Math.max(1, ones) };
}

/** Whether the CRC that ends the frame `[start, end)` is right. */
function isSound(bytes: Buffer, start: number, end: number): boolean {
  return crc(bytes, start, end - 2, 16, 0x8005) === bytes.readUInt16BE(end - 2);
}

/** CRC over `bytes[from, to)`: not reflected, initial value 0, no final xor (RFC 9639 §9.1.8, §9.3). */
function crc(bytes: Buffer, from: number, to: number, width: 8 | 16, polynomial: number): number {
  const top = 1 << (width - 1);
  const mask = (1 << width) - 1;
  let sum = 0;
  for (let at = from; at < to; at++) {
    sum ^= bytes[at]! << (width - 8);
    for (let bit = 0; bit < 8; bit++) sum = (sum & top) === 0 ? sum << 1 : (sum << 1) ^ polynomial;
    sum &= mask;
  }
  return sum;
}
