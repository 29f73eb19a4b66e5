import { expect, test } from 'vitest';
import { audioPackets, readPages } from '../audio/ogg/raw-ogg.ts';
import type { FishBehaviour } from './fish/behaviour.ts';
import { startFish } from './fish/fish.ts';
import { type OggShape, plainOgg } from './fish/ogg-shape.ts';
import { RawFish } from './raw-fish-client.ts';

const PAGE_PACKETS = 23;
const FRAME_SAMPLES = 960;

/** What one session sends for these texts. */
async function said(behaviour: Partial<FishBehaviour>, texts = ['One sentence. ', 'And a second one.']) {
  await using fish = await startFish({ eventMs: 0, ...behaviour });
  await using client = await RawFish.connect(fish);
  client.say(...texts);
  await client.over();
  expect(client.finishes).toMatchObject([{ reason: 'stop' }]);
  return { events: client.audio, stream: Buffer.concat(client.audio), sent: fish.sessions[0]?.packets ?? [] };
}

function shaped(ogg: Partial<OggShape>, texts?: string[]) {
  return said({ ogg: { ...plainOgg, ...ogg } }, texts);
}

test('the first event is OpusHead, OpusTags and 23 packets, each later one a page, the last two packets', async () => {
  const { events, stream, sent } = await said({});
  const pages = events.map(readPages);
  const [first = [], ...later] = pages;
  expect(first.map(({ length }) => length).slice(0, 2)).toEqual([47, 794]);
  const [head, tags] = first;
  expect(head?.pieces).toEqual([
    Buffer.from('4f70757348656164010138 0180bb0000000000'.replace(' ', ''), 'hex'),
  ]);
  expect(tags?.pieces[0]?.toString('latin1', 0, 8)).toBe('OpusTags');
  expect(first[2]).toMatchObject({ granule: BigInt(PAGE_PACKETS * FRAME_SAMPLES), sequence: 2 });
  expect(first[2]?.pieces).toHaveLength(PAGE_PACKETS);
  expect(first).toHaveLength(3);
  expect(later.length).toBeGreaterThan(3);
  expect(later.every(({ length }) => length === 1)).toBe(true);
  const all = readPages(stream);
  expect(all.map(({ bos }) => bos)).toEqual(all.map((_, index) => index === 0));
  expect(all.map(({ eos }) => eos)).toEqual(all.map((_, index) => index === all.length - 1));
  expect(all.at(-1)?.pieces).toHaveLength(2);
  expect(all.map(({ sequence }) => sequence)).toEqual(all.map((_, index) => index));
  expect(new Set(all.map(({ serial }) => serial)).size).toBe(1);
  expect(all.every(({ crcRight, continued }) => crcRight && !continued)).toBe(true);
  let samples = 0n;
  for (const { pieces, granule } of all.slice(2)) {
    samples += BigInt(pieces.length * FRAME_SAMPLES);
    expect(granule).toBe(samples);
  }
  expect(audioPackets(all)).toEqual(sent);
  expect(sent.every(packet => packet[0] === 0xf8 && packet.length <= 254)).toBe(true);
  expect(new Set(sent.map(packet => packet.toString('hex'))).size).toBe(sent.length);
});

test('audio comes from the encoder as it does from its stand-in: same pages, trimmed to the sound', async () => {
  const { events, stream, sent } = await said({ voice: 'tones', spread: 0 });
  const all = readPages(stream);
  expect(audioPackets(all)).toEqual(sent);
  expect(readPages(events[0] ?? Buffer.alloc(0))[2]?.pieces).toHaveLength(PAGE_PACKETS);
  expect(all.at(-1)).toMatchObject({ eos: true, pieces: { length: 2 } });
  const texts = 'One sentence. And a second one.';
  expect(all.at(-1)?.granule).toBe(BigInt(texts.length * 0.08 * 48_000 + 312));
});

test('chainPerFlush: a logical stream for each text, whole and ended', async () => {
  const { stream, sent } = await shaped({ chainPerFlush: true });
  const pages = readPages(stream);
  const starts = pages.flatMap(({ bos }, index) => (bos ? [index] : []));
  expect(starts).toHaveLength(2);
  for (const logical of [pages.slice(0, starts[1]), pages.slice(starts[1])]) {
    expect(logical.map(({ sequence }) => sequence)).toEqual(logical.map((_, index) => index));
    expect(logical.at(-1)?.eos).toBe(true);
    expect(new Set(logical.map(({ serial }) => serial)).size).toBe(1);
  }
  expect(pages[0]?.serial).not.toBe(pages.at(-1)?.serial);
  expect(audioPackets(pages)).toEqual(sent);
});

