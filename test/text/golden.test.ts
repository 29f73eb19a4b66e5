import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Language } from '../../src/text/language.ts';
import { speakable } from '../../src/text/speakable.ts';
import type { Written } from '../../src/text/written.ts';
import { type GivenRules, goldenRules } from './golden-rules.ts';

/** What a case is an example of: each is a kind of input that people write, and not one text. */
const KINDS = [
  'number',
  'emoji-letters',
  'laughter',
  'face',
  'signs',
  'table',
  'drawing',
  'width',
  'fancy-number',
  'link',
  'marks',
  'struck',
  'long-code',
  'apostrophe',
  'shortcode',
  'code',
  'tags',
  'name',
  'sticker',
  'file',
  'card',
] as const;

interface Case {
  readonly name: string;
  /** Left out for cases of plain markup. */
  readonly kind?: (typeof KINDS)[number];
  readonly written: string | Written;
  readonly rules?: GivenRules;
  readonly spoken: string;
}

/** Language, and the number of cases that there are at least. */
const GOLDEN: readonly (readonly [Language, number])[] = [
  ['en', 160],
  ['ja', 60],
  ['es', 28],
  ['de', 32],
  ['ko', 26],
  ['ar', 25],
  ['fr', 12],
  ['it', 6],
  ['pt', 7],
  ['ru', 8],
  ['zh', 12],
  ['th', 9],
  ['hi', 4],
  ['vi', 4],
  ['id', 3],
  ['tr', 3],
  ['pl', 3],
  ['uk', 2],
];

function casesIn(language: Language): readonly Case[] {
  const file = new URL(`../golden/${language}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as readonly Case[];
}

test('each kind has examples, and most have them in several languages', () => {
  const languagesOf = new Map(KINDS.map(kind => [kind as string, new Set<Language>()]));
  for (const [language] of GOLDEN)
    for (const { kind, name } of casesIn(language))
      if (kind !== undefined) expect(languagesOf.get(kind), `${language}: ${name}`).toBeDefined();
  for (const [language] of GOLDEN)
    for (const { kind = '' } of casesIn(language)) languagesOf.get(kind)?.add(language);
  for (const [kind, languages] of languagesOf) expect(languages.size, kind).toBeGreaterThan(0);
  for (const kind of ['number', 'face', 'link', 'struck', 'marks', 'signs', 'laughter'])
    expect(languagesOf.get(kind)?.size, kind).toBeGreaterThanOrEqual(7);
});

describe.each(GOLDEN)('%s', (language, atLeast) => {
  const cases = casesIn(language);

  test('there are cases enough, each with a name of its own', () => {
    expect(cases.length).toBeGreaterThanOrEqual(atLeast);
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  });

  test.each(cases.map(golden => [golden.name, golden] as const))('%s', (_name, golden) => {
    const { text, bytes } = speakable(golden.written, goldenRules(language, golden.rules));
    expect(text).toBe(golden.spoken);
    expect(bytes).toBe(Buffer.byteLength(golden.spoken));
  });

  test.each(cases.map(golden => [golden.name, golden] as const))(
    'said again it is the same: %s',
    (_name, golden) => {
      const { words: _, ...rules } = golden.rules ?? {};
      const again = speakable(
        golden.spoken,
        goldenRules(language, { ...rules, maxBytes: 8_000, maxSeconds: 600 }),
      );
      expect(again.text).toBe(golden.spoken);
    },
  );
});
