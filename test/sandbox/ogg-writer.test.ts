import { expect, test } from 'vitest';
import { audioPackets, readPages } from '../audio/ogg/raw-ogg.ts';
import { startFish } from './fish/fish.ts';
import { numberedPacket } from './fish/numbered-packets.ts';
import { OggOpusWriter, writeOggOpus } from './fish/ogg-writer.ts';
import { RawFish } from './raw-fish-client.ts';

const packets = Array.from({ length: 120 }, (_, index) => numberedPacket({ text: 'a file', index }));

test('a whole file: pages of a second, the last one ends it', () => {
  const pages = readPages(writeOggOpus(packets));
  expect(pages.map(page => Number(page.granule) / 48_000)).toEqual([0, 0, 1, 2, 2.4]);
  expect(pages.map(page => page.eos)).toEqual([false, false, false, false, true]);
  expect(pages.every(page => page.crcRight)).toBe(true);
  expect(audioPackets(pages)).toEqual(packets);
  expect(pages[0]?.pieces[0]?.[9]).toBe(1);
  expect(readPages(writeOggOpus(packets, { channels: 2 }))[0]?.pieces[0]?.[9]).toBe(2);
});

test('also of packets so large that a second does not fit a page, of odd lengths, and of none', () => {
  const large = Array.from({ length: 45 }, (_, i) => Buffer.alloc(1275, i).fill(0xf8, 0, 1));
  const pages = readPages(writeOggOpus(large));
  expect(pages.map(page => page.pieces.length)).toEqual([1, 1, 42, 3]); // six segments each
  expect(audioPackets(pages)).toEqual(large);
  const odd = [1, 254, 255, 256, 510, 511].map(length => Buffer.alloc(length, 0xf8));
  expect(audioPackets(readPages(writeOggOpus(odd)))).toEqual(odd);
  expect(readPages(writeOggOpus([])).map(({ bos, eos }) => [bos, eos])).toEqual([
    [true, false],
    [false, false],
    [false, true],
  ]);
});

test('a page of more than 255 segments is a RangeError', () => {
  expect(() => new OggOpusWriter().page(Array.from({ length: 256 }, () => Buffer.of(0xf8)))).toThrow(
    RangeError,
  );
});

test('real words: an end that is trimmed to the sound, in two packets', async () => {
  await using fish = await startFish({ voice: 'espeak', eventMs: 0 });
  await using client = await RawFish.connect(fish);
  client.say('Hello there. ', 'How are you?');
  await client.over();
  const pages = readPages(Buffer.concat(client.audio));
  const sent = fish.sessions[0]?.packets ?? [];
  expect(audioPackets(pages)).toEqual(sent);
  expect(pages.at(-1)).toMatchObject({ eos: true, pieces: { length: 2 } });
  const trimmed = sent.length * 960 - Number(pages.at(-1)?.granule);
  expect(trimmed).toBeGreaterThanOrEqual(0);
  expect(trimmed).toBeLessThan(960);
  expect(sent.length / 50).toBeGreaterThan(1);
  expect(new Set(sent.map(packet => packet[0]))).toEqual(new Set([0xf8]));
});
