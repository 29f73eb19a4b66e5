import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packetSamples, split20 } from '../../../src/audio/opus/packet.ts';
import { bundle, decode, encode, samples } from '../opus.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);
const filled = (toc: number, length: number) => new Uint8Array(length).fill(7).fill(toc, 0, 1);

/** RFC 6716 table 2: the milliseconds of a frame for each of the 32 configurations. */
const FRAME_MS = [
  [10, 20, 40, 60, 10, 20, 40, 60, 10, 20, 40, 60],
  [10, 20, 10, 20],
  [2.5, 5, 10, 20, 2.5, 5, 10, 20, 2.5, 5, 10, 20, 2.5, 5, 10, 20],
].flat();

describe('how long a packet plays', () => {
  test('is read from its first byte, for all 32 configurations, mono and stereo', () => {
    for (const [config, ms] of FRAME_MS.entries()) {
      for (const stereo of [0, 4]) {
        const toc = (config << 3) | stereo;
        expect(packetSamples(bytes(toc, 1, 2))).toBe(ms * 48);
        expect(packetSamples(bytes(toc))).toBe(ms * 48); // no frame: silence of that length
        expect(packetSamples(bytes(toc | 1, 1, 2))).toBe(ms * 96);
        expect(packetSamples(bytes(toc | 2, 1, 2))).toBe(ms * 96);
        for (let count = 1; count < 64; count++) {
          const whole = ms * count <= 120 ? ms * count * 48 : null;
          expect(packetSamples(bytes(toc | 3, count))).toBe(whole);
        }
      }
    }
  });

  test.each([
    ['R1: empty', bytes()],
    ['R2: a frame over 1275 bytes, code 0', filled(0xf8, 1277)],
    ['R2: a frame over 1275 bytes, code 1', filled(0xf9, 1 + 2 * 1276)],
    ['R2: a last frame over 1275 bytes, code 2', concatTo(bytes(0xfa, 1, 7), 1276)],
    ['R3: two frames of one length in an odd number of bytes', bytes(0xf9, 1, 2, 3)],
    ['R4: a length without its bytes', bytes(0xfa, 4, 1, 2, 3)],
    ['R4: no length', bytes(0xfa)],
    ['R4: half a length', bytes(0xfa, 252)],
    ['R5: no frame', bytes(0xfb, 0, 1)],
    ['R5: over 120 ms', bytes(0xfb, 7, 1, 2, 3, 4, 5, 6, 7)],
    ['R6: a count that does not divide', bytes(0xfb, 2, 1, 2, 3)],
    ['R6: more padding than bytes', bytes(0xfb, 0x41, 4, 1, 2, 3)],
    ['R6: padding without its length', bytes(0xfb, 0x41)],
    ['R6: padding length without an end', bytes(0xfb, 0x41, 255)],
    ['R7: lengths beyond the end', bytes(0xfb, 0x83, 2, 2, 1, 2, 3)],
    ['R7: a length missing', bytes(0xfb, 0x83, 0)],
    ['code 3 without a count', bytes(0xfb)],
    ['an OpusHead', new TextEncoder().encode('OpusHead')],
    ['an OpusTags', new TextEncoder().encode('OpusTags')],
  ])('%s is no packet', (_, packet) => {
    expect(packetSamples(packet)).toBeNull();
    expect(split20(packet)).toBeNull();
  });

  test.each([
    ['a frame of 1275 bytes', filled(0xf8, 1276), 960],
    ['two frames of 1275 bytes', filled(0xf9, 1 + 2 * 1275), 1920],
    ['padding to the last byte', bytes(0xfb, 0x41, 2, 0, 0), 960],
    ['padding of 254 + 1 bytes', bundle([filled(0xf8, 9)], 3, { variable: false, padding: 255 }), 960],
    ['lengths that leave nothing for the last', bytes(0xfb, 0x83, 1, 1, 5, 5), 2880],
  ])('%s is one', (_, packet, whole) => {
    expect(packetSamples(packet)).toBe(whole);
  });

  test('agrees with libopus about any bytes', () => {
    const anyPacket = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 60 }),
      fc
        .tuple(fc.nat(255), fc.nat(255), fc.uint8Array({ maxLength: 40 }))
        .map(([a, b, c]) => bytes(a | 3, b, ...c)),
      fc.tuple(fc.nat(255), fc.integer({ min: 240, max: 1290 })).map(([toc, length]) => filled(toc, length)),
    );
    fc.assert(
      fc.property(anyPacket, packet => {
        const expected = packetSamples(packet);
        if (expected === null) expect(() => decode([packet])).toThrow();
        else expect(samples(decode([packet]))).toBe(expected);
      }),
      { numRuns: 1500 },
    );
  });
});

