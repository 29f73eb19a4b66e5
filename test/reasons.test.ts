import { expect, test } from 'vitest';
import { REASONS, ReasonBook, Unsaid } from '../src/speech/reasons.ts';

test('a message waits, then is read or has its reason, and is forgotten after an hour', () => {
  let now = 0;
  const book = new ReasonBook(() => now);
  expect(book.find('1')).toBeUndefined();
  book.waiting('1');
  expect(book.find('1')).toBe('waiting');
  book.note('1', null);
  expect(book.find('1')).toBe('read');
  book.note('2', 'opted-out');
  expect(book.find('2')).toBe('opted-out');
  now += 3_600_000 - 1;
  expect(book.find('1')).toBe('read');
  now += 1;
  expect(book.find('1')).toBeUndefined();
  book.note('3', 'left');
  expect(book.size).toBe(1);
});

test('what is noted again lives on from then', () => {
  let now = 0;
  const book = new ReasonBook(() => now);
  book.waiting('1');
  now += 3_000_000;
  book.note('1', 'skipped');
  book.note('2', 'skipped');
  now += 3_000_000;
  book.note('3', null);
  expect(book.find('1')).toBe('skipped');
});

test('a flood of messages is bounded, and the oldest go first', () => {
  const book = new ReasonBook();
  for (let id = 0; id < 100_000; id += 1) book.note(`${id}`, 'queue-full');
  expect(book.size).toBe(20_000);
  expect(book.find('99999')).toBe('queue-full');
  expect(book.find('79999')).toBeUndefined();
});

test('the list is closed and has no doubles; a refusal carries its reason and words', () => {
  expect(new Set(REASONS).size).toBe(REASONS.length);
  const error = new Unsaid('queue-full', 'queue.full', { limit: 50 });
  expect(error).toMatchObject({ reason: 'queue-full', key: 'queue.full', params: { limit: 50 } });
});

test('what was not read is counted by reason, and stays so when it is forgotten', () => {
  let now = 0;
  const book = new ReasonBook(() => now);
  for (const [id, reason] of [
    ['1', 'queue-full'],
    ['2', 'queue-full'],
    ['3', 'repeated'],
    ['4', null],
  ] as const) {
    book.waiting(id);
    book.note(id, reason);
  }
  now += 7_200_000;
  book.note('5', 'repeated');
  expect(book.size).toBe(1);
  expect(book.counts).toEqual({ 'queue-full': 2, repeated: 2 });
});
