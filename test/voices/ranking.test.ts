import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Voice } from '../../src/fish/voices.ts';
import { KnownVoices } from '../../src/voices/known-voices.ts';
import { languageIn, languageName } from '../../src/voices/languages.ts';
import { likenessTo, wordOf } from '../../src/voices/likeness.ts';
import { queriesFor } from '../../src/voices/query.ts';
import { entryOf, ranked } from '../../src/voices/ranking.ts';
import { anyLine, sampleLine } from '../../src/voices/sample-line.ts';
import { voiceName } from '../../src/voices/voice-name.ts';
import { libraryVoices } from '../sandbox/fish/library-voices.ts';

function voice(title: string, parts: Partial<Voice> = {}): Voice {
  return {
    id: title,
    title,
    languages: [],
    tags: [],
    likes: 0,
    isPublic: true,
    lines: [],
    cover: null,
    ...parts,
  };
}

const LIBRARY = libraryVoices('http://localhost').map(({ title, languages, tags, like_count }) =>
  voice(title, { languages, tags, likes: like_count }),
);
const entries = LIBRARY.map(entryOf);
const found = (typed: string) => ranked(entries, typed).map(one => one.voice.title);

/** The fewest errors with which `typed` is a beginning of `word`: optimal string alignment, cell by cell. */
function errorsOf(typed: string, word: string): number {
  const table = [Array.from({ length: word.length + 1 }, (_, at) => at)];
  const cell = (row: number, at: number) => table[row]?.[at] ?? Number.POSITIVE_INFINITY;
  for (let row = 1; row <= typed.length; row++) {
    table.push([row]);
    for (let at = 1; at <= word.length; at++) {
      const changed = typed[row - 1] === word[at - 1] ? 0 : 1;
      const swapped = typed[row - 1] === word[at - 2] && typed[row - 2] === word[at - 1];
      table[row]?.push(
        Math.min(
          cell(row - 1, at - 1) + changed,
          cell(row - 1, at) + 1,
          cell(row, at - 1) + 1,
          row > 1 && at > 1 && swapped ? cell(row - 2, at - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
  }
  return Math.min(...(table[typed.length] ?? []));
}

describe('a word and what is typed of it', () => {
  test.each([
    ['calm', 'calm', 1],
    ['cal', 'calm', 0.9],
    ['redbeard', 'captainredbeard', 0.75],
    ['clam', 'calm', 0.6],
    ['narator', 'narrator', 0.6],
    ['narrrator', 'narrator', 0.6],
    ['narretor', 'narrator', 0.6],
    ['anrrator', 'narrator', 0.6],
    ['naratr', 'narrator', 0.48],
    ['enregteic', 'energetic', 0.48],
    ['nachirchten', 'nachrichtensprecher', 0.6],
  ])('%s ~ %s', (typed, word, like) => expect(likenessTo(typed)(wordOf(word))).toBeCloseTo(like));

  test.each([
    ['xyz', 'calm'],
    ['cl', 'calm'],
    ['alm', 'narrator'],
    ['nbrbtbr', 'narrator'],
    ['calm', 'cal'.repeat(0)],
    ['narratorship', 'narrator'],
  ])('%s is not %s', (typed, word) => expect(likenessTo(typed)(wordOf(word))).toBe(0));

  test('errors are counted as the textbook has it', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é', '語'), minLength: 1, maxLength: 16 });
    fc.assert(
      fc.property(text, text, (typed, word) => {
        fc.pre(typed.length >= 3 && !word.includes(typed));
        const allowed = typed.length < 6 ? 1 : 2;
        const errors = errorsOf(typed, word);
        const like = errors > allowed ? 0 : 0.6 - 0.12 * (errors - 1);
        expect(likenessTo(typed)(wordOf(word))).toBeCloseTo(like);
      }),
      { numRuns: 5_000 },
    );
  });

  test('no word of any length is beyond it', () => {
    for (const [typed, word] of [
      ['a'.repeat(5_000), 'a'.repeat(4_000)],
      ['ab'.repeat(40), 'ba'.repeat(40)],
    ] as const)
      expect(likenessTo(typed)(wordOf(word))).toBeLessThanOrEqual(1);
  });
});

test.each([
  ['calm narrator', 'Calm Narrator'],
  ['clam naratr', 'Calm Narrator'],
  ['narrator calm', 'Calm Narrator'],
  ['ELISE', 'Élise'],
  ['lucia', 'Lucía'],
  ['captian', 'Captain Redbeard'],
  ['pirate', 'Captain Redbeard'],
  ['german news', 'Nachrichtensprecher'],
  ['語り手', '静かな語り手'],
  ['спокойный', 'Спокойный голос'],
  ['차분한', '차분한 목소리'],
  ['هادئ', 'صوت هادئ'],
  ['robot 7', 'Robot 7'],
])('"%s" finds first: %s', (typed, title) => expect(found(typed)[0]).toBe(title));

test.each(['german', 'German', 'Deutsch', 'de', 'allemand', 'alemán', 'ドイツ語', '德语', 'germna'])(
  'German voices by the name of the language: %s',
  typed => expect(found(typed).slice(0, 4)).toEqual(expect.arrayContaining(['Nachrichtensprecher'])),
);

test('of voices that fit alike the more liked comes first, and with nothing typed that alone counts', () => {
  expect(found('calm narrator').slice(0, 2)).toEqual(['Calm Narrator', 'Calm Narrator 2']);
  expect(found('')[0]).toBe('温柔女声');
  expect(found('qqqqqq')).toEqual([]);
  expect(found('!?')).toHaveLength(LIBRARY.length);
});

test('languages by their codes and names', () => {
  expect(['de', 'DEUTSCH', 'German', 'japonais', '日本語', 'klingon', ''].map(languageIn)).toEqual([
    'de',
    'de',
    'de',
    'ja',
    'ja',
    undefined,
    undefined,
  ]);
  expect(languageName('ja', 'de')).toBe('Japanisch');
  expect(languageName('not a code', 'de')).toBe('not a code');
});

test('what Fish is asked for a typed text', () => {
  expect(queriesFor('german')[0]).toEqual({ language: 'de' });
  expect(queriesFor('calm German')[0]).toEqual({ language: 'de', title: 'calm' });
  expect(queriesFor('calm German').at(-1)).toEqual({ language: 'de' });
  expect(queriesFor('to the moon')).toEqual([{ title: 'to the moon' }, { tag: 'to the moon' }]);
  expect(queriesFor('  ')).toEqual([{}]);
});

test('a name fits into Discord’s list, whatever the title', () => {
  expect(voiceName(voice('Calm Narrator', { languages: ['en', 'ja'] }))).toBe('Calm Narrator · en, ja');
  expect(voiceName(voice('', { id: 'abc' }))).toBe('abc');
  const codes = Array.from({ length: 30 }, (_, n) => `language-${n}`);
  for (const title of ['x'.repeat(300), '👨‍👩‍👧‍👦'.repeat(40), '語'.repeat(101)]) {
    const name = voiceName(voice(title, { languages: codes }));
    expect(name.length).toBeLessThanOrEqual(100);
    expect(name.isWellFormed()).toBe(true);
  }
});

test('a sample line: in the language that is asked for, and short', () => {
  const lines = ['Welcome to the show!', '静かな海に。'];
  const both = voice('Both', { languages: ['en', 'ja'], lines });
  expect(sampleLine(both, 'en-US')).toBe('Welcome to the show!');
  expect(sampleLine(both, 'ja')).toBe('静かな海に。');
  expect(sampleLine(both, 'de')).toBeUndefined();
  expect(sampleLine(voice('None', { languages: ['en'] }), 'en-GB')).toBeUndefined();
  const long = voice('Long', { languages: ['en'], lines: ['One sentence of many. '.repeat(40)] });
  expect(sampleLine(long, 'en-US')).toMatch(/^(One sentence of many\. ?)+$/);
  expect(sampleLine(long, 'en-US')?.length).toBeLessThanOrEqual(200);
  expect(anyLine(voice('Endless', { lines: ['x'.repeat(5_000)] }))?.length).toBeLessThanOrEqual(200);
});

test('memory is bounded: the voice that was not heard of for longest goes', () => {
  const known = new KnownVoices(3);
  for (const title of ['a', 'b', 'c', 'a', 'd']) known.add(voice(title));
  expect(['a', 'b', 'c', 'd'].map(id => known.get(id)?.id)).toEqual(['a', undefined, 'c', 'd']);
  expect(known.size).toBe(3);
});

test.each(['calm german', 'deutsch calm', 'ruhig deutsch', 'german narrator', 'Calm Narrator German'])(
  'who names a language gets voices that speak it before all others: %s',
  typed => {
    const voices = ranked(entries, typed).map(({ voice }) => voice.languages.includes('de'));
    expect(voices[0]).toBe(true);
    expect(voices).toEqual(voices.toSorted((a, b) => Number(b) - Number(a)));
  },
);
