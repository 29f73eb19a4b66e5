import { expect, test } from 'vitest';
import { rowsIn, SCORECARD, testsByRow } from './scorecard.ts';

test('each row of the scorecard has a test that names it', () => {
  const covered = testsByRow();
  const missing = [...covered].filter(([, names]) => names.length === 0).map(([row]) => row);
  expect(covered.size).toBe(40);
  expect(missing.map(row => `row ${row}: ${SCORECARD[row]}`)).toEqual([]);
});

test.each([
  ["test('row 21: fuzz: whatever comes', () => {", [21]],
  ['test.each([1])(`rows 1, 2 and 24: clocks`, () => {', [1, 2, 24]],
  ["'Fish fails: row 3: the socket dies'", [3]],
  ["'three in a row: the third', 'row of three'", []],
])('the rows that names name: %s', (source, rows) => {
  expect(rowsIn(source)).toEqual(rows);
});
