import { FishAudioClient, FishAudioError } from 'fish-audio';
import { expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { startFish } from './fish/fish.ts';
import { silentMp3Frame } from './fish/mp3-frames.ts';
import { callFish, titles } from './raw-fish-rest.ts';

const TIMEOUT_MS = 30_000;
const WAV = Buffer.concat([Buffer.from('RIFF\0\0\0\0WAVEfmt '), Buffer.alloc(2000, 7)]);
const MP3 = silentMp3Frame(44_100, 128);
const NOBODY = 'f'.repeat(32);

interface Item {
  readonly _id: string;
  readonly title: string;
  readonly like_count: number;
  readonly task_count: number;
  readonly created_at: string;
}

test('without the key, or with another, nothing is told', async () => {
  await using fish = await startFish();
  for (const path of ['/model', `/model/${NOBODY}`, '/wallet/self/api-credit'])
    expect(await callFish(fish, path, { headers: { authorization: 'Bearer wrong' } })).toMatchObject({
      status: 401,
      type: 'application/json',
      json: { message: 'Invalid Token', status: 401 },
    });
  expect(await callFish(fish, '/models')).toMatchObject({ status: 404, json: { message: 'Not Found' } });
  expect(await callFish(fish, '/model', { method: 'PUT' })).toMatchObject({ status: 405 });
  expect(await callFish(fish, '/model/%E0%A4%A')).toMatchObject({ status: 404 });
  expect(fish.calls.map(({ method, path, status }) => [method, path, status])).toEqual([
    ['GET', '/model', 401],
    ['GET', `/model/${NOBODY}`, 401],
    ['GET', '/wallet/self/api-credit', 401],
    ['GET', '/models', 404],
    ['PUT', '/model', 405],
    ['GET', '/model/%E0%A4%A', 404],
  ]);
});

test('the library comes in pages, best first, and the private and unlisted are not in it', async () => {
  await using fish = await startFish();
  const first = await callFish(fish, '/model');
  expect(first.json.items).toHaveLength(10);
  const all: Item[] = [];
  for (let page = 1; ; page++) {
    const { json } = await callFish(fish, `/model?page_size=7&page_number=${page}`);
    expect(json.total).toBe(first.json.total);
    all.push(...json.items);
    expect(json.has_more).toBe(all.length < json.total);
    if (!json.has_more) break;
  }
  expect(new Set(all.map(({ _id }) => _id)).size).toBe(first.json.total);
  expect(all.every(({ _id }) => /^[0-9a-f]{32}$/.test(_id))).toBe(true);
  expect(all.map(({ like_count }) => like_count)).toEqual(
    all.map(({ like_count }) => like_count).toSorted((a, b) => b - a),
  );
  expect(all.map(({ title }) => title)).not.toContain('Unlisted Friend');
  expect(all.map(({ title }) => title)).not.toContain("Somebody's Own");
  expect(fish.library.voices.length).toBe(first.json.total + 3);
  expect((await callFish(fish, '/model?page_number=99')).json).toMatchObject({ items: [], has_more: false });
});

test('it is searched by title, tag and language, and sorted as asked', async () => {
  await using fish = await startFish();
  expect(await titles(fish, 'title=CALM%20nar')).toEqual(['Calm Narrator', 'Calm Narrator 2']);
  expect(await titles(fish, `title=${encodeURIComponent('語り')}`)).toEqual(['静かな語り手']);
  expect(await titles(fish, 'tag=narration&tag=female&language=en')).toEqual(['Calm Narrator 2']);
  expect((await titles(fish, 'language=de&language=ja')).length).toBe(6);
  expect(await titles(fish, 'self=true')).toEqual([]);
  const { json } = await callFish(fish, '/model?sort_by=task_count&page_size=3');
  expect(json.items.map(({ title }: Item) => title)).toEqual(['温柔女声', 'Calm Narrator', '新闻主播']);
  const newest = await callFish(fish, '/model?sort_by=created_at&page_size=100');
  const days = newest.json.items.map(({ created_at }: Item) => Date.parse(created_at));
  expect(days).toEqual(days.toSorted((a: number, b: number) => b - a));
});

test.each([
  ['page_size=0', 'page_size'],
  ['page_size=101', 'page_size'],
  ['page_size=ten', 'page_size'],
  ['page_number=0', 'page_number'],
  ['sort_by=likes', 'sort_by'],
  ['self=maybe', 'self'],
])('%s is refused', async (query, field) => {
  await using fish = await startFish();
  const { status, json } = await callFish(fish, `/model?${query}`);
  expect(status).toBe(422);
  expect(json).toMatchObject([{ loc: [field], in: 'query', msg: expect.any(String) }]);
});

test('one voice: 404 for an unknown id, 403 for what is private to others; its sample is an MP3', async () => {
  await using fish = await startFish();
  const byTitle = (title: string) => fish.library.voices.find(voice => voice.title === title);
  const calm = byTitle('Calm Narrator');
  const { status, json } = await callFish(fish, `/model/${calm?._id}`);
  expect(status).toBe(200);
  expect(json).toEqual(calm);
  expect(json).toMatchObject({
    type: 'tts',
    state: 'trained',
    languages: ['en'],
    tags: ['male', 'narration', 'calm'],
    author: { nickname: expect.any(String) },
    samples: [{ text: json.default_text }],
  });
  const sample = await fetch(json.samples[0].audio, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  expect(sample.headers.get('content-type')).toBe('audio/mpeg');
  expect(Buffer.from(await sample.arrayBuffer()).subarray(0, MP3.length)).toEqual(MP3);
  expect(await callFish(fish, `/model/${NOBODY}`)).toMatchObject({ status: 404, json: { status: 404 } });
  expect(await callFish(fish, `/model/${byTitle("Somebody's Own")?._id}`)).toMatchObject({ status: 403 });
  expect(await callFish(fish, `/model/${byTitle('Unlisted Friend')?._id}`)).toMatchObject({ status: 200 });
});

test('faults: no answer, a late one, half of one, another one', async () => {
  await using fish = await startFish();
  fish.behaviour.rest = { kind: 'hang', path: /^\/model/ };
  await expect(callFish(fish, '/model', { signal: AbortSignal.timeout(200) })).rejects.toMatchObject({
    name: 'TimeoutError',
  });
  expect(fish.calls.at(-1)?.status).toBe(0);
  expect((await callFish(fish, '/wallet/self/api-credit')).status).toBe(200);
  fish.behaviour.rest = { kind: 'slow', ms: 300 };
  const from = performance.now();
  expect((await callFish(fish, '/model')).json.total).toBeGreaterThan(20);
  expect(performance.now() - from).toBeGreaterThan(290);
  fish.behaviour.rest = { kind: 'cut' };
  await expect(callFish(fish, '/model')).rejects.toThrow();
  const headers = { 'retry-after': '3' };
  fish.behaviour.rest = { kind: 'status', status: 429, body: 'slow down', headers, times: 1 };
  expect(await callFish(fish, '/model')).toMatchObject({
    status: 429,
    type: 'text/plain',
    text: 'slow down',
  });
  expect((await callFish(fish, '/model')).status).toBe(200);
});

test('it ends while calls hang', async () => {
  const fish = await startFish({ rest: { kind: 'hang' } });
  const hanging = expect(callFish(fish, '/model')).rejects.toThrow();
  await until('the call', () => fish.calls.length === 1, TIMEOUT_MS);
  await fish[Symbol.asyncDispose]();
  await hanging;
});

test('the official SDK searches, makes, changes and deletes', async () => {
  await using fish = await startFish();
  const client = new FishAudioClient({ apiKey: fish.apiKey, baseUrl: fish.url });
  const found = await client.voices.search({ title: 'calm', language: 'en', page_size: 5 });
  expect(found.items.map(({ title }) => title)).toEqual(['Calm Narrator', 'Calm Narrator 2']);
  expect((await client.voices.get(found.items[0]?._id ?? '')).title).toBe('Calm Narrator');
  const voices = [new File([WAV], 'a.wav')];
  const made = await client.voices.ivc.create({ title: 'By the SDK', voices, visibility: 'private' });
  expect(made).toMatchObject({ title: 'By the SDK', state: 'trained' });
  await client.voices.update(made._id, { description: 'changed' });
  expect(fish.library.get(made._id)?.description).toBe('changed');
  await client.voices.delete(made._id);
  await expect(client.voices.get(made._id)).rejects.toMatchObject({ statusCode: 404 });
  expect((await client.user.get_api_credit()).credit).toBe('10.000000');
  const stranger = new FishAudioClient({ apiKey: 'wrong', baseUrl: fish.url });
  await expect(stranger.voices.search()).rejects.toThrow(FishAudioError);
});
