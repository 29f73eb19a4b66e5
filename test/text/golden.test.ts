import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Language } from '../../src/text/language.ts';
import { speakable } from '../../src/text/speakable.ts';
import type { Written } from '../../src/text/written.ts';
import { type GivenRules, goldenRules } from './golden-rules.ts';

interface Case {
  readonly name: string;
  readonly written: string | Written;
  readonly rules?: GivenRules;
  readonly spoken: string;
}

/** Language, and the number of cases that there are at least. */
const GOLDEN: readonly (readonly [Language, number])[] = [
  ['en', 90],
  ['ja', 25],
  ['es', 18],
  ['de', 18],
  ['ko', 16],
  ['ar', 18],
];

describe.each(GOLDEN)('%s', (language, atLeast) => {
  const file = new URL(`../golden/${language}.json`, import.meta.url);
  const cases = JSON.parse(readFileSync(file, 'utf8')) as readonly Case[];

  test('there are cases enough, each with a name of its own', () => {
    expect(cases.length).toBeGreaterThanOrEqual(atLeast);
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  });

  test.each(cases.map(golden => [golden.name, golden] as const))('%s', (_name, golden) => {
    const { text, bytes } = speakable(golden.written, goldenRules(language, golden.rules));
    expect(text).toBe(golden.spoken);
    expect(bytes).toBe(Buffer.byteLength(golden.spoken));
  });
});
