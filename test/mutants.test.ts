import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { MUTANTS } from './mutants/mutants.ts';

const contentOf = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');

test('each mutant changes a place that is there once, and names tests that are there', () => {
  expect(MUTANTS.length).toBeGreaterThan(50);
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
  for (const { name, edits, test, named = '' } of MUTANTS) {
    for (const { file, text, instead } of edits) {
      expect([name, contentOf(file).split(text).length - 1]).toEqual([name, 1]);
      expect([name, instead]).not.toEqual([name, text]);
    }
    expect([name, existsSync(new URL(`../${test}`, import.meta.url))]).toEqual([name, true]);
    expect([name, contentOf(test).includes(named)]).toEqual([name, true]);
  }
});
