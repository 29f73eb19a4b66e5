import { createDecipheriv, randomBytes } from 'node:crypto';
import sodium from 'sodium-native';
import { expect, test } from 'vitest';
import {
  AES_256_GCM,
  encryptOpusPacket,
  preferXChaCha,
  XCHACHA20_POLY1305,
} from '../../src/call/packet-cipher.ts';
import { guardVoiceLibrary } from '../../src/call/guards.ts';
import { networkingMethods } from '../../src/call/internals.ts';

const TAG_BYTES = 16;

function setUp(encryptionMode: string, nonceBytes: number) {
  const secretKey = new Uint8Array(randomBytes(32));
  const data = { encryptionMode, secretKey, nonceBuffer: Buffer.alloc(nonceBytes), nonce: 0 };
  return { data, header: randomBytes(12), packet: randomBytes(80) };
}

/** The nonce as its receiver rebuilds it: the four bytes that travel, then zeros. */
function rebuilt(nonce: Buffer, bytes: number): Buffer {
  return Buffer.concat([nonce], bytes);
}

test('AES-256-GCM: opens with the key, the header and the four nonce bytes', () => {
  const { data, header, packet } = setUp(AES_256_GCM, 12);
  for (let count = 1; count <= 3; count += 1) {
    const [sealed, nonce] = encryptOpusPacket(packet, data, header);
    expect(nonce.readUInt32BE(0)).toBe(count);
    const decipher = createDecipheriv('aes-256-gcm', data.secretKey, rebuilt(nonce, 12));
    decipher.setAAD(header).setAuthTag(sealed.subarray(-TAG_BYTES));
    const opened = Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
    expect(opened).toEqual(packet);
  }
});

test('XChaCha20-Poly1305: the same', () => {
  const { data, header, packet } = setUp(XCHACHA20_POLY1305, 24);
  const [sealed, nonce] = encryptOpusPacket(packet, data, header);
  const opened = Buffer.alloc(packet.length);
  const { secretKey } = data;
  sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
    opened,
    null,
    sealed,
    header,
    rebuilt(nonce, 24),
    secretKey,
  );
  expect(opened).toEqual(packet);
});

test('the nonce starts again after its last value', () => {
  const { data, header, packet } = setUp(AES_256_GCM, 12);
  data.nonce = 0xffff_ffff;
  encryptOpusPacket(packet, data, header);
  expect(data.nonce).toBe(0);
});

test('an unknown mode is refused', () => {
  const { data, header, packet } = setUp('xsalsa20_poly1305', 24);
  expect(() => encryptOpusPacket(packet, data, header)).toThrow(/Unsupported/);
});

test('XChaCha20 comes first where it is on offer', () => {
  const offered = { op: 2, d: { modes: [AES_256_GCM, XCHACHA20_POLY1305, 'other'] } };
  preferXChaCha(offered);
  expect(offered.d.modes).toEqual([XCHACHA20_POLY1305, AES_256_GCM, 'other']);
  const only = { op: 2, d: { modes: [AES_256_GCM] } };
  preferXChaCha(only);
  expect(only.d.modes).toEqual([AES_256_GCM]);
});

test('a voice library without a method that is bent is refused', () => {
  const { prepareAudioPacket } = networkingMethods;
  Reflect.deleteProperty(networkingMethods, 'prepareAudioPacket');
  expect(() => guardVoiceLibrary()).toThrow(/prepareAudioPacket/);
  networkingMethods.prepareAudioPacket = prepareAudioPacket;
  guardVoiceLibrary();
  expect(networkingMethods.encryptOpusPacket).toBe(encryptOpusPacket);
});
