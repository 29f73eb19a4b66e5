import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { audioKind } from './fish/audio-kind.ts';
import { startFish } from './fish/fish.ts';
import { silentMp3Frame } from './fish/mp3-frames.ts';
import { RawFish } from './raw-fish-client.ts';

const WAV = Buffer.from('RIFF\0\0\0\0WAVEfmt and so on');
const MP3 = silentMp3Frame(32_000, 64);
const FLAC = Buffer.from('fLaC and so on');
const OGG = Buffer.from('OggS and so on');

test('recordings that come with `start` are noted: kind, length, hash and words', async () => {
  await using fish = await startFish();
  await using client = await RawFish.connect(fish);
  const references = [WAV, MP3, FLAC].map((audio, index) => ({ audio, text: `number ${index}` }));
  client.start({ references });
  client.send({ event: 'text', text: 'As I do.' });
  client.send({ event: 'stop' });
  await client.over();
  expect(client.finishes).toMatchObject([{ reason: 'stop' }]);
  expect(fish.sessions[0]?.references).toEqual(
    (['wav', 'mp3', 'flac'] as const).map((kind, index) => {
      const audio = references[index]?.audio ?? Buffer.alloc(0);
      const sha256 = createHash('sha256').update(audio).digest('hex');
      return { kind, bytes: audio.length, sha256, text: `number ${index}` };
    }),
  );
});

test.each<[unknown, string]>([
  ['a file', 'invalid type for references: expected a sequence'],
  [['a file'], 'invalid type for references: expected struct ReferenceAudio'],
  [[{ text: 'words' }], 'missing field audio'],
  [[{ audio: WAV }], 'missing field text'],
  [[{ audio: WAV, text: 1 }], 'invalid type for text: expected string'],
  [[{ audio: WAV.toString('base64'), text: 'words' }], 'invalid type for audio: expected bytes'],
  [[{ audio: {}, text: 'what the SDK makes of a File' }], 'invalid type for audio: expected bytes'],
  [[{ audio: OGG, text: 'words' }], 'Invalid reference audio'],
  [[{ audio: Buffer.from('<html>'), text: 'words' }], 'Invalid reference audio'],
  [[{ audio: Buffer.alloc(0), text: 'words' }], 'Invalid reference audio'],
])('references %j are refused in band', async (references, error) => {
  await using fish = await startFish();
  await using client = await RawFish.connect(fish);
  client.start({ references });
  await client.closed();
  expect(client.events).toEqual([{ event: 'error', error }]);
  expect(fish.sessions).toMatchObject([{ ended: 'error', references: [] }]);
  expect(fish.openSessions).toBe(0);
});

test('recordings of several speakers are not for s1', async () => {
  await using fish = await startFish();
  const references = [[{ audio: WAV, text: 'I' }], [{ audio: MP3, text: 'and I' }]];
  for (const model of ['s1', 's2.1-pro']) {
    await using client = await RawFish.connect(fish, { model });
    client.start({ references });
    client.send({ event: 'stop' });
    await client.over();
    expect(client.events[0]?.event).toBe(model === 's1' ? 'error' : 'finish');
  }
  expect(fish.sessions[1]?.references.map(({ text }) => text)).toEqual(['I', 'and I']);
});

test.each([
  [WAV, 'wav'],
  [MP3, 'mp3'],
  [Buffer.from('ID3\u0004'), 'mp3'],
  [FLAC, 'flac'],
  [OGG, 'ogg'],
  [Buffer.from('\0\0\0 ftypM4A '), 'm4a'],
  [Buffer.from('RIFF\0\0\0\0AVI '), undefined],
  [Buffer.from('<!doctype html>'), undefined],
  [Buffer.of(0xff, 0xfb), undefined],
  [Buffer.of(0xff, 0xd8, 0xff, 0xe0), undefined],
  [Buffer.alloc(0), undefined],
])('the kind of %j is %s', (bytes, kind) => {
  expect(audioKind(bytes)).toBe(kind);
});

test('with `debug` the server logs what it does, without it nothing', async () => {
  await using fish = await startFish();
  for (const debug of [true, false]) {
    await using client = await RawFish.connect(fish);
    client.send({ event: 'start', debug, request: { text: '', format: 'opus' } });
    client.send({ event: 'text', text: 'Hello.' });
    client.send({ event: 'stop' });
    await client.over();
    const logs = client.events.filter(({ event }) => event === 'log').map(({ message }) => message);
    const wanted = ['start: model s2.1-pro, format opus', 'synthesising 6 characters', 'finished'];
    expect(logs).toEqual(debug ? wanted : []);
    expect(client.audio.length).toBeGreaterThan(0);
  }
});

test.each([
  [44_100, 128],
  [44_100, 64],
  [32_000, 192],
])('format mp3 at %i Hz and %i kb/s: whole frames, as long as the sound', async (rate, kilobits) => {
  await using fish = await startFish({ voice: 'tones', spread: 0 }); // each tone has its usual length
  await using client = await RawFish.connect(fish);
  client.start({ format: 'mp3', sample_rate: rate, mp3_bitrate: kilobits });
  for (const text of ['Ten tones!', 'And some more.']) {
    client.send({ event: 'text', text });
    client.send({ event: 'flush' });
  }
  client.send({ event: 'stop' });
  await client.over();
  expect(client.audio.length).toBeGreaterThan(3);
  const bytes = Buffer.concat(client.audio);
  const size = Math.floor((144_000 * kilobits) / rate); // ISO 11172-3, 2.4.3.1
  const frames = bytes.length / size;
  for (let at = 0; at < bytes.length; at += size) expect(bytes.readUInt32BE(at) >>> 16).toBe(0xfffb); // each frame begins where the last one ends
  expect(frames).toBe(Math.ceil((24 * 0.08 * rate) / 1152));
});
