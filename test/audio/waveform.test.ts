import opus from '@discordjs/opus';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { oggOpus } from '../../src/audio/ogg/writer.ts';
import { PacketError } from '../../src/audio/opus/packet.ts';
import { voiceMessageFacts } from '../../src/audio/waveform.ts';
import { countTurns } from '../support/event-loop.ts';
import { readPages } from './ogg/raw-ogg.ts';
import { encode } from './opus.ts';
import { packet20 } from './pages.ts';

/** Half a second of a tone of each of these heights, 0 to 1 of full scale. */
function tones(...heights: number[]): Uint8Array[] {
  const encoder = new opus.OpusEncoder(48_000, 1);
  return heights.flatMap(height =>
    Array.from({ length: 25 }, (_, packet) => {
      const pcm = new Int16Array(960).map((_, i) => {
        const seconds = (packet * 960 + i) / 48_000;
        return Math.round(32_767 * height * Math.sin(2 * Math.PI * 400 * seconds));
      });
      return encoder.encode(Buffer.from(pcm.buffer));
    }),
  );
}

async function bars(packets: readonly Uint8Array[]): Promise<number[]> {
  return [...Buffer.from((await voiceMessageFacts(packets)).waveform, 'base64')];
}

describe('voiceMessageFacts', () => {
  test('louder is higher, the loudest is full height, silence is nothing', async () => {
    const heights = await bars(tones(0.05, 0.2, 0.8, 0.1, 0));
    expect(heights).toHaveLength(25);
    const middles = [2, 7, 12, 17, 23].map(at => heights[at] ?? Number.NaN);
    const [quiet = 0, middle = 0, loud = 0, low = 0, silence = 0] = middles;
    expect(Math.max(...heights)).toBe(255);
    expect(loud).toBeGreaterThan(230);
    expect(middle / loud).toBeCloseTo(0.25, 1);
    expect(low / loud).toBeCloseTo(0.125, 1);
    expect(quiet / loud).toBeCloseTo(0.06, 1);
    expect(quiet).toBeGreaterThan(5);
    expect(silence).toBe(0);
  });

  test('what is nearly silent all the way is drawn so', async () => {
    expect(Math.max(...(await bars(tones(0, 0, 0))))).toBe(0);
    const whisper = Math.max(...(await bars(tones(0.004, 0.004))));
    expect(whisper).toBeGreaterThan(10);
    expect(whisper).toBeLessThan(100);
  });

  test('lasts as long as the file of the same packets plays', async () => {
    for (const ms of [2.5, 10, 20, 60] as const) {
      const packets = encode({ mode: 'celt', ms, packets: 77 });
      const { durationSecs } = await voiceMessageFacts(packets);
      const pages = readPages(Buffer.from(oggOpus(packets)));
      const preSkip = pages[0]?.pieces[0]?.readUInt16LE(10) ?? Number.NaN;
      expect(durationSecs).toBeCloseTo((Number(pages.at(-1)?.granule) - preSkip) / 48_000, 6);
      expect(durationSecs).toBeCloseTo((ms * 77) / 1000 - 0.0065, 6);
    }
  });

  test('has a bar for each tenth of a second, never none and never more than 256', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1800 }), async count => {
        const packets = Array.from({ length: count }, (_, i) => packet20(i, 3));
        const { durationSecs, waveform } = await voiceMessageFacts(packets);
        const length = Buffer.from(waveform, 'base64').length;
        expect(length).toBe(Math.max(1, Math.min(256, Math.round(durationSecs * 10))));
        expect(durationSecs).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 15 },
    );
  });

  test('one bar is drawn of the shortest sound and of none', async () => {
    expect(await bars([])).toEqual([0]);
    expect((await voiceMessageFacts([])).durationSecs).toBe(0);
    expect(await bars(tones(0.5).slice(3, 4))).toHaveLength(1);
    expect(await bars([Uint8Array.of(0xe0, 1)])).toHaveLength(1);
  });

  test('leaves the packets as they are, and takes stereo', async () => {
    const packets = encode({ mode: 'celt', ms: 20, packets: 60, channels: 2 });
    const before = packets.map(packet => Buffer.from(packet).toString('hex'));
    expect(Math.max(...(await bars(packets)))).toBe(255);
    expect(packets.map(packet => Buffer.from(packet).toString('hex'))).toEqual(before);
  });

  test('lets the event loop turn while it works', async () => {
    const packets = encode({ mode: 'celt', ms: 20, packets: 1500, bitrate: 64_000 });
    const turns = countTurns();
    await voiceMessageFacts(packets);
    expect(turns()).toBeGreaterThan(4);
  });

  test('ends by its signal, and by what is not Opus', async () => {
    const packets = encode({ mode: 'celt', ms: 20, packets: 1500 });
    const ending = new AbortController();
    const facts = voiceMessageFacts(packets, { signal: ending.signal });
    setImmediate(() => ending.abort(new Error('enough')));
    await expect(facts).rejects.toThrow('enough');
    await expect(voiceMessageFacts([Uint8Array.of(0xf9, 1, 2, 3)])).rejects.toThrow(PacketError);
  });
});
