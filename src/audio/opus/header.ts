const HEAD_MAGIC = Buffer.from('OpusHead');
const VERSION_AT = 8;
const FAMILY_AT = 18;
const STREAMS_AT = 19;

/**
 * Whether a packet is a header (OpusHead, OpusTags) and no audio. Two bytes tell: as audio "Op" would be 48 frames
 * of 20 ms, which is no valid packet; that is why the headers begin so (RFC 7845 §5.1).
 */
export function isOpusHeader(packet: Uint8Array): boolean {
  return packet[0] === 0x4f && packet[1] === 0x70;
}

/**
 * Whether this is an OpusHead of a stream whose packets are plain Opus packets: a version 0.x or 1 (RFC 7845 §5.1),
 * and one Opus stream, not several interleaved for surround sound (§5.1.1).
 */
export function isPlayableHead(packet: Uint8Array): boolean {
  if (!HEAD_MAGIC.equals(packet.subarray(0, HEAD_MAGIC.length))) return false;
  const family = packet[FAMILY_AT] ?? 0;
  return (packet[VERSION_AT] ?? 0) < 16 && (family === 0 || packet[STREAMS_AT] === 1);
}
