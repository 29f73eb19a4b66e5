import { setTimeout as sleep } from 'node:timers/promises';
import { ComponentType } from 'discord.js';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { searchView } from '../../src/discord/voices/search-view.ts';
import { VoiceHealth } from '../../src/fish/voice-health.ts';
import { fishVoices } from '../../src/fish/voices.ts';
import { translator, UI_LANGUAGES } from '../../src/locale/catalogue.ts';
import { VoiceLibrary } from '../../src/voices/library.ts';
import { startFish } from '../sandbox/fish/fish.ts';
import { until } from '../support/until.ts';

async function scene({ quiet = false, max = 4_000 } = {}) {
  const server = await startFish();
  if (quiet) server.behaviour.rest = { kind: 'status', status: 503, body: '' };
  const log: string[] = [];
  const library = new VoiceLibrary({
    voices: fishVoices({ url: server.url, apiKey: server.apiKey }),
    log: pino({ level: 'trace' }, { write: line => void log.push(line) }),
    max,
  });
  onTestFinished(async () => {
    library[Symbol.dispose]();
    await server[Symbol.asyncDispose]();
  });
  await until('it has asked', () => (quiet ? log.length > 0 : server.calls.length >= 15));
  delete server.behaviour.rest;
  const idOf = (title: string) => server.library.voices.find(voice => voice.title === title)?._id ?? '';
  return { server, library, log, idOf };
}

const titles = (voices: readonly { title: string }[]) => voices.map(({ title }) => title);

test('it is filled at the start, with public voices alone', async () => {
  const { library } = await scene();
  expect(titles(library.search('narrator', 5)).slice(0, 2)).toEqual(['Calm Narrator', 'Calm Narrator 2']);
  expect(titles(library.search('unlisted friend', 5))).not.toContain('Unlisted Friend');
  expect(titles(library.liked('ja', 2))).toEqual(['元気なネコ', '静かな語り手']);
});

test('what is typed is asked once, and the next keystroke has it', async () => {
  const { library, server } = await scene({ quiet: true });
  const before = server.calls.length;
  expect(library.search('butler', 5)).toEqual([]);
  library.look('butler');
  library.look('Butler ');
  await until('it is known', () => library.search('butler', 5).length > 0);
  library.look('butler');
  await sleep(50);
  expect(server.calls.length - before).toBe(1);
});

test('few questions are under way at once, however much is typed; failed ones may be asked again', async () => {
  const { library, server } = await scene({ quiet: true });
  server.behaviour.rest = { kind: 'hang' };
  const before = server.calls.length;
  for (let n = 0; n < 50; n++) library.look(`nobody ${n}`);
  await until('they arrive', () => server.calls.length - before >= 4);
  await sleep(50);
  expect(server.calls.length - before).toBe(4);
  expect(library.search('nobody', 5)).toEqual([]);
});

test('one who is asked for by id: found, not there, or not known in time', async () => {
  const { library, server, idOf } = await scene();
  expect(await library.lookUp(idOf('Unlisted Friend'), 5_000)).toMatchObject({ title: 'Unlisted Friend' });
  expect(await library.lookUp('f'.repeat(32), 5_000)).toBeNull();
  expect(await library.lookUp('voice-of-ana', 5_000)).toBeNull();
  server.behaviour.rest = { kind: 'hang' };
  expect(await library.lookUp('e'.repeat(32), 100)).toBeUndefined();
  expect(library.nameOf('e'.repeat(32))).toBe('e'.repeat(32));
});

test('where there is no library at all, no id is taken for one that is not there', async () => {
  const { library, server } = await scene({ quiet: true });
  server.behaviour.rest = { kind: 'status', status: 404, body: 'Not Found' };
  expect(await library.lookUp('f'.repeat(32), 5_000)).toBeUndefined();
});

test('the one that is clearly meant', async () => {
  const { library } = await scene();
  expect(library.named('élise')?.title).toBe('Élise');
  expect(library.named('CALM NARRATOR')?.title).toBe('Calm Narrator');
  expect(library.named('butler')?.title).toBe('British Butler');
  for (const typed of ['calm', 'german', 'voice-of-ana', 'abc', '', '!'])
    expect(library.named(typed)).toBeNull();
});

test('those that are gone are not offered for an hour', async () => {
  const { library, idOf } = await scene();
  library.voiceHealth.failed(idOf('British Butler'));
  expect(titles(library.search('butler', 5))).not.toContain('British Butler');
  expect(library.named('British Butler')).toBeNull();
  let now = 0;
  const health = new VoiceHealth(() => now);
  health.failed('a');
  now = 59 * 60_000;
  expect(health.isUnusable('a')).toBe(true);
  now = 61 * 60_000;
  expect(health.isUnusable('a')).toBe(false);
});

test('a page is Fish’s; of what is known here where Fish does not answer', { timeout: 90_000 }, async () => {
  const { library, server } = await scene();
  const page = await library.page('english', 2, 5);
  expect(page.voices).toHaveLength(5);
  expect(page.total).toBeGreaterThan(10);
  server.behaviour.rest = { kind: 'hang' };
  expect(titles((await library.page('clam narator', 1, 5)).voices)[0]).toBe('Calm Narrator');
});

test('that no voice fits is said only where Fish Audio has said so', { timeout: 90_000 }, async () => {
  const { library, server } = await scene();
  const told = async () => {
    const query = 'qqqqqqqqqq';
    return JSON.stringify(
      searchView({ query, page: 1, ...(await library.page(query, 1, 5)) }, translator('en')),
    );
  };
  expect(await told()).toContain('No voice fits that');
  server.behaviour.rest = { kind: 'status', status: 500, body: '{}' };
  expect(await told()).toContain('Fish Audio is having trouble right now');
});

test('when the key is refused it says so, and what is typed is in no log', async () => {
  const { library, log, server } = await scene({ quiet: true });
  expect(log.join()).toContain('library of voices cannot be read');
  server.behaviour.rest = { kind: 'status', status: 401, body: '{}' };
  library.look('a secret wish');
  await until('it fails', () => log.some(line => line.includes('could not be asked for voices')));
  expect(log.join()).not.toContain('secret');
});

test.each(UI_LANGUAGES)('a page of the search is as Discord takes it: %s', language => {
  const id = (n: number) => String(n).padStart(64, 'v');
  const voices = Array.from({ length: 5 }, (_, n) => ({
    id: id(n),
    title: '*_~`|>'.repeat(50),
    languages: Array.from({ length: 40 }, () => 'de'),
    tags: [],
    likes: 1e9,
    isPublic: true,
    lines: ['*_~`|> '.repeat(300)],
    cover: `https://example.org/${'c'.repeat(900)}`,
  }));
  const query = '*_~`|>#-'.repeat(10);
  const page = { query, page: 1_234_567, total: 1e9, voices, fromMemory: false };
  const [container] = searchView(page, translator(language));
  if (container?.type !== ComponentType.Container) throw new Error('no container');
  const parts = container.components.flatMap(part => [
    part,
    ...('components' in part ? part.components : []),
  ]);
  expect(parts.length).toBeLessThan(40);
  const texts = parts.map(part => ('content' in part ? part.content : ''));
  expect(texts.join('').length).toBeLessThanOrEqual(4_000);
  for (const part of parts) {
    if ('custom_id' in part) expect(part.custom_id.length).toBeLessThanOrEqual(100);
    if ('label' in part) expect(part.label?.length).toBeLessThanOrEqual(80);
  }
});
