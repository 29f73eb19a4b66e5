import { createCipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import sodium from 'sodium-native';
import { DatagramBuffer, HEADER_BYTES, TAG_BYTES } from './datagram-buffer.ts';
import type { ConnectionData, DaveState, VoiceGatewayPacket } from './internals.ts';

// Makes the RTP packets of a call and encrypts them for transport (Discord, "Voice Connections": Transport Encryption
// Modes), in place of the voice library's own, which has three faults. In XChaCha20 mode it calls sodium-native through
// named imports, which that CommonJS module does not have, and crashes. In AES mode it gives the raw key to each
// `createCipheriv`, which on Node 24 takes four times as long as with a key object. And it makes several objects for
// each packet.

export const AES_256_GCM = 'aead_aes256_gcm_rtpsize';
export const XCHACHA20_POLY1305 = 'aead_xchacha20_poly1305_rtpsize';

const MAX_NONCE = 0xffff_ffff;
/** RTP version 2, without padding, extension or list of sources. */
const RTP_VERSION = 0x80;
const OPUS_PAYLOAD_TYPE = 0x78;

const keyObjects = new WeakMap<Uint8Array, KeyObject>();

function keyObject(secret: Uint8Array): KeyObject {
  let key = keyObjects.get(secret);
  if (!key) {
    key = createSecretKey(secret);
    keyObjects.set(secret, key);
  }
  return key;
}

/** All guilds' packets are made in here, one after another, because each is sent as soon as it is made. */
let buffer = new DatagramBuffer();

/**
 * Call this when the system has not taken the last datagram at once, so that it is still to be sent from the
 * buffer: the next datagrams are made in another one.
 */
export function leaveBuffer(): void {
  buffer = new DatagramBuffer();
}

/** The header of the packet that is being made. Byte by byte it costs less than by calls of `Buffer`. */
const header = Buffer.alloc(HEADER_BYTES);

/** Returns the RTP header of the next packet; it is overwritten by the next call. */
export function rtpHeader({ sequence, timestamp, ssrc }: ConnectionData): Buffer {
  header[0] = RTP_VERSION;
  header[1] = OPUS_PAYLOAD_TYPE;
  header[2] = sequence >>> 8;
  header[3] = sequence;
  header[4] = timestamp >>> 24;
  header[5] = timestamp >>> 16;
  header[6] = timestamp >>> 8;
  header[7] = timestamp;
  header[8] = ssrc >>> 24;
  header[9] = ssrc >>> 16;
  header[10] = ssrc >>> 8;
  header[11] = ssrc;
  return header;
}

/**
 * Encrypts one Opus packet: first end to end, if the call has that (DAVE), and then for transport, with the 12-byte RTP
 * header as additional data. Returns the whole datagram: the header, the ciphertext with its 16-byte tag, and the four
 * bytes of the nonce that are sent. It is overwritten by the next datagram, so it has to be sent or copied before.
 * Throws RangeError if it does not know the encryption mode.
 */
export function encryptOpusPacket(
  packet: Buffer,
  data: ConnectionData,
  additionalData: Buffer,
  dave?: DaveState,
): Buffer {
  const frame = dave ? dave.encrypt(packet) : packet;
  const { datagram, sealed } = buffer.views(frame.length);
  for (let at = 0; at < HEADER_BYTES; at += 1) datagram[at] = additionalData[at] ?? 0;
  const { nonceBuffer, secretKey, encryptionMode } = data;
  const nonce = data.nonce >= MAX_NONCE ? 0 : data.nonce + 1;
  data.nonce = nonce;
  nonceBuffer.writeUInt32BE(nonce, 0);
  datagram.writeUInt32BE(nonce, HEADER_BYTES + sealed.length);
  if (encryptionMode === XCHACHA20_POLY1305) {
    sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(
      sealed,
      frame,
      additionalData,
      null,
      nonceBuffer,
      secretKey,
    );
    return datagram;
  }
  if (encryptionMode === AES_256_GCM) {
    const cipher = createCipheriv('aes-256-gcm', keyObject(secretKey), nonceBuffer);
    cipher.setAAD(additionalData);
    sealed.set(cipher.update(frame)); // this mode has nothing left to encrypt at its end
    cipher.final();
    sealed.set(cipher.getAuthTag(), sealed.length - TAG_BYTES);
    return datagram;
  }
  throw new RangeError(`Unsupported encryption mode: ${encryptionMode}`);
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
