import { createCipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import sodium from 'sodium-native';
import {
  type ConnectionData,
  type DaveState,
  networkingMethods,
  type VoiceGatewayPacket,
} from './internals.ts';

// Transport encryption of RTP packets (Discord, "Voice Connections": Transport Encryption Modes), in place of the voice
// library's own, which has two faults. In XChaCha20 mode it calls sodium-native through named imports, which that
// CommonJS module does not have, and crashes. In AES mode it gives the raw key to each `createCipheriv`, which on Node
// 24 takes four times as long as with a key object.

export const AES_256_GCM = 'aead_aes256_gcm_rtpsize';
export const XCHACHA20_POLY1305 = 'aead_xchacha20_poly1305_rtpsize';

const MAX_NONCE = 0xffff_ffff;
/** Only so many bytes of the nonce are sent, after the ciphertext. */
const NONCE_BYTES = 4;
const XCHACHA_TAG_BYTES = sodium.crypto_aead_xchacha20poly1305_ietf_ABYTES;

const keyObjects = new WeakMap<Uint8Array, KeyObject>();

function keyObject(secret: Uint8Array): KeyObject {
  let key = keyObjects.get(secret);
  if (!key) {
    key = createSecretKey(secret);
    keyObjects.set(secret, key);
  }
  return key;
}

/**
 * Encrypts one Opus packet: first end to end, if the call has that (DAVE), and then for transport, with the 12-byte RTP
 * header as additional data. Returns the ciphertext with its 16-byte tag, and the 4 bytes of the nonce to append to it.
 * Throws RangeError if it does not know the encryption mode.
 */
export function encryptOpusPacket(
  packet: Buffer,
  data: ConnectionData,
  header: Buffer,
  dave?: DaveState,
): [encrypted: Buffer, nonce: Buffer] {
  const frame = dave ? dave.encrypt(packet) : packet;
  data.nonce = data.nonce >= MAX_NONCE ? 0 : data.nonce + 1;
  data.nonceBuffer.writeUInt32BE(data.nonce, 0);
  const nonce = data.nonceBuffer.subarray(0, NONCE_BYTES);
  if (data.encryptionMode === XCHACHA20_POLY1305) {
    const encrypted = Buffer.allocUnsafe(frame.length + XCHACHA_TAG_BYTES);
    sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(
      encrypted,
      frame,
      header,
      null,
      data.nonceBuffer,
      data.secretKey,
    );
    return [encrypted, nonce];
  }
  if (data.encryptionMode === AES_256_GCM) {
    const cipher = createCipheriv('aes-256-gcm', keyObject(data.secretKey), data.nonceBuffer);
    cipher.setAAD(header);
    return [Buffer.concat([cipher.update(frame), cipher.final(), cipher.getAuthTag()]), nonce];
  }
  throw new RangeError(`Unsupported encryption mode: ${data.encryptionMode}`);
}

/**
 * Moves XChaCha20 to the beginning of the voice server's list of modes (in its message op 2), because the library takes
 * the first mode that it knows. XChaCha20 is the faster cipher here, and the only one that every voice server must
 * offer.
 */
export function preferXChaCha(packet: VoiceGatewayPacket): void {
  const modes = packet.d?.modes;
  if (!Array.isArray(modes) || !modes.includes(XCHACHA20_POLY1305)) return;
  packet.d = { ...packet.d, modes: [XCHACHA20_POLY1305, ...modes.filter(m => m !== XCHACHA20_POLY1305)] };
}

/** Replaces the library's packet cipher by ours, for each connection that is made afterwards. */
export function installPacketCipher(): void {
  networkingMethods.encryptOpusPacket = encryptOpusPacket;
}
