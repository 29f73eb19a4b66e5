import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FLUSH, isVisible, type Piece, readPieces, type Words } from '../../src/fish/pieces.ts';

const never = new AbortController().signal;

async function all(words: Words, signal = never): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for await (const piece of readPieces(words, signal)) pieces.push(piece);
  return pieces;
}

test('text comes whole, from a list, or as it comes to be', async () => {
  expect(await all('one two')).toEqual(['one two']);
  expect(await all(['one ', '', FLUSH, 'two'])).toEqual(['one ', FLUSH, 'two']);
  const later = async function* () {
    yield 'one ';
    await sleep(1);
    yield 'two';
  };
  expect(await all(later())).toEqual(['one ', 'two']);
});

test('however a text is cut, it comes out as it was, and never in half a character', async () => {
  const text = fc.string({
    unit: fc.constantFrom('a', ' ', 'é', '語', '🐟', '👩🏽‍🚀', '\u{1F469}'),
    maxLength: 30,
  });
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.nat(40), { maxLength: 12 }), async (whole, cuts) => {
      const at = [0, ...cuts.map(cut => Math.min(cut, whole.length)), whole.length].toSorted((a, b) => a - b);
      const parts = at.slice(1).map((end, i) => whole.slice(at[i], end));
      const pieces = await all(parts);
      expect(pieces.join('')).toBe(whole);
      for (const piece of pieces) expect(String(piece).isWellFormed()).toBe(true);
    }),
  );
});

test('half a character that never gets its other half is made presentable', async () => {
  expect(await all(['a\uD83D'])).toEqual(['a', '\uFFFD']);
  expect(await all(['\uD83D', 'b'])).toEqual(['\uFFFDb']);
  expect(await all('a\uD83D')).toEqual(['a\uFFFD']);
});

test('an abort ends the wait for a silent source, and lets the source go', async () => {
  const control = new AbortController();
  let left = false;
  const silent: AsyncIterable<string> = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise(() => {}),
      return: async () => {
        left = true;
        throw new Error('a source that complains');
      },
    }),
  };
  const reading = all(silent, control.signal);
  control.abort(new Error('enough'));
  await expect(reading).rejects.toThrow('enough');
  expect(left).toBe(true);
});

test('what a source throws comes through, now or later', async () => {
  const failing = function* () {
    yield 'one';
    throw new Error('no more');
  };
  await expect(all(failing())).rejects.toThrow('no more');
  await expect(all(JSON.parse('[1]'))).rejects.toThrow('a piece of text is not text');
});

test.each(['a', '1', '。', '!', '🐟', ' x ', '\u200Bx'])('%j shows something', text => {
  expect(isVisible(text)).toBe(true);
});
test.each(['', ' \n\t', '\u200B\u200D', '\u00A0\u3000', '\uFE0F', '\u2800', '\u0000'])(
  '%j shows nothing',
  text => {
    expect(isVisible(text)).toBe(false);
  },
);
