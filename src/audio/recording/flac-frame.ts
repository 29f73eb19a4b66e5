// Tells whether a FLAC file is whole, by looking at its last frame. `flac.ts` reads the rest of the file.

/** What the header of a FLAC file says (STREAMINFO, RFC 9639 §8.2). */
export interface StreamInfo {
  /** The most samples of a block. If all blocks have one size, this is the size of each but the last. */
  readonly maxBlock: number;
  /** Samples a second. */
  readonly rate: number;
  readonly channels: number;
  /** Bits a sample. */
  readonly bits: number;
  /** How many samples the file has; 0 if that was not known when it was written. */
  readonly total: number;
}

/** The shortest frame header (RFC 9639 §9.1). */
const MIN_HEADER_BYTES = 6;
/** A frame with uncompressed samples is at most this many bytes longer than these: its headers and CRC. */
const SPARE_BYTES = 64;
const ID3V1_BYTES = 128;

/**
 * Whether the bytes end with a whole frame, which is the last one by the number of samples; an ID3v1 tag may follow.
 * The frame is searched backwards from the end, no farther than the longest possible frame.
 */
export function endsWhole(audio: Buffer, info: StreamInfo): boolean {
  const tagAt = audio.length - ID3V1_BYTES;
  const end = audio.toString('latin1', tagAt, tagAt + 3) === 'TAG' ? tagAt : audio.length;
  // The difference of two channels has one bit more a sample.
  const longest = info.maxBlock * info.channels * Math.ceil((info.bits + 1) / 8) + SPARE_BYTES;
  for (let at = end - MIN_HEADER_BYTES; at >= Math.max(0, end - longest); at--) {
    // A frame begins with 14 bits of sync code, a zero, and a bit that says whether blocks differ in size.
    if (audio[at] !== 0xff || (audio[at + 1]! & 0xfe) !== 0xf8) continue;
    const samples = frameSamples(audio, at, info);
    // A header with a right CRC that ends just at the last sample is hardly there by chance, so only one is tried.
    if (samples?.end === info.total) return isSound(audio, at, end);
    if (samples?.start === info.total) return false;
  }
  return false;
}

/** Where the frame at `start` begins and ends, in samples, as its header says; null if there is no frame. */
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

/** Reads the number of a frame or of its first sample. It is coded like a character in UTF-8, with up to 36 bits. */
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

/** Whether the CRC at the end of the frame `[start, end)` is right. */
function isSound(bytes: Buffer, start: number, end: number): boolean {
  return crc(bytes, start, end - 2, 16, 0x8005) === bytes.readUInt16BE(end - 2);
}

/** The CRC over `bytes[from, to)`, not reflected, beginning with 0 and without a final xor (RFC 9639 §9.1.8, §9.3). */
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
