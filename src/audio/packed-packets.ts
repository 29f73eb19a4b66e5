// Packets that wait for seconds before they are heard. As objects of their own, small packets would take about three
// times their bytes (`docs/bench/README.md`), so they are copied one behind the other into a few larger buffers.

/** The bytes of one buffer: about a second of speech. */
const CHUNK_BYTES = 4_096;

/** Packets one behind the other in one buffer. */
interface Chunk {
  readonly bytes: Buffer;
  /** The number of the byte behind each packet. */
  readonly ends: number[];
}

/**
 * A queue of packets. Each is copied when it comes in, so it does not keep the buffer of the network in memory of which
 * it was a part. What goes out is a view of the queue's own bytes, which are never written again.
 */
export class PackedPackets {
  /** A chunk goes when the first packet behind it is taken out, so that the packet taken out last can be put back. */
  readonly #chunks: Chunk[] = [];
  /** The chunk that still takes in packets. */
  #open: Chunk | null = null;
  /** How many bytes of the open chunk have packets in them. */
  #filled = 0;
  /** How many packets of the first chunk were taken out. */
  #taken = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Copies a packet to the end of the queue. */
  push(packet: Uint8Array): void {
    let chunk = this.#open;
    const { length } = packet;
    if (chunk === null || this.#filled + length > chunk.bytes.length) {
      chunk = { bytes: Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, length)), ends: [] };
      this.#chunks.push(chunk);
      this.#open = chunk;
      this.#filled = 0;
    }
    chunk.bytes.set(packet, this.#filled);
    this.#filled += length;
    chunk.ends.push(this.#filled);
    this.#length += 1;
  }

  /** Takes out the first packet; null if there is none. */
  shift(): Buffer | null {
    if (this.#length === 0) return null;
    if (this.#taken === this.#chunks[0]!.ends.length) {
      this.#chunks.shift();
      this.#taken = 0;
    }
    this.#length -= 1;
    return packetOf(this.#chunks[0]!, this.#taken++);
  }

  /** Puts back the packet that was taken out last. Returns false if none was, or if it was put back already. */
  putBack(): boolean {
    if (this.#taken === 0) return false;
    this.#taken -= 1;
    this.#length += 1;
    return true;
  }

  /** Drops the last `count` packets; there must be at least that many. */
  dropLast(count: number): void {
    if (count === 0) return;
    this.#length -= count;
    this.#open = null; // or the next packet would be written over bytes that somebody may still look at
    for (let left = count; left > 0; ) {
      const { ends } = this.#chunks.at(-1)!;
      const dropped = Math.min(left, ends.length);
      ends.length -= dropped;
      left -= dropped;
      if (ends.length === 0) this.#chunks.pop();
    }
  }

  clear(): void {
    this.#chunks.length = 0;
    this.#open = null;
    this.#taken = 0;
    this.#length = 0;
  }

  /** Returns the packets from number `from` up to `to`, which is not included. The first in the queue has number 0. */
  slice(from: number, to: number): Buffer[] {
    const packets: Buffer[] = [];
    let number = -this.#taken;
    for (const chunk of this.#chunks) {
      const { length } = chunk.ends;
      for (let index = Math.max(0, from - number); index < Math.min(length, to - number); index += 1) {
        packets.push(packetOf(chunk, index));
      }
      number += length;
    }
    return packets;
  }
}

function packetOf({ bytes, ends }: Chunk, index: number): Buffer {
  return bytes.subarray(index === 0 ? 0 : ends[index - 1], ends[index]);
}
