import { createHash } from 'node:crypto';
import { FishAudioClient, FishAudioError } from 'fish-audio';
import { expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { type FakeFish, startFish } from './fish/fish.ts';
import { silentMp3Frame } from './fish/mp3-frames.ts';
import { RawFish } from './raw-fish-client.ts';

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

type Init = Omit<RequestInit, 'headers'> & { headers?: Record<string, string> };

async function call(fish: FakeFish, path: string, init: Init = {}) {
  const headers = { authorization: `Bearer ${fish.apiKey}`, ...init.headers };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(fish.url + path, { signal, ...init, headers });
  const text = await response.text();
  const type = response.headers.get('content-type');
  return { status: response.status, type, text, json: type === 'application/json' ? JSON.parse(text) : null };
}

async function titles(fish: FakeFish, query: string): Promise<string[]> {
  const { json } = await call(fish, `/model?page_size=100&${query}`);
  return json.items.map(({ title }: Item) => title);
}

function form(fields: Record<string, string | readonly (string | File)[]> = {}): FormData {
  const data = new FormData();
  const all = { type: 'tts', train_mode: 'fast', title: 'Mine', visibility: 'private', ...fields };
  for (const [name, value] of Object.entries({ voices: [new File([WAV], 'a.wav')], ...all }))
    for (const each of [value].flat())
      if (typeof each === 'string') data.append(name, each);
      else data.append(name, each);
  return data;
}

const made = (fish: FakeFish, fields?: Parameters<typeof form>[0]) =>
  call(fish, '/model', { method: 'POST', body: form(fields) });

/** What the live socket says about a voice. */
async function spoken(fish: FakeFish, reference_id: string): Promise<string | undefined> {
  await using client = await RawFish.connect(fish);
  client.start({ reference_id });
  client.send({ event: 'stop' });
  await client.over();
  return client.events[0]?.error ?? client.events[0]?.event;
}

test('without the key, or with another, nothing is told', async () => {
  await using fish = await startFish();
  for (const path of ['/model', `/model/${NOBODY}`, '/wallet/self/api-credit'])
    expect(await call(fish, path, { headers: { authorization: 'Bearer wrong' } })).toMatchObject({
      status: 401,
      type: 'application/json',
      json: { message: 'Invalid Token', status: 401 },
    });
  expect(await call(fish, '/models')).toMatchObject({ status: 404, json: { message: 'Not Found' } });
  expect(await call(fish, '/model', { method: 'PUT' })).toMatchObject({ status: 405 });
  expect(await call(fish, '/model/%E0%A4%A')).toMatchObject({ status: 404 });
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
  const first = await call(fish, '/model');
  expect(first.json.items).toHaveLength(10);
  const all: Item[] = [];
  for (let page = 1; ; page++) {
    const { json } = await call(fish, `/model?page_size=7&page_number=${page}`);
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
  expect((await call(fish, '/model?page_number=99')).json).toMatchObject({ items: [], has_more: false });
});

test('it is searched by title, tag and language, and sorted as asked', async () => {
  await using fish = await startFish();
  expect(await titles(fish, 'title=CALM%20nar')).toEqual(['Calm Narrator', 'Calm Narrator 2']);
  expect(await titles(fish, `title=${encodeURIComponent('語り')}`)).toEqual(['静かな語り手']);
  expect(await titles(fish, 'tag=narration&tag=female&language=en')).toEqual(['Calm Narrator 2']);
  expect((await titles(fish, 'language=de&language=ja')).length).toBe(6);
  expect(await titles(fish, 'self=true')).toEqual([]);
  const { json } = await call(fish, '/model?sort_by=task_count&page_size=3');
  expect(json.items.map(({ title }: Item) => title)).toEqual(['温柔女声', 'Calm Narrator', '新闻主播']);
  const newest = await call(fish, '/model?sort_by=created_at&page_size=100');
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
  const { status, json } = await call(fish, `/model?${query}`);
  expect(status).toBe(422);
  expect(json).toMatchObject([{ loc: [field], in: 'query', msg: expect.any(String) }]);
});

test('one voice: 404 for an unknown id, 403 for what is private to others; its sample is an MP3', async () => {
  await using fish = await startFish();
  const byTitle = (title: string) => fish.library.voices.find(voice => voice.title === title);
  const calm = byTitle('Calm Narrator');
  const { status, json } = await call(fish, `/model/${calm?._id}`);
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
  expect(await call(fish, `/model/${NOBODY}`)).toMatchObject({ status: 404, json: { status: 404 } });
  expect(await call(fish, `/model/${byTitle("Somebody's Own")?._id}`)).toMatchObject({ status: 403 });
  expect(await call(fish, `/model/${byTitle('Unlisted Friend')?._id}`)).toMatchObject({ status: 200 });
});

test('a voice is made, found among one’s own, changed, spoken with and deleted', async () => {
  await using fish = await startFish({ strictVoices: true });
  const voices = [new File([WAV], 'a.wav', { type: 'audio/wav' }), new File([MP3], 'b.mp3')];
  const { status, json } = await made(fish, { voices, texts: ['one', 'two'], tags: ['x', 'y'] });
  expect(status).toBe(201);
  expect(json).toMatchObject({ title: 'Mine', visibility: 'private', state: 'trained', tags: ['x', 'y'] });
  const sha256 = createHash('sha256').update(WAV).digest('hex');
  expect(fish.library.made).toMatchObject([
    {
      id: json._id,
      texts: ['one', 'two'],
      deleted: false,
      voices: [
        { name: 'a.wav', type: 'audio/wav', kind: 'wav', bytes: WAV.length, sha256 },
        { name: 'b.mp3', kind: 'mp3', bytes: MP3.length },
      ],
    },
  ]);
  expect(await titles(fish, 'self=true')).toEqual(['Mine']);
  expect(await titles(fish, 'title=mine')).toEqual([]);
  const change = { method: 'PATCH', headers: { 'content-type': 'application/json' } };
  const body = JSON.stringify({ title: 'Still mine', tags: ['z'] });
  expect(await call(fish, `/model/${json._id}`, { ...change, body })).toMatchObject({
    status: 200,
    text: '',
  });
  expect(fish.library.get(json._id)).toMatchObject({ title: 'Still mine', tags: ['z'], description: '' });
  expect(await spoken(fish, json._id)).toBe('finish');
  expect(await call(fish, `/model/${json._id}`, { method: 'DELETE' })).toMatchObject({ status: 200 });
  expect(fish.library.made).toMatchObject([{ deleted: true }]);
  for (const method of ['GET', 'DELETE'])
    expect(await call(fish, `/model/${json._id}`, { method })).toMatchObject({ status: 404 });
  expect(await spoken(fish, json._id)).toBe('Reference not found');
});

test('what belongs to others is neither changed nor deleted', async () => {
  await using fish = await startFish();
  const [voice] = fish.library.voices;
  for (const method of ['PATCH', 'DELETE'])
    expect(await call(fish, `/model/${voice?._id}`, { method })).toMatchObject({ status: 403 });
  expect(fish.library.get(voice?._id ?? '')).toBe(voice);
});

test.each<[Parameters<typeof form>[0], number, string]>([
  [{ voices: [] }, 422, 'voices'],
  [{ voices: ['not a file'] }, 422, 'voices'],
  [{ voices: Array.from({ length: 21 }, () => new File([WAV], 'a.wav')) }, 422, 'voices'],
  [{ voices: [new File(['<html>'], 'a.wav', { type: 'audio/wav' })] }, 400, 'Invalid audio file'],
  [{ title: '' }, 422, 'title'],
  [{ type: 'svc' }, 422, 'type'],
  [{ train_mode: 'full' }, 422, 'train_mode'],
  [{ visibility: 'secret' }, 422, 'visibility'],
  [{ visibility: 'public' }, 400, 'cover_image'],
  [{ enhance_audio_quality: 'yes' }, 422, 'enhance_audio_quality'],
])('a voice of %j is refused', async (fields, status, words) => {
  await using fish = await startFish();
  const answer = await made(fish, fields);
  expect(answer.status).toBe(status);
  expect(answer.type).toBe(status === 400 ? 'text/plain' : 'application/json');
  expect(answer.text).toContain(words);
  expect(fish.library.made).toEqual([]);
});

test('a body that cannot be read is answered in plain text', async () => {
  await using fish = await startFish();
  const headers = { 'content-type': 'multipart/form-data; boundary=x' };
  const answer = await call(fish, '/model', { method: 'POST', headers, body: 'nonsense' });
  expect(answer).toMatchObject({ status: 400, type: 'text/plain' });
});

test('the live socket takes any voice by default, known ones only when it is strict, and a deleted one never', async () => {
  await using fish = await startFish();
  expect(await spoken(fish, NOBODY)).toBe('finish');
  fish.behaviour.strictVoices = true;
  expect(await spoken(fish, NOBODY)).toBe('Reference not found');
  const [first, second] = fish.library.voices;
  expect(await spoken(fish, first?._id ?? '')).toBe('finish');
  const own = fish.library.voices.find(({ visibility }) => visibility === 'private');
  expect(await spoken(fish, own?._id ?? '')).toBe('Reference not found');
  fish.library.remove(second?._id ?? '');
  fish.behaviour.strictVoices = false;
  expect(await spoken(fish, second?._id ?? '')).toBe('Reference not found');
  expect(fish.openSessions).toBe(0);
});

test('faults: no answer, a late one, half of one, another one', async () => {
  await using fish = await startFish();
  fish.behaviour.rest = { kind: 'hang', path: /^\/model/ };
  await expect(call(fish, '/model', { signal: AbortSignal.timeout(200) })).rejects.toMatchObject({
    name: 'TimeoutError',
  });
  expect(fish.calls.at(-1)?.status).toBe(0);
  expect((await call(fish, '/wallet/self/api-credit')).status).toBe(200);
  fish.behaviour.rest = { kind: 'slow', ms: 300 };
  const from = performance.now();
  expect((await call(fish, '/model')).json.total).toBeGreaterThan(20);
  expect(performance.now() - from).toBeGreaterThan(290);
  fish.behaviour.rest = { kind: 'cut' };
  await expect(call(fish, '/model')).rejects.toThrow();
  const headers = { 'retry-after': '3' };
  fish.behaviour.rest = { kind: 'status', status: 429, body: 'slow down', headers, times: 1 };
  expect(await call(fish, '/model')).toMatchObject({ status: 429, type: 'text/plain', text: 'slow down' });
  expect((await call(fish, '/model')).status).toBe(200);
});

test('it ends while calls hang', async () => {
  const fish = await startFish({ rest: { kind: 'hang' } });
  const hanging = expect(call(fish, '/model')).rejects.toThrow();
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
