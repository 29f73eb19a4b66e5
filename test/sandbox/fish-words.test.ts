import opus from '@discordjs/opus';
import { expect, test } from 'vitest';
import { startFish } from './fish/fish.ts';
import { hexId } from './fish/library-voices.ts';
import { plainOgg } from './fish/ogg-shape.ts';
import { NumberedSource } from './fish/packet-source.ts';
import { resample } from './fish/pcm.ts';
import { Rendition } from './fish/rendition.ts';
import { speakTones } from './fish/tones.ts';
import { Words } from './fish/words.ts';
import { RawFish } from './raw-fish-client.ts';

const USUAL = { voice: '', speed: 1 };
/** Without chance. */
const plain = () => new Rendition({ number: 0, spread: 0, seed: 1 });

test('real words, and where they are', async () => {
  const words = new Words();
  const { rate, samples, words: spans } = await words.speak('Hello there, real words.', USUAL, plain());
  expect(spans.map(({ text }) => text)).toEqual(['Hello', 'there', 'real', 'words']);
  for (const [index, { from, to }] of spans.entries()) {
    expect(to).toBeGreaterThan(from);
    expect(to).toBeLessThanOrEqual(spans[index + 1]?.from ?? samples.length);
  }
  expect((spans[2]?.from ?? 0) - (spans[1]?.to ?? 0), 'the pause of a comma').toBeGreaterThan(rate / 10);
  expect(rate).toBe(22_050);
  expect(samples.length / rate).toBeGreaterThan(1);
  expect(samples.length / rate).toBeLessThan(4);
  expect(samples.reduce((most, sample) => Math.max(most, sample), 0)).toBeGreaterThan(3000);
});

test('a voice has its own sound, speed shortens, directions are not read out', async () => {
  const words = new Words();
  const usual = await words.speak('Hello there.', USUAL, plain());
  const other = await words.speak('Hello there.', { voice: 'another', speed: 1 }, plain());
  expect(other.samples).not.toEqual(usual.samples);
  const fast = await words.speak('Hello there.', { voice: '', speed: 2 }, plain());
  expect(fast.samples.length).toBeLessThan(usual.samples.length * 0.8);
  const directed = await words.speak('[whispering sweetly]Hello there.', USUAL, plain());
  expect(directed.samples.length / usual.samples.length).toBeCloseTo(1, 1);
});

test('the voices of a library differ in pace, and keep it', async () => {
  const [words, again] = [new Words(), new Words()];
  const voices = Array.from({ length: 6 }, (_, index) => hexId(`voice ${index}`));
  const say = (from: Words, voice: string) => from.speak('Hello there.', { voice, speed: 1 }, plain());
  const said = await Promise.all(voices.map(voice => say(words, voice)));
  expect(new Set(said.map(({ samples }) => samples.length)).size).toBeGreaterThan(4);
  const [voice = ''] = voices;
  const { samples } = await say(again, voice);
  expect(samples.length / (said[0]?.samples.length ?? 0)).toBeCloseTo(1, 2); // eSpeak itself is never quite the same
});

test('numbered packets: a word is loud from its first packet to its last, a pause is silent', async () => {
  for (let number = 1; number <= 10; number += 1) {
    const rendition = new Rendition({ number, spread: 0.2, seed: 1 });
    const source = new NumberedSource({ shape: plainOgg, saturated: false, rendition, total: undefined });
    const { packets, words } = await source.speak('Hello there, all of you.');
    const decoder = new opus.OpusEncoder(48_000, 1);
    for (const [at, packet] of packets.entries()) {
      const pcm = decoder.decode(packet);
      const samples = new Int16Array(pcm.buffer, pcm.byteOffset, pcm.length >> 1);
      const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
      const isWord = words.some(({ from, to }) => from <= at && at < to);
      const follows = words.some(({ to }) => to === at); // a word still sounds for 2.5 ms
      if (isWord) expect(loudest, `packet ${at}`).toBeGreaterThan(3_000);
      else if (!follows) expect(loudest, `packet ${at}`).toBe(0);
    }
  }
});

test.each([48_000, 44_100, 8000])('resampled to %i Hz a tone keeps pitch, loudness and length', rate => {
  const tone = (hertz: number, at: number, count: number) =>
    Int16Array.from({ length: count }, (_, i) => 10_000 * Math.sin((2 * Math.PI * hertz * i) / at));
  const out = resample({ rate: 22_050, samples: tone(440, 22_050, 22_050) }, rate);
  expect(out.length).toBe(rate);
  const wanted = tone(440, rate, rate);
  const inside = [...wanted.keys()].slice(100, -100);
  const worst = inside.reduce((most, i) => Math.max(most, Math.abs((out[i] ?? 0) - (wanted[i] ?? 0))), 0);
  expect(worst).toBeLessThan(200);
});

test('wav and pcm: the same sound, with a header and without', async () => {
  await using fish = await startFish({ voice: 'tones', spread: 0 });
  const sound: Buffer[] = [];
  for (const format of ['wav', 'pcm']) {
    await using client = await RawFish.connect(fish);
    client.start({ format, sample_rate: 16_000, text: 'Hello.' });
    client.send({ event: 'stop' });
    await client.over();
    sound.push(Buffer.concat(client.audio));
  }
  const [wav, pcm] = sound;
  expect(wav?.toString('latin1', 0, 16)).toMatch(/^RIFF....WAVEfmt $/s);
  expect([wav?.readUInt16LE(22), wav?.readUInt32LE(24), wav?.readUInt16LE(34)]).toEqual([1, 16_000, 16]);
  expect(wav?.subarray(44)).toEqual(pcm);
  expect(pcm?.length).toBe(2 * 6 * 16_000 * 0.08); // six characters of 80 ms
});

test('no two renditions are alike: each word and each pause is up to 20 % longer or shorter', async () => {
  const text = 'The quick brown fox, and the lazy dog.';
  const words = new Words();
  const lengths = async (number: number) => {
    const rendition = () => new Rendition({ number, spread: 0.2, seed: 1 });
    const spoken = [await words.speak(text, USUAL, rendition()), speakTones(text, rendition())];
    return spoken.flatMap(({ words: spans, rate }) => spans.map(({ from, to }) => (to - from) / rate));
  };
  const usual = [await words.speak(text, USUAL, plain()), speakTones(text, plain())].flatMap(
    ({ words: spans, rate }) => spans.map(({ from, to }) => (to - from) / rate),
  );
  const renditions = await Promise.all([0, 1, 2, 3].map(lengths));
  expect(new Set(renditions.map(String)).size).toBe(4);
  const factors = renditions.flatMap(each => each.map((length, word) => length / (usual[word] ?? 0)));
  for (const factor of factors) expect(Math.abs(factor - 1)).toBeLessThan(0.35); // eSpeak is not exact
  expect(Math.max(...factors)).toBeGreaterThan(1.1);
  expect(Math.min(...factors)).toBeLessThan(0.9);
  const again = speakTones(text, new Rendition({ number: 0, spread: 0.2, seed: 1 }));
  expect(again).toEqual(speakTones(text, new Rendition({ number: 0, spread: 0.2, seed: 1 })));
});
