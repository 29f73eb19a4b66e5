import { createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import sodium from 'sodium-native';
import type { EncryptionMode } from './voice-api.ts';
import { RTP_HEADER_BYTES } from './voice-rtp.ts';

/** Transport encryption of RTP (Discord, "Voice Connections": Transport Encryption and Sending Voice). */

const KEY_BYTES = 32;
const TAG_BYTES = 16;
/** Only these of the nonce travel, at the end of the datagram; the rest of the nonce is zero. */
const NONCE_BYTES = 4;
const FULL_NONCE_BYTES: Record<EncryptionMode, number> = {
  aead_aes256_gcm_rtpsize: 12,
  aead_xchacha20_poly1305_rtpsize: 24,
};
/** Nonces remembered to refuse repeats; a second of speech takes 50. */
const REMEMBERED_NONCES = 2_048;

/** The receiving half of one session's transport encryption. */
export class TransportCipher {
  readonly mode: EncryptionMode;
  /** The 32 secret bytes for op 4. */
  readonly secret = randomBytes(KEY_BYTES);
  readonly #key: KeyObject = createSecretKey(this.secret);
  readonly #seen = new Set<number>();

  constructor(mode: EncryptionMode) {
    this.mode = mode;
  }

  /** The payload of a datagram, or null where its tag is wrong or its nonce was used before. */
  open(datagram: Buffer, headerBytes: number): Buffer | null {
    if (headerBytes < RTP_HEADER_BYTES || datagram.length < headerBytes + TAG_BYTES + NONCE_BYTES)
      return null;
    const header = datagram.subarray(0, headerBytes);
    const sealed = datagram.subarray(headerBytes, -NONCE_BYTES);
    const suffix = datagram.subarray(-NONCE_BYTES);
    const nonce = Buffer.alloc(FULL_NONCE_BYTES[this.mode]);
    suffix.copy(nonce);
    if (this.#seen.has(suffix.readUInt32BE())) return null;
    const opened = this.#open(header, sealed, nonce);
    if (opened) this.#remember(suffix.readUInt32BE());
    return opened;
  }

  #open(header: Buffer, sealed: Buffer, nonce: Buffer): Buffer | null {
    const ciphertext = sealed.subarray(0, -TAG_BYTES);
    try {
      if (this.mode === 'aead_xchacha20_poly1305_rtpsize') {
        const opened = Buffer.alloc(ciphertext.length);
        sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(opened, null, sealed, header, nonce, this.secret);
        return opened;
      }
      const decipher = createDecipheriv('aes-256-gcm', this.#key, nonce);
      decipher.setAAD(header);
      decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
    } catch (error) {
      if (error instanceof Error) return null;
      throw error;
    }
  }

  #remember(nonce: number): void {
    this.#seen.add(nonce);
    if (this.#seen.size <= REMEMBERED_NONCES) return;
    for (const oldest of this.#seen) {
      this.#seen.delete(oldest);
      break;
    }
  }
}
