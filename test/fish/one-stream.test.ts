import { expect, test } from 'vitest';
import { OneStream } from '../../src/fish/one-stream.ts';

const SHORT = { characters: 199, flushes: 1 };
const LONG = { characters: 500, flushes: 1 };
const SENTENCES = { characters: 60, flushes: 3 };

test('at first, only what Fish has no reason to divide is expected in one stream', () => {
  const oneStream = new OneStream();
  expect([SHORT, LONG, SENTENCES].map(asked => oneStream.expectedFor(asked))).toEqual([true, false, false]);
});

test('what was said in one stream, or less, is expected in one stream again', () => {
  const oneStream = new OneStream();
  oneStream.seen(LONG, { streams: 1, whole: false });
  expect(oneStream.expectedFor(LONG)).toBe(false);
  oneStream.seen(LONG, { streams: 1, whole: true });
  expect(oneStream.expectedFor({ characters: 400, flushes: 1 })).toBe(true);
  expect(oneStream.expectedFor({ characters: 501, flushes: 1 })).toBe(false);
  expect(oneStream.expectedFor({ characters: 400, flushes: 2 })).toBe(false);
  oneStream.seen(SENTENCES, { streams: 1, whole: true });
  expect(oneStream.expectedFor(SENTENCES)).toBe(true);
});

test('once Fish has divided a text, also in a session that failed, no longer text is trusted again', () => {
  const oneStream = new OneStream();
  oneStream.seen(LONG, { streams: 1, whole: true });
  oneStream.seen(SENTENCES, { streams: 2, whole: false });
  oneStream.seen(LONG, { streams: 1, whole: true });
  expect([SHORT, LONG, SENTENCES].map(asked => oneStream.expectedFor(asked))).toEqual([true, false, false]);
});
