import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TypedLines } from '../../src/terminal/typed-lines.ts';

/** What comes of chunks that are typed one after another. */
function typed(...chunks: string[]) {
  const lines = new TypedLines();
  return [...chunks.flatMap(chunk => lines.push(chunk)), ...lines.end()];
}

test.each([
  [['abc\n'], ['abc']],
  [['abc\r'], ['abc']],
  [['abc\r\ndef\r\n'], ['abc', 'def']],
  [
    ['abc\r', '\ndef\n'],
    ['abc', 'def'],
  ],
  [['abc\r\r'], ['abc', '']],
  [['abc'], ['abc']],
  [['ab\u007fc\n'], ['ac']],
  [['\b\b\u007fabc\n'], ['abc']],
  [['a😀\u007fb\n'], ['ab']],
  [['abc\u0015def\n'], ['def']],
  [['one two \u0017three\n'], ['one three']],
  [['\u001b[200~pas', 'ted\u001b[201~\r'], ['pasted']],
  [['a\u001b', '[Ab\u001b[', '1;5Cc\u001bOPd\n'], ['abcd']],
  [['a\tb\u0007\n'], ['ab']],
])('%j is %j', (chunks, lines) => {
  expect(typed(...chunks)).toEqual([...lines.map(line => ({ line })), 'end']);
});

test('Ctrl-C interrupts; Ctrl-D ends the input where the line is empty, and does nothing else', () => {
  expect(typed('ab\u0003')).toContain('interrupt');
  expect(typed('\u0004')[0]).toBe('end');
  expect(typed('a\u0004b\n')).toEqual([{ line: 'ab' }, 'end']);
});

test('however a pasted text is cut into chunks, the lines are the same', () => {
  const piece = fc.constantFrom('a', 'B.c', '\r\n', '\n', '\u001b[201~', '\u001b[A', 'é', '-');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), pieces => {
      const text = pieces.join('');
      expect(typed(...text.split(''))).toEqual(typed(text));
    }),
  );
});
