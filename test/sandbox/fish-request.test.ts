import { expect, test } from 'vitest';
import { startFish } from './fish/fish.ts';
import { RawFish } from './raw-fish-client.ts';

const MULTI_SPEAKER = 'data did not match any variant of untagged enum MultiSpeakerReference';

test.each<[Record<string, unknown>, string]>([
  [{ opus_bitrate: 32 }, 'Invalid opus bitrate 32. Supported bitrates: -1000, 24000, 32000, 48000, 64000'],
  [{ format: 'mp3', mp3_bitrate: 32 }, 'Invalid mp3 bitrate 32. Supported bitrates: 64, 128, 192'],
  [{ sample_rate: 44_100 }, 'Invalid sample rate 44100 for format opus. Supported sample rates: 48000'],
  [
    { format: 'pcm', sample_rate: 48_000 },
    'Invalid sample rate 48000 for format pcm. Supported sample rates: 8000, 16000, 24000, 32000, 44100',
  ],
  [{ prosody: { speed: 2.1 } }, 'speed must be in [0.5, 2.0]'],
  [{ prosody: { speed: 0.4 } }, 'speed must be in [0.5, 2.0]'],
  [{ prosody: { volume: 21 } }, 'volume must be in [-20, 20]'],
  [{ chunk_length: 99 }, 'chunk_length must be in [100, 300]'],
  [{ format: 'flac' }, 'unknown variant flac, expected one of wav, pcm, mp3, opus'],
  [{ latency: 'quick' }, 'unknown variant quick, expected one of low, normal, balanced'],
  [{ text: undefined }, 'invalid type for text: expected string'],
  [{ temperature: '1' }, 'invalid type for temperature: expected number'],
])('%j is refused in band', async (request, error) => {
  await using fish = await startFish();
  await using client = await RawFish.connect(fish);
  client.start(request);
  expect(await client.closed()).toBe(1000);
  expect(client.events).toEqual([{ event: 'error', error }]);
  expect(fish.sessions).toMatchObject([{ ended: 'error' }]);
  expect(fish.openSessions).toBe(0);
});

test('a start without request, or a request without text, is refused', async () => {
  await using fish = await startFish();
  for (const [start, error] of [
    [{ event: 'start' }, 'missing field request'],
    [{ event: 'start', request: { format: 'opus' } }, 'missing field text'],
  ]) {
    await using client = await RawFish.connect(fish);
    client.send(start);
    await client.closed();
    expect(client.events).toEqual([{ event: 'error', error }]);
  }
});

test('several speakers are not for s1', async () => {
  await using fish = await startFish();
  for (const model of ['s1', 's2-pro']) {
    await using client = await RawFish.connect(fish, { model });
    client.start({ reference_id: ['ann', 'ben'] });
    client.send({ event: 'stop' });
    await client.over();
    expect(client.events[0]).toMatchObject(
      model === 's1' ? { error: MULTI_SPEAKER } : { event: 'finish', reason: 'stop' },
    );
  }
});

test.each<Record<string, unknown>>([
  { temperature: 2 },
  { opus_bitrate: -1000, sample_rate: 48_000 },
  { sample_rate: null, reference_id: null, prosody: null },
  { prosody: { speed: 0.5, volume: -20 } },
  { features: ['quality-guard'], nobody_knows_this: 1 },
])('%j is accepted, and recorded as it came', async request => {
  await using fish = await startFish();
  await using client = await RawFish.connect(fish);
  client.start(request);
  client.send({ event: 'text', text: 'Fine.' });
  client.send({ event: 'stop' });
  await client.over();
  expect(client.finishes).toMatchObject([{ reason: 'stop' }]);
  expect(client.audio.length).toBeGreaterThan(0);
  expect(fish.sessions[0]?.request).toEqual({ text: '', format: 'opus', ...request });
});

test('any opus_bitrate but -1000 comes out saturated', async () => {
  await using fish = await startFish({ packets: 100 });
  const kilobits: number[] = [];
  for (const opus_bitrate of [-1000, 24_000]) {
    await using client = await RawFish.connect(fish);
    client.start({ opus_bitrate });
    client.send({ event: 'text', text: 'How large?' });
    client.send({ event: 'stop' });
    await client.over();
    const bytes = fish.sessions.at(-1)?.packets.reduce((sum, packet) => sum + packet.length, 0) ?? 0;
    kilobits.push((bytes * 8) / 2_000); // in two seconds
  }
  expect(kilobits[0]).toBeGreaterThan(50);
  expect(kilobits[0]).toBeLessThan(72);
  expect(kilobits[1]).toBeGreaterThan(230);
});

test.each([
  ['pcm', 24_000, 0],
  ['wav', 44_100, 44],
] as const)(
  'format %s at %i Hz: 16-bit samples behind a header of %i bytes',
  async (format, rate, header) => {
    await using fish = await startFish({ voice: 'tones', spread: 0 }); // each tone has its usual length
    await using client = await RawFish.connect(fish);
    client.start({ format, sample_rate: rate });
    client.send({ event: 'text', text: 'Ten tones!' });
    client.send({ event: 'stop' });
    await client.over();
    expect(client.finishes).toMatchObject([{ reason: 'stop' }]);
    expect(client.audio.length).toBeGreaterThan(1);
    const bytes = Buffer.concat(client.audio);
    expect(bytes.length - header).toBe(10 * 0.08 * rate * 2);
    if (format === 'wav') {
      expect(bytes.toString('latin1', 0, 4) + bytes.toString('latin1', 8, 16)).toBe('RIFFWAVEfmt ');
      expect([bytes.readUInt16LE(22), bytes.readUInt32LE(24), bytes.readUInt16LE(34)]).toEqual([1, rate, 16]);
    }
  },
);
