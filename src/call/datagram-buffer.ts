// The memory in which the encrypted voice packets of all guilds are made, one after another, with the places of header,
// ciphertext and nonce in it. `packet-cipher.ts` fills it.

/** The length of an RTP header as Discord uses it, without extension (RFC 3550 §5.1). */
export const HEADER_BYTES = 12;
/** The length of the tag by which the receiver checks a packet, in both encryption modes. */
export const TAG_BYTES = 16;
/** How many bytes of the nonce are sent, after the ciphertext. */
const NONCE_BYTES = 4;
const OVERHEAD_BYTES = HEADER_BYTES + TAG_BYTES + NONCE_BYTES;
/** There is room for an Opus packet with one frame (1,276 bytes), and for what end-to-end encryption adds. */
const USUAL_BYTES = 1_500;

/** Parts of one buffer. */
interface Views {
  /** The header, the ciphertext with its tag, the nonce. */
  readonly datagram: Buffer;
  /** The ciphertext with its tag. */
  readonly sealed: Buffer;
}

/**
 * A view of the memory is made once for each length, because to make a view costs nearly as much as to encrypt a
 * packet.
 */
export class DatagramBuffer {
  #bytes = Buffer.alloc(USUAL_BYTES);
  #views: (Views | undefined)[] = [];

  /** The views for a frame of `frameBytes` bytes. They are overwritten when the next datagram is made. */
  views(frameBytes: number): Views {
    return this.#views[frameBytes] ?? this.#make(frameBytes);
  }

  #make(frameBytes: number): Views {
    const length = frameBytes + OVERHEAD_BYTES;
    if (length > this.#bytes.length) {
      this.#bytes = Buffer.alloc(length);
      this.#views = [];
    }
    const datagram = this.#bytes.subarray(0, length);
    const sealed = datagram.subarray(HEADER_BYTES, length - NONCE_BYTES);
    const views = { datagram, sealed };
    this.#views[frameBytes] = views;
    return views;
  }
}
