import { createCipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import sodium from 'sodium-native';
import {
  type ConnectionData,
  type DaveState,
  networkingMethods,
  type VoiceGatewayPacket,
} from './internals.ts';

/**
 * Transport encryption of RTP packets (Discord, "Voice Connections": Transport Encryption Modes).
 *
 * The library's own way fails twice: in XChaCha20 mode it calls sodium-native through named imports which
 * that CommonJS module does not have, and crashes; in AES mode it hands the raw key to every
 * `createCipheriv`, which costs four times what a key object costs on Node 24.
 */

export const AES_256_GCM = 'aead_aes256_gcm_rtpsize';
export const XCHACHA20_POLY1305 = 'aead_xchacha20_poly1305_rtpsize';

const MAX_NONCE = 0xffff_ffff;
/** Only these four bytes of the nonce travel, after the ciphertext. */
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
 * Encrypts one Opus packet: end to end first where the call is (DAVE), then for transport with the 12-byte
 * RTP header as additional data. Returns ciphertext with its 16-byte tag, and the 4 nonce bytes to append.
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
 * Puts XChaCha20 first in the voice server's list of modes (op 2), since the library takes the first that it
 * knows: it is the cheaper cipher here, and the only one Discord requires every server to offer.
 */
export function preferXChaCha(packet: VoiceGatewayPacket): void {
  const modes = packet.d?.modes;
  if (!Array.isArray(modes) || !modes.includes(XCHACHA20_POLY1305)) return;
  packet.d = { ...packet.d, modes: [XCHACHA20_POLY1305, ...modes.filter(m => m !== XCHACHA20_POLY1305)] };
}

/** Replaces the library's packet cipher by ours, for every connection made afterwards. */
export function installPacketCipher(): void {
  networkingMethods.encryptOpusPacket = encryptOpusPacket;
}
