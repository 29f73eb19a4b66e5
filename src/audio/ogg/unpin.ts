// A packet is at first a view of the large buffer that came from the network. Where it would keep that whole buffer in
// memory until it is played, it is copied here.

/** Views of a buffer that is not larger than this are not copied. */
const SMALL_BYTES = 16 * 1024;
/** Views that together are at least one eighth of their buffer are not copied. */
const FAIR_SHARE = 8;

/**
 * Copies packets that are views of `buffer` into a buffer of their own, if the views are only a small part of `buffer`.
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
