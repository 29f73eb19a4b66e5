/**
 * The presentation language of MLS (RFC 9420 section 2.1), as much of it as a delivery service needs.
 * `vec` is a variable-size vector: its length in bytes as a QUIC-style varint, then the bytes.
 */

const MAX_ONE_BYTE = 0x3f;
const MAX_TWO_BYTES = 0x3fff;
const MAX_FOUR_BYTES = 0x3fff_ffff;

export function u8(value: number): Buffer {
  return Buffer.of(value);
}

export function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

export function u64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}

/** A variable-size vector of all `parts` together (RFC 9420 section 2.1.2). */
export function vec(...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  if (body.length <= MAX_ONE_BYTE) return Buffer.concat([u8(body.length), body]);
  if (body.length <= MAX_TWO_BYTES) return Buffer.concat([u16(0x4000 | body.length), body]);
  if (body.length <= MAX_FOUR_BYTES) return Buffer.concat([u32(0x8000_0000 + body.length), body]);
  throw new RangeError(`A vector of ${body.length} bytes is too long for MLS`);
}

/** Reads MLS structures from front to back; every method throws RangeError past the end. */
export class MlsReader {
  readonly #bytes: Buffer;
  #offset = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Bytes read so far. */
  get offset(): number {
    return this.#offset;
  }

  get done(): boolean {
    return this.#offset === this.#bytes.length;
  }

  /** The next `length` bytes, not copied. */
  take(length: number): Buffer {
    const end = this.#offset + length;
    if (end > this.#bytes.length) throw new RangeError('MLS structure ends early');
    const taken = this.#bytes.subarray(this.#offset, end);
    this.#offset = end;
    return taken;
  }

  u8(): number {
    return this.take(1).readUInt8();
  }

  u16(): number {
    return this.take(2).readUInt16BE();
  }

  u32(): number {
    return this.take(4).readUInt32BE();
  }

  u64(): bigint {
    return this.take(8).readBigUInt64BE();
  }

  vec(): Buffer {
    const first = this.u8();
    const prefix = first >> 6;
    if (prefix === 3) throw new RangeError('MLS vector length with a forbidden prefix');
    let length = first & MAX_ONE_BYTE;
    for (let more = (1 << prefix) - 1; more > 0; more--) length = length * 256 + this.u8();
    return this.take(length);
  }
}
