import { FishAudioClient, RealtimeEvents } from 'fish-audio';
import { expect, test } from 'vitest';
import { audioPackets, readPages } from '../audio/ogg/raw-ogg.ts';
import { startFish } from './fish/fish.ts';

/** The official SDK, unmodified, against the sandbox's Fish Audio: what it cannot use would be our own invention. */

async function* words() {
  yield 'Hello from ';
  yield 'the official SDK.';
}

async function synthesise(options: {
  apiKey: string;
  baseUrl: string;
}): Promise<{ audio: Buffer; errors: unknown[] }> {
  const client = new FishAudioClient(options);
  const connection = await client.textToSpeech.convertRealtime({ text: '', format: 'opus' }, words(), 's1');
  const chunks: Buffer[] = [];
  const errors: unknown[] = [];
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  connection.on(RealtimeEvents.AUDIO_CHUNK, (chunk: unknown) => {
    if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
  });
  connection.on(RealtimeEvents.ERROR, (error: unknown) => errors.push(error));
  connection.on(RealtimeEvents.CLOSE, () => resolve());
  await closed;
  return { audio: Buffer.concat(chunks), errors };
}

test('the official fish-audio SDK synthesises from the sandbox', async () => {
  await using fish = await startFish({ afterFinish: { code: 1000, ms: [5, 200] } });
  const { audio, errors } = await synthesise({ apiKey: fish.apiKey, baseUrl: fish.url });
  expect(errors).toEqual([]);
  const [session] = fish.sessions;
  expect(session).toMatchObject({ text: 'Hello from the official SDK.', model: 's1', ended: 'finish' });
  const pages = readPages(Buffer.from(audio));
  expect(audioPackets(pages)).toEqual(session?.packets);
  expect(pages.at(-1)?.eos).toBe(true);
});

test('and is refused with a wrong key', async () => {
  await using fish = await startFish();
  const { audio, errors } = await synthesise({ apiKey: 'wrong', baseUrl: fish.url });
  expect(audio).toHaveLength(0);
  expect(errors.length).toBeGreaterThan(0);
  expect(fish.sessions).toEqual([]);
});
