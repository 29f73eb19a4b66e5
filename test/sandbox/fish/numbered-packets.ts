import type { PacketShape } from './ogg-shape.ts';

/** Fish's automatic bitrate: about 60 kb/s, 150 bytes a packet, never above 254. */
const AUTO_BYTES = { min: 90, span: 120 };
/** What any other legal `opus_bitrate` comes out as: about 260 kb/s, 649 bytes a packet. */
const SATURATED_BYTES = { min: 300, span: 700 };
/** The TOC byte and, for code 3, the count byte (RFC 6716 sections 3.1 and 3.2.5). */
const headers: Record<PacketShape, readonly number[]> = {
  plain: [0xf8],
  '10ms': [0xf0],
  '60ms': [0xfb, 0x03],
  'two-10ms': [0xf1],
  padded: [0xfb, 0x41, 0],
  stereo: [0xfc],
  'silk-40ms': [0x50],
  'silk-60ms': [0x58],
};
const PADDING_BYTES = 20;
/**
 * A CELT frame that begins like this is loud, and equally loud throughout, whatever follows: libopus made it of white
 * noise, without a prediction from the frame before (`OPUS_SET_PREDICTION_DISABLED`). The bands' loudness comes first
 * in a frame (RFC 6716 section 4.3). With bytes by chance, words would have silences in their middle.
 */
const LOUD_FRAME = [0x62, 0x2b, 0x82, 0xf3, 0x70, 0x72, 0xd7, 0xa1, 0x2f, 0xc2];
/** A CELT frame that begins like this is silent, whatever follows (RFC 6716 section 4.3). */
const SILENT_FRAME = [0xff, 0xff];
/** Where the eight bytes stand that tell a frame from all others. */
const NUMBER_AT = LOUD_FRAME.length;

/** What tells a packet from all others, and how it is made. */
export interface PacketNumber {
  readonly text: string;
  readonly index: number;
  /** Of the session: see `Rendition`. */
  readonly rendition?: number;
  readonly shape?: PacketShape;
  readonly saturated?: boolean;
  /** It sounds like a pause; otherwise like noise. */
  readonly silent?: boolean;
}

/**
 * A packet that is right in form and told apart by its bytes: the same for the same text, index and rendition,
 * different for any other.
 */
export function numberedPacket({
  text,
  index,
  rendition = 0,
  shape = 'plain',
  saturated = false,
  silent = false,
}: PacketNumber): Buffer {
  let state = hash(text) ^ Math.imul(index + 1, 0x9e3779b1) ^ Math.imul(rendition, 0x85ebca6b);
  const next = () => (state = xorshift(state || 1)) >>> 0;
  const { min, span } = saturated ? SATURATED_BYTES : AUTO_BYTES;
  // A multiple of six: two or three frames of one packet have equal lengths.
  const body = Buffer.alloc((Math.floor((min + (next() % span)) / 6) + 1) * 6);
  for (let i = 0; i < body.length; i++) body[i] = next();
  body.set(silent ? SILENT_FRAME : LOUD_FRAME);
  body.writeUInt32BE((hash(text) ^ Math.imul(rendition, 0x9e3779b1)) >>> 0, NUMBER_AT);
  body.writeUInt32BE(index, NUMBER_AT + 4);
  const header = Buffer.from(headers[shape]);
  if (shape !== 'padded') return Buffer.concat([header, body]);
  header[2] = PADDING_BYTES;
  return Buffer.concat([header, body, Buffer.alloc(PADDING_BYTES)]);
}

/** FNV-1a. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of Buffer.from(text)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value;
}

export function xorshift(state: number): number {
  state ^= state << 13;
  state ^= state >>> 17;
  return state ^ (state << 5);
}
