import fc from 'fast-check';
import { expect, test } from 'vitest';
import { speakable } from '../src/text/speakable.ts';

test('plain text is unchanged', () => {
  for (const text of ['Hello there!', '¿Qué tal?', 'こんにちは、世界。', 'مرحبا', 'x < y | z > 0', '😀'])
    expect(speakable(text)).toBe(text);
});

test('lines become one, invisible characters go', () => {
  expect(speakable(' one\r\n two\tthree\u200b\u202e four ')).toBe('one two three four');
});

test('control tokens of Fish Audio lose their power', () => {
  expect(speakable('<|speaker:1|> hi')).toBe('speaker:1 hi');
  expect(speakable('<<||speaker:1||>> hi')).toBe('speaker:1 hi');
  expect(speakable('<\u200b|speaker:1|\u200b>')).not.toMatch(/<\s*\|/);
});

test('nothing to say is nothing to bill', () => {
  for (const text of ['', '   ', '\u200b\u200e', '...', '\u0000', '\u3164', '\u2800'])
    expect(speakable(text)).toBe('');
});

test('whatever comes in: well formed, no controls, no tokens, the same when done again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), text => {
      const out = speakable(text);
      expect(out.isWellFormed()).toBe(true);
      expect(out).not.toMatch(/[\p{Cc}\u202a-\u202e]|<\s*\||\|\s*>/u);
      expect(speakable(out)).toBe(out);
    }),
  );
});
