import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { oggOpus } from '../../../src/audio/ogg/writer.ts';
import { PacketError, packetSamples } from '../../../src/audio/opus/packet.ts';
import { clean, demux, streamArb } from '../demux.ts';
import { encode } from '../opus.ts';
import { hex, packet20 } from '../pages.ts';
import { audioPackets, readPages } from './raw-ogg.ts';

/** A packet of 20 ms and any length, most of it padding (RFC 6716 §3.2.5). */
function padded(length: number): Uint8Array {
  const packet = new Uint8Array(length);
  packet.set([0xfb, 0x41]);
  // n bytes of 255 stand for 254 each, the last one for itself: with themselves, all but four bytes.
  const rest = length - 4;
  const more = Math.max(0, Math.floor((rest - 1) / 255));
  packet.fill(255, 2, 2 + more);
  packet[2 + more] = rest - more * 255 - 1;
  return packet;
}

const samplesOf = (packets: readonly Uint8Array[]) =>
  packets.reduce((sum, packet) => sum + (packetSamples(packet) ?? Number.NaN), 0);

describe('oggOpus', () => {
  test('what went in comes out, bit for bit, with every page whole and every position right', () => {
    fc.assert(
      fc.property(streamArb, ({ packets }) => {
        const file = Buffer.from(oggOpus(packets));
        const { packets: heard, complete, counts } = demux([file]);
        expect(heard).toEqual(hex(packets));
        expect(complete).toBe(true);
        expect(counts).toMatchObject({ ...clean, streams: 1 });

        const pages = readPages(file);
        expect(hex(audioPackets(pages))).toEqual(hex(packets));
        expect(pages.every(page => page.crcRight)).toBe(true);
        expect(pages.map(page => page.sequence)).toEqual(pages.map((_, at) => at));
        expect(pages.map(page => page.bos)).toEqual(pages.map((_, at) => at === 0));
        expect(pages.map(page => page.eos)).toEqual(pages.map((_, at) => at === pages.length - 1));
        expect(new Set(pages.map(page => page.serial)).size).toBe(1);
        let samples = 0;
        for (const page of pages.slice(2)) {
          const before = samples;
          samples += samplesOf(page.pieces);
          expect(Number(page.granule)).toBe(samples);
          expect(samples - before).toBeLessThanOrEqual(48_000);
        }
        expect(samples).toBe(samplesOf(packets));
      }),
      { numRuns: 200 },
    );
  });

  test('a page has a second, or as many packets as its table can hold', () => {
    const seconds = (packets: readonly Uint8Array[]) =>
      readPages(Buffer.from(oggOpus(packets))).map(page => Number(page.granule) / 48_000);
    expect(seconds(Array.from({ length: 120 }, (_, i) => packet20(i)))).toEqual([0, 0, 1, 2, 2.4]);
    expect(seconds(Array.from({ length: 60 }, (_, i) => packet20(i, 1276)))).toEqual([0, 0, 0.84, 1.2]);
    // 2.5 ms a packet: 255 of them.
    expect(seconds(Array.from({ length: 300 }, () => Uint8Array.of(0xe0, 1)))).toEqual([0, 0, 0.6375, 0.75]);
  });

  test.each([255 * 254, 255 * 255 - 1, 255 * 255, 65_500])('a packet of %i bytes', length => {
    const packets = [packet20(1), padded(length), packet20(2)];
    expect(packets.map(packetSamples)).toEqual([960, 960, 960]);
    const file = Buffer.from(oggOpus(packets));
    expect(demux([file]).packets).toEqual(hex(packets));
    const pages = readPages(file);
    expect(pages.every(page => page.crcRight)).toBe(true);
    const over = length >= 255 * 255;
    expect(pages.map(page => Number(page.granule))).toEqual(
      over ? [0, 0, 960, -1, 2880] : [0, 0, 960, 1920, 2880].slice(0, pages.length),
    );
    expect(pages.map(page => page.continued)).toEqual(pages.map((_, at) => over && at === 4));
  });

  test('the head says mono or stereo, the pre-skip, and 48 kHz; the tags name no one', () => {
    const head = (packets: readonly Uint8Array[], options = {}) =>
      readPages(Buffer.from(oggOpus(packets, options)))[0]?.pieces[0]?.toString('hex');
    const mono = encode({ mode: 'celt', ms: 20, packets: 3 });
    const stereo = encode({ mode: 'celt', ms: 20, packets: 3, channels: 2 });
    const magic = Buffer.from('OpusHead').toString('hex');
    expect(head(mono)).toBe(`${magic}0101380180bb0000000000`);
    expect(head([...mono, ...stereo])).toBe(`${magic}0102380180bb0000000000`);
    expect(head(mono, { preSkip: 0x0506 })).toBe(`${magic}0101060580bb0000000000`);
    expect(head([Uint8Array.of(0xe0, 1)])).toBe(`${magic}0101780080bb0000000000`);
    const tags = readPages(Buffer.from(oggOpus(mono)))[1]?.pieces[0];
    expect(tags?.toString('latin1')).toBe('OpusTags\x0a\0\0\0Parrotfish\0\0\0\0');
  });

  test('the serial is the one wanted, or a new one for every file', () => {
    const serial = (options = {}) => readPages(Buffer.from(oggOpus([packet20(1)], options)))[0]?.serial;
    expect(serial({ serial: 0xfedcba98 })).toBe(0xfedcba98);
    expect(new Set(Array.from({ length: 8 }, () => serial())).size).toBeGreaterThan(1);
  });

  test('a file of nothing is a file', () => {
    const pages = readPages(Buffer.from(oggOpus([])));
    expect(pages.map(({ eos, granule }) => [eos, granule])).toEqual([
      [false, 0n],
      [false, 0n],
      [true, 0n],
    ]);
  });

  test('refuses what is not Opus', () => {
    for (const bad of [new Uint8Array(), Uint8Array.of(0xf9, 1, 2, 3)]) {
      expect(() => oggOpus([packet20(1), bad])).toThrow(PacketError);
    }
  });
});
