/** Views of a buffer no larger than this are left alone. */
const SMALL_BYTES = 16 * 1024;
/** Views that together are at least one part in this many of their buffer are left alone. */
const FAIR_SHARE = 8;

/**
 * The same packets, copied into a buffer of their own where, as views of `buffer`, they would keep much more memory
 * alive than they need for as long as they wait to be played.
 */
export function unpin(packets: Uint8Array[], buffer: ArrayBufferLike): Uint8Array[] {
  if (packets.length === 0 || buffer.byteLength <= SMALL_BYTES) return packets;
  let total = 0;
  for (const packet of packets) if (packet.buffer === buffer) total += packet.length;
  if (total === 0 || total * FAIR_SHARE >= buffer.byteLength) return packets;
  const own = new Uint8Array(total);
  let at = 0;
  return packets.map(packet => {
    if (packet.buffer !== buffer) return packet;
    own.set(packet, at);
    at += packet.length;
    return own.subarray(at - packet.length, at);
  });
}
