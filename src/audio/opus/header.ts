// Tells the two header packets at the start of an Opus stream from sound, and whether we can play the stream.

const HEAD_MAGIC = Buffer.from('OpusHead');
const VERSION_AT = 8;
const FAMILY_AT = 18;
const STREAMS_AT = 19;

/**
 * Whether a packet is a header (OpusHead or OpusTags), and not audio. The first two bytes, "Op", are enough to tell:
 * as audio they would mean 48 frames of 20 ms, which no valid packet has (RFC 7845 §5.1).
 */
export function isOpusHeader(packet: Uint8Array): boolean {
  return packet[0] === 0x4f && packet[1] === 0x70;
}

/**
 * Whether this is the OpusHead of a stream whose packets we can play: of a version below 16 (RFC 7845 §5.1), and with
 * one Opus stream in it, not several for surround sound (§5.1.1).
 */
export function isPlayableHead(packet: Uint8Array): boolean {
  if (!HEAD_MAGIC.equals(packet.subarray(0, HEAD_MAGIC.length))) return false;
  const family = packet[FAMILY_AT] ?? 0;
  return (packet[VERSION_AT] ?? 0) < 16 && (family === 0 || packet[STREAMS_AT] === 1);
}
