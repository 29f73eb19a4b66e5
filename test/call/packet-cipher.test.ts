import { createDecipheriv, randomBytes } from 'node:crypto';
import sodium from 'sodium-native';
import { expect, test } from 'vitest';
import {
  AES_256_GCM,
  encryptOpusPacket,
  leaveBuffer,
  preferXChaCha,
  rtpHeader,
  XCHACHA20_POLY1305,
} from '../../src/call/packet-cipher.ts';

const HEADER_BYTES = 12;
const TAG_BYTES = 16;
const NONCE_BYTES = 4;

const AES = { encryptionMode: AES_256_GCM, nonceBytes: 12 };
const XCHACHA = { encryptionMode: XCHACHA20_POLY1305, nonceBytes: 24 };

function setUp({ encryptionMode, nonceBytes }: typeof AES) {
  const secretKey = new Uint8Array(randomBytes(32));
  const numbers = { ssrc: 0xfedc_ba98, sequence: 0xffff, timestamp: 0xffff_fc40 };
  return { encryptionMode, secretKey, nonceBuffer: Buffer.alloc(nonceBytes), nonce: 0, ...numbers };
}

type Data = ReturnType<typeof setUp>;

const datagramOf = (packet: Buffer, data: Data) => encryptOpusPacket(packet, data, rtpHeader(data));

/** What a receiver with the key makes of a datagram. */
function opened(datagram: Buffer, { encryptionMode, secretKey, nonceBuffer }: Data): Buffer {
  const header = datagram.subarray(0, HEADER_BYTES);
  const sealed = datagram.subarray(HEADER_BYTES, -NONCE_BYTES);
  const nonce = Buffer.alloc(nonceBuffer.length);
  datagram.copy(nonce, 0, datagram.length - NONCE_BYTES);
  if (encryptionMode === AES_256_GCM) {
    const decipher = createDecipheriv('aes-256-gcm', secretKey, nonce);
    decipher.setAAD(header).setAuthTag(sealed.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
  }
  const packet = Buffer.alloc(sealed.length - TAG_BYTES);
  sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(packet, null, sealed, header, nonce, secretKey);
  return packet;
}

for (const mode of [AES, XCHACHA])
  test(`${mode.encryptionMode}: packets of any length open with the key, the header and the nonce that was sent`, () => {
    const data = setUp(mode);
    for (const [index, length] of [80, 81, 80, 1, 3, 1276, 5_000, 80].entries()) {
      const packet = randomBytes(length);
      const datagram = datagramOf(packet, data);
      expect(datagram.subarray(-NONCE_BYTES).readUInt32BE(0)).toBe(index + 1);
      expect(opened(datagram, data)).toEqual(packet);
    }
  });

test('the header is that of RTP: version 2, Opus, sequence number, timestamp, SSRC', () => {
  const data = setUp(XCHACHA);
  expect(datagramOf(randomBytes(80), data).subarray(0, HEADER_BYTES).toString('hex')).toBe(
    '8078fffffffffc40fedcba98',
  );
});

test('a packet that is encrypted end to end first is longer, and is what the receiver opens', () => {
  const data = setUp(XCHACHA);
  const frame = randomBytes(92);
  const dave = {
    protocolVersion: 1,
    voicePrivacyCode: '',
    pendingTransitions: new Map(),
    encrypt: () => frame,
  };
  expect(opened(encryptOpusPacket(randomBytes(80), data, rtpHeader(data), dave), data)).toEqual(frame);
});

test('a datagram that is still to be sent is not overwritten once its buffer was left', () => {
  const data = setUp(XCHACHA);
  const packet = randomBytes(80);
  const waiting = datagramOf(packet, data);
  leaveBuffer();
  datagramOf(randomBytes(80), data);
  expect(opened(waiting, data)).toEqual(packet);
});

test('the nonce starts again after its last value', () => {
  const data = setUp(AES);
  data.nonce = 0xffff_ffff;
  datagramOf(randomBytes(80), data);
  expect(data.nonce).toBe(0);
});

test('an unknown mode is refused', () => {
  const data = setUp({ encryptionMode: 'xsalsa20_poly1305', nonceBytes: 24 });
  expect(() => datagramOf(randomBytes(80), data)).toThrow(/Unsupported/);
});

test('XChaCha20 comes first where it is on offer', () => {
  const offered = { op: 2, d: { modes: [AES_256_GCM, XCHACHA20_POLY1305, 'other'] } };
  preferXChaCha(offered);
  expect(offered.d.modes).toEqual([XCHACHA20_POLY1305, AES_256_GCM, 'other']);
  const only = { op: 2, d: { modes: [AES_256_GCM] } };
  preferXChaCha(only);
  expect(only.d.modes).toEqual([AES_256_GCM]);
});