describe('cutting into packets of 20 ms', () => {
  test('leaves 20 ms alone, the same object, whatever its form', () => {
    for (const packet of [
      bytes(0xf8, 1, 2),
      bytes(0xfb, 1, 1, 2),
      bytes(0xf1, 1, 2), // 2 of 10 ms
      bytes(0xe3, 8), // 8 of 2.5 ms
      bundle([filled(0xf8, 9)], 3, { padding: 300 }),
    ]) {
      const pieces = split20(packet);
      expect(pieces).toHaveLength(1);
      expect(pieces?.[0]).toBe(packet);
    }
  });

  test('cannot cut a frame of 40 or 60 ms, nor what 20 ms does not divide', () => {
    for (const packet of [
      bytes(0x10, 1), // SILK 40
      bytes(0x18, 1), // SILK 60
      bytes(0x59, 1, 2), // 2 of SILK 60
      bytes(0xf0, 1), // 10
      bytes(0xf3, 3, 1, 2, 3), // 3 of 10
      bytes(0xe0, 1), // 2.5
      bytes(0xe3, 12), // 12 of 2.5
    ]) {
      expect(packetSamples(packet)).not.toBeNull();
      expect(split20(packet)).toBeNull();
    }
  });

  test('gives back the very packets that were put together', () => {
    const frame = fc
      .oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 1276 }))
      .map(n => filled(0x7c, n));
    fc.assert(
      fc.property(
        fc.array(frame, { minLength: 2, maxLength: 6 }),
        fc.option(fc.nat(1100), { nil: undefined }),
        (packets, padding) => {
          expect(split20(bundle(packets, 3, padding === undefined ? {} : { padding }))).toEqual(packets);
          if (packets.length === 2) expect(split20(bundle(packets, 2))).toEqual(packets);
          const even = packets.map(() => packets[0] ?? bytes());
          expect(split20(bundle(even, 3, { variable: false }))).toEqual(even);
          if (packets.length === 2) expect(split20(bundle(even, 1))).toEqual(even);
        },
      ),
    );
  });

  test('groups shorter frames to 20 ms each, in the shortest form', () => {
    const ten = [bytes(0xf0, 1), bytes(0xf0, 2), bytes(0xf0, 3), bytes(0xf0, 4, 4)];
    expect(split20(bundle(ten, 3))).toEqual([bytes(0xf1, 1, 2), bytes(0xf2, 1, 3, 4, 4)]);
    const five = Array.from({ length: 8 }, (_, i) => bytes(0xe8, i));
    expect(split20(bundle(five, 3))).toEqual([bytes(0xeb, 4, 0, 1, 2, 3), bytes(0xeb, 4, 4, 5, 6, 7)]);
    five[6] = filled(0xe8, 301);
    const [first, second] = split20(bundle(five, 3)) ?? [];
    expect(first).toEqual(bytes(0xeb, 4, 0, 1, 2, 3));
    expect(second).toEqual(bundle(five.slice(4), 3));
  });

  test.each([
    { mode: 'celt', ms: 40 },
    { mode: 'celt', ms: 60 },
    { mode: 'celt', ms: 120 },
    { mode: 'hybrid', ms: 60 },
    { mode: 'hybrid', ms: 60, channels: 2 },
    { mode: 'celt', ms: 60, constantRate: true },
    { mode: 'celt', ms: 60, bitrate: 128_000, channels: 2 },
  ] as const)('decodes to the same samples as the whole, packets of libopus: %o', options => {
    const whole = encode({ packets: 20, ...options });
    const pieces = whole.flatMap(packet => split20(packet) ?? []);
    expect(pieces).toHaveLength((20 * options.ms) / 20);
    expect(pieces.map(packetSamples)).toEqual(pieces.map(() => 960));
    expect(decode(pieces).equals(decode(whole))).toBe(true);
  });

  test.each([
    { mode: 'silk', ms: 20, count: 3 },
    { mode: 'silk', ms: 10, count: 6 },
    { mode: 'hybrid', ms: 10, count: 12 },
    { mode: 'celt', ms: 10, count: 4 },
    { mode: 'celt', ms: 5, count: 24 },
    { mode: 'celt', ms: 2.5, count: 16 },
  ] as const)('decodes to the same samples as the whole, packets put together: %o', options => {
    const { mode, ms, count } = options;
    const singles = encode({ mode, ms, packets: count * 10 });
    expect(new Set(singles.map(packet => packet[0])).size).toBe(1);
    const whole = Array.from({ length: 10 }, (_, i) =>
      bundle(singles.slice(i * count, (i + 1) * count), 3, { padding: 3 }),
    );
    const pieces = whole.flatMap(packet => split20(packet) ?? []);
    expect(pieces).toHaveLength((10 * count * ms) / 20);
    expect(decode(pieces).equals(decode(singles))).toBe(true);
    expect(decode(whole).equals(decode(singles))).toBe(true);
  });

  test('never throws, and its pieces are 20 ms each and as long together as the whole', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), packet => {
        const pieces = split20(packet);
        if (pieces === null) return;
        for (const piece of pieces) expect(packetSamples(piece)).toBe(960);
        expect(pieces.length * 960).toBe(packetSamples(packet));
      }),
      { numRuns: 2000 },
    );
  });
});

function concatTo(start: Uint8Array, more: number): Uint8Array {
  return Uint8Array.from([...start, ...new Uint8Array(more)]);
}
