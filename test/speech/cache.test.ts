import { expect, test } from 'vitest';
import { type LineMemory, SpeechCache, type Wanted } from '../../src/speech/cache.ts';

const HOUR_MS = 3_600_000;

function wanted(more: Partial<Omit<Wanted, 'memory'>> & { memory?: Partial<LineMemory> } = {}): Wanted {
  const { memory, ...rest } = more;
  return {
    guildId: 'guild',
    model: 's2.1-pro',
    words: 'lol',
    voice: undefined,
    request: { latency: 'balanced' },
    ...rest,
    memory: { people: ['ana'], speakerId: 'ana', isPrivate: () => false, allowed: () => true, ...memory },
  };
}

/** Packets that no other rendition has. */
let made = 0;
function rendition(packets = 3, bytes = 50): Uint8Array[] {
  made += 1;
  return Array.from({ length: packets }, (_, index) => new Uint8Array(bytes).fill(made).fill(index, 1, 2));
}

/** Has words said by Fish Audio, to their end. */
function say(cache: SpeechCache, what: Wanted, packets = rendition()): Uint8Array[] {
  const recording = cache.record(what);
  for (const packet of packets) recording?.take(packet);
  recording?.keep();
  return packets;
}

test('from the second time on it is the very packets of the first', () => {
  using cache = new SpeechCache();
  expect(cache.find(wanted())).toBeNull();
  const first = say(cache, wanted());
  expect(cache.find(wanted())).toEqual(first);
  expect(cache.find(wanted())).toEqual(first);
  expect([cache.hits, cache.savedBytes, cache.figures.renditions]).toEqual([2, 6, 1]);
});

test.each<[string, Parameters<typeof wanted>[0]]>([
  ['other words', { words: 'Lol' }],
  ['another server', { guildId: 'other' }],
  ['another model', { model: 's2-pro' }],
  ['another voice', { voice: 'voice', request: { latency: 'balanced', referenceId: 'voice' } }],
  ['another speed', { request: { latency: 'balanced', prosody: { speed: 1.1, volume: 0 } } }],
  ['another liveliness', { request: { latency: 'balanced', temperature: 0.5 } }],
  ['another latency', { request: { latency: 'low' } }],
])('%s: not from memory', (_what, other) => {
  using cache = new SpeechCache();
  say(cache, wanted());
  expect(cache.find(wanted(other))).toBeNull();
});

test('the order in which a request is written does not matter', () => {
  using cache = new SpeechCache();
  const first = say(cache, wanted({ request: { latency: 'low', temperature: 0.5 } }));
  expect(cache.find(wanted({ request: { temperature: 0.5, latency: 'low' } }))).toEqual(first);
});

test('others in the server hear it too, but not in a voice that is somebody’s own', () => {
  using cache = new SpeechCache();
  const ben = { people: ['ben'], speakerId: 'ben' };
  const first = say(cache, wanted());
  expect(cache.find(wanted({ memory: ben }))).toEqual(first);
  const isPrivate = () => true;
  const own = { voice: 'clone', request: { referenceId: 'clone' } };
  const hers = say(cache, wanted({ ...own, memory: { isPrivate } }));
  expect(cache.find(wanted({ ...own, memory: { ...ben, isPrivate } }))).toBeNull();
  expect(cache.find(wanted({ ...own, memory: { isPrivate } }))).toEqual(hers);
});

test('what is long, or imitates a recording, is not kept', () => {
  using cache = new SpeechCache();
  const long = wanted({ words: 'a'.repeat(201) });
  say(cache, long);
  expect(cache.find(long)).toBeNull();
  say(cache, wanted(), rendition(501));
  expect(cache.find(wanted())).toBeNull();
  const imitated = wanted({ request: { references: [{ audio: new Uint8Array(1), text: '' }] } });
  say(cache, imitated);
  expect(cache.find(imitated)).toBeNull();
  expect(cache.figures).toEqual({ renditions: 0, bytes: 0 });
});

test('what was not said to its end is not kept', () => {
  using cache = new SpeechCache();
  for (const packet of rendition()) cache.record(wanted())?.take(packet);
  expect(cache.find(wanted())).toBeNull();
  const first = say(cache, wanted());
  expect(cache.find(wanted())).toEqual(first);
});

test('it is gone after an hour, also where nobody asks for it, and is then said anew', () => {
  let now = 1;
  using cache = new SpeechCache({ now: () => now });
  say(cache, wanted());
  now += HOUR_MS - 1;
  expect(cache.find(wanted())).not.toBeNull();
  now += 2; // that it was said from memory does not make it younger
  expect(cache.find(wanted())).toBeNull();
  const anew = say(cache, wanted());
  expect(cache.find(wanted())).toEqual(anew);
});

test('only so many bytes: what was not heard for the longest time goes first', () => {
  using cache = new SpeechCache({ maxBytes: 12_000 });
  const words = ['a', 'b', 'c', 'd'].map(text => wanted({ words: text }));
  for (const one of words.slice(0, 3)) say(cache, one, rendition(50, 50));
  expect(cache.find(wanted({ words: 'a' }))).not.toBeNull();
  say(cache, wanted({ words: 'd' }), rendition(50, 50));
  expect(words.map(one => cache.find(one) !== null)).toEqual([true, false, true, true]);
  expect(cache.figures.bytes).toBeLessThanOrEqual(12_000);
});

test('who opts out, deletes, or forgets a voice, has it forgotten, also what is just being made', () => {
  using cache = new SpeechCache();
  const [ana, ben] = [wanted(), wanted({ words: 'brb', memory: { people: ['ben'] } })];
  const elsewhere = wanted({ guildId: 'other' });
  for (const one of [ana, ben, elsewhere]) say(cache, one);
  const third = wanted({ words: 'gg' });
  const making = cache.record(third);
  making?.take(new Uint8Array(9));
  cache.forgetPerson('ana', 'guild');
  making?.keep();
  expect([ana, ben, elsewhere, third].map(one => cache.find(one) !== null)).toEqual([
    false,
    true,
    true,
    false,
  ]);
  cache.forgetPerson('ana');
  expect(cache.find(elsewhere)).toBeNull();
  const spoken = wanted({ voice: 'v', request: { referenceId: 'v' } });
  say(cache, spoken);
  cache.forgetVoice('v');
  expect([spoken, ben].map(one => cache.find(one) !== null)).toEqual([false, true]);
  cache.clear();
  expect(cache.find(ben)).toBeNull();
});

test('whoever said it as well has it forgotten as well', () => {
  using cache = new SpeechCache();
  say(cache, wanted());
  cache.find(wanted({ memory: { people: ['ben'] } }));
  cache.forgetPerson('ben', 'guild');
  expect(cache.find(wanted())).toBeNull();
});

test('where it is not allowed, nothing is kept and nothing comes from memory', () => {
  using cache = new SpeechCache();
  let allowed = true;
  const one = wanted({ memory: { allowed: () => allowed } });
  say(cache, one);
  allowed = false;
  expect([cache.find(one), cache.record(one)]).toEqual([null, undefined]);
  allowed = true;
  const begun = wanted({ words: 'brb', memory: { allowed: () => allowed } });
  const recording = cache.record(begun);
  recording?.take(new Uint8Array(9));
  allowed = false;
  recording?.keep();
  allowed = true;
  expect(cache.find(begun)).toBeNull();
});