test('continuePackets: pages end inside a packet, and the next one goes on with it', async () => {
  const { stream, sent } = await shaped({ continuePackets: true });
  const pages = readPages(stream);
  const audio = pages.slice(2);
  expect(audio.slice(0, -1).every(({ unfinished }) => unfinished)).toBe(true);
  expect(audio.slice(1).every(({ continued }) => continued)).toBe(true);
  expect(audio[0]).toMatchObject({ continued: false, granule: BigInt((PAGE_PACKETS - 1) * FRAME_SAMPLES) });
  expect(audio.at(-1)).toMatchObject({ unfinished: false, eos: true });
  expect(pages.every(({ crcRight }) => crcRight)).toBe(true);
  expect(audioPackets(pages)).toEqual(sent);
});

test.each(['byte', 'random'] as const)(
  'splitEvents %s: events in parts, the same stream',
  async splitEvents => {
    const shape = { ...plainOgg, splitEvents, seed: 7 };
    const { events, stream, sent } = await said({ packets: 30, ogg: shape }, ['Cut.']);
    expect(audioPackets(readPages(stream))).toEqual(sent);
    const sizes = events.map(({ length }) => length);
    if (splitEvents === 'byte') expect(new Set(sizes)).toEqual(new Set([1]));
    else expect(new Set(sizes).size).toBeGreaterThan(3);
    if (splitEvents === 'byte') return;
    const again = await said({ packets: 30, ogg: shape }, ['Cut.']);
    expect(again.events.map(({ length }) => length)).toEqual(sizes);
  },
);

test('pagesPerEvent and headersApart: how pages lie in events', async () => {
  const grouped = await shaped({ pagesPerEvent: 3 }, ['Long enough for three pages. ', 'And more.']);
  expect(readPages(grouped.events[0] ?? Buffer.alloc(0))).toHaveLength(5);
  expect(audioPackets(readPages(grouped.stream))).toEqual(grouped.sent);
  const apart = await shaped({ headersApart: true });
  expect(apart.events[0]).toHaveLength(47 + 794);
  expect(apart.events.slice(1).every(event => readPages(event).length === 1)).toBe(true);
  expect(audioPackets(readPages(apart.stream))).toEqual(apart.sent);
});

test.each([0, 1, 2, 4])('badCrcAtPage %i: that checksum is wrong, and no other', async badCrcAtPage => {
  const { stream } = await shaped({ badCrcAtPage });
  const wrong = readPages(stream).flatMap(({ crcRight }, index) => (crcRight ? [] : [index]));
  expect(wrong).toEqual([badCrcAtPage]);
});

test('eos false: no page has the flag; truncateTail: the last page lacks that many bytes', async () => {
  const endless = await shaped({ eos: false });
  expect(readPages(endless.stream).some(({ eos }) => eos)).toBe(false);
  expect(audioPackets(readPages(endless.stream))).toEqual(endless.sent);
  const { stream, events, sent } = await shaped({ truncateTail: 10 });
  expect(() => readPages(stream)).toThrow('10 bytes of a page are missing');
  expect(audioPackets(readPages(Buffer.concat(events.slice(0, -1))))).toEqual(sent);
});

test.each<[OggShape['packet'], number, number]>([
  ['plain', 0xf8, 960],
  ['10ms', 0xf0, 480],
  ['60ms', 0xfb, 2880],
  ['two-10ms', 0xf1, 960],
  ['padded', 0xfb, 960],
  ['stereo', 0xfc, 960],
  ['silk-40ms', 0x50, 1920],
  ['silk-60ms', 0x58, 2880],
])('packets %s: TOC %i and %i samples each', async (packet, toc, samples) => {
  const { stream, sent } = await shaped({ packet });
  const pages = readPages(stream);
  expect(new Set(sent.map(each => each[0]))).toEqual(new Set([toc]));
  expect(pages[0]?.pieces[0]?.[9]).toBe(packet === 'stereo' ? 2 : 1);
  expect(pages.at(-1)?.granule).toBe(BigInt(sent.length * samples));
});
