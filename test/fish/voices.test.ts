import { expect, onTestFinished, test } from 'vitest';
import { FishError } from '../../src/fish/errors.ts';
import { fishVoices } from '../../src/fish/voices.ts';
import { startFish } from '../sandbox/fish/fish.ts';

const WAV = Buffer.concat([Buffer.from('RIFF\0\0\0\0WAVEfmt '), Buffer.alloc(2_000, 7)]);
const PATIENCE_MS = 90_000;
const soon = () => AbortSignal.timeout(PATIENCE_MS);

async function scene(apiKey?: string) {
  const server = await startFish();
  onTestFinished(async () => await server[Symbol.asyncDispose]());
  const voices = fishVoices({ url: server.url, apiKey: apiKey ?? server.apiKey });
  const [known] = server.library.voices;
  if (!known) throw new Error('no voices');
  return { server, voices, known };
}

test('the library: by title, language and tag, in pages', async () => {
  const { voices } = await scene();
  const titles = async (query: Parameters<typeof voices.search>[0]) =>
    (await voices.search(query, soon())).voices.map(({ title }) => title);
  expect(await titles({ title: 'calm narrator' })).toEqual(['Calm Narrator', 'Calm Narrator 2']);
  expect(await titles({ language: 'de', title: 'ruhig' })).toEqual(['Ruhige Erzählerin']);
  expect(await titles({ tag: 'pirate' })).toEqual(['Captain Redbeard']);
  const [first, second] = [{ page: 1 }, { page: 2 }].map(page => ({ ...page, pageSize: 3 }));
  const all = await voices.search({ pageSize: 100 }, soon());
  expect(all.total).toBe(all.voices.length);
  expect([...(await titles(first ?? {})), ...(await titles(second ?? {}))]).toEqual(
    all.voices.slice(0, 6).map(({ title }) => title),
  );
});

test('one voice, and whether there is none', async () => {
  const { server, voices, known } = await scene();
  expect(await voices.find(known._id, soon())).toEqual({
    id: known._id,
    title: 'Calm Narrator',
    languages: ['en'],
    tags: ['male', 'narration', 'calm'],
    likes: 5210,
    isPublic: true,
    cover: `https://public-platform.r2.fish.audio/${known.cover_image}`,
    lines: [known.default_text, known.default_text],
  });
  expect(await voices.find('f'.repeat(32), soon())).toBeNull();
  expect(await voices.find('../wallet/self/api-credit', soon())).toBeNull();
  const theirs = server.library.voices.find(({ visibility }) => visibility === 'private');
  expect(await voices.find(theirs?._id ?? '', soon())).toBeNull();
});

test('a voice is made for the account alone, and deleted, twice if need be', async () => {
  const { server, voices } = await scene();
  const id = await voices.create({ title: 'Mine', audio: WAV, transcript: 'Hello.' }, soon());
  expect(server.library.made).toMatchObject([{ id, texts: ['Hello.'], deleted: false }]);
  expect(await voices.find(id, soon())).toMatchObject({ title: 'Mine', isPublic: false });
  expect((await voices.search({ title: 'Mine' }, soon())).total).toBe(0);
  await voices.delete(id, soon());
  await voices.delete(id, soon());
  expect(server.library.made).toMatchObject([{ id, deleted: true }]);
});

test.each([
  ['a wrong key', { status: 401, body: '{"message":"Invalid Token","status":401}' }, 'unauthorized'],
  ['no credit', { status: 402, body: '{}' }, 'payment'],
  ['too much', { status: 429, body: '{}', headers: { 'retry-after': '3' } }, 'rate-limit'],
  ['an outage', { status: 503, body: '<html>no</html>' }, 'server'],
  ['no JSON', { status: 200, body: '<html>hello</html>' }, 'protocol'],
  ['other JSON', { status: 200, body: '{"voices":[]}' }, 'protocol'],
  ['a list', { status: 200, body: '[]' }, 'protocol'],
  ['nothing', { status: 200, body: '' }, 'protocol'],
  ['no end', { status: 200, body: `{"total":1,"items":["${'x'.repeat(5_000_000)}"]}` }, 'protocol'],
  ['another place', { status: 302, body: '', headers: { location: 'http://127.0.0.1:1/' } }, 'protocol'],
])('what is wrong is told: %s', async (_name, answer, kind) => {
  const { server, voices, known } = await scene();
  server.behaviour.rest = { kind: 'status', ...answer };
  // All three are waited for together: one that failed while another was awaited would be nobody's.
  const outcomes = await Promise.allSettled([
    voices.search({}, soon()),
    voices.find(known._id, soon()),
    voices.create({ title: 'x', audio: WAV }, soon()),
  ]);
  for (const outcome of outcomes) {
    const error: unknown = outcome.status === 'rejected' ? outcome.reason : null;
    expect(error).toBeInstanceOf(FishError);
    expect(error).toMatchObject({ kind });
    expect(JSON.stringify(error)).not.toContain(server.apiKey);
  }
});

test('the key is refused, and nobody is there', async () => {
  const { voices } = await scene('another');
  await expect(voices.search({}, soon())).rejects.toMatchObject({ kind: 'unauthorized' });
  const nowhere = fishVoices({ url: 'http://127.0.0.1:1', apiKey: 'k' });
  await expect(nowhere.search({}, soon())).rejects.toMatchObject({
    kind: expect.stringMatching(/^net|^pro/),
  });
});

test('cut off in the middle, and hanging until nobody waits any more', async () => {
  const { server, voices } = await scene();
  server.behaviour.rest = { kind: 'cut' };
  await expect(voices.search({ pageSize: 100 }, soon())).rejects.toBeInstanceOf(FishError);
  server.behaviour.rest = { kind: 'hang' };
  const controller = new AbortController();
  const reason = new Error('enough');
  setTimeout(() => controller.abort(reason), 50);
  await expect(voices.search({}, controller.signal)).rejects.toBe(reason);
});

test('one voice that is not as it should be hides no others', async () => {
  const { server, voices, known } = await scene();
  const items = [null, { title: 'no id' }, { _id: 'a b' }, { ...known, type: 'svc' }, { _id: 'bare' }, known];
  const body = JSON.stringify({ total: items.length, items });
  server.behaviour.rest = { kind: 'status', status: 200, body };
  const { voices: found } = await voices.search({}, soon());
  expect(found.map(({ id }) => id)).toEqual(['bare', known._id]);
  expect(found[0]).toMatchObject({
    title: '',
    languages: [],
    tags: [],
    likes: 0,
    lines: [],
    isPublic: false,
  });
});
