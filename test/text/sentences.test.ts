import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SentenceCutter } from '../../src/text/sentences.ts';
import { cutsOf, textsOf } from './cuts.ts';

test.each<[string, 'en' | 'ja' | 'de', readonly string[]]>([
  ['Hello there. How are you? Fine!', 'en', ['Hello there.', 'How are you?', 'Fine!']],
  ['Pi is 3.14 or so. Node.js is fast.', 'en', ['Pi is 3.14 or so.', 'Node.js is fast.']],
  ['Ask Dr. Smith or J. R. R. Tolkien. Now.', 'en', ['Ask Dr. Smith or J. R. R. Tolkien.', 'Now.']],
  ['1. Wash it.\n2. Dry it.', 'en', ['1. Wash it.', '2. Dry it.']],
  ['# Fish\n\nThey swim\n- in seas\n- in lakes', 'en', ['# Fish', 'They swim', '- in seas', '- in lakes']],
  ['He said "Yes." Then he left.', 'en', ['He said "Yes."', 'Then he left.']],
  ['It was in 1999. Then not.', 'en', ['It was in 1999.', 'Then not.']],
  [
    'これは魚です。それは「鳥」です！「はい。」',
    'ja',
    ['これは魚です。', 'それは「鳥」です！', '「はい。」'],
  ],
  ['Das ist z.B. ein Fisch. Ja.', 'de', ['Das ist z.B. ein Fisch.', 'Ja.']],
  ['So:\n```js\nlet a = 1. + 2;\nb. C\n```\nDone. Good.', 'en', ['So:', '``` ```', 'Done.', 'Good.']],
  ['A fence that never ends: ```py\nx = 1', 'en', ['A fence that never ends:', '``` ```']],
  ['', 'en', []],
])('sentences come as they end: %s', (text, language, sentences) => {
  for (const piece of [1, 3, 50]) expect(textsOf(text, language, piece)).toEqual(sentences);
});

test('a sentence is there with the first sign of the next', () => {
  const cutter = new SentenceCutter('en');
  expect(cutter.push('The sea is blue.')).toEqual([]);
  expect(cutter.push(' It')).toEqual([{ text: 'The sea is blue.', ended: true }]);
});

test('when nothing comes for a while, what looks like a sentence is one', () => {
  const cutter = new SentenceCutter('en');
  cutter.push('The sea is blue.');
  expect(cutter.settle()).toEqual([{ text: 'The sea is blue.', ended: true }]);
  cutter.push(' Pi is 3.');
  expect(cutter.settle()).toEqual([]);
  cutter.push('14 and so is');
  expect(cutter.settle()).toEqual([]);
  expect(cutter.end()).toEqual([{ text: 'Pi is 3.14 and so is', ended: true }]);
});

test('a sentence without an end is cut where one breathes', () => {
  const clause = 'and then the fish went on to the next reef, ';
  const [first, second] = cutsOf(clause.repeat(8));
  expect(first?.ended).toBe(false);
  expect(first?.text).toMatch(/reef,$/);
  expect(first?.text.length).toBeGreaterThan(100);
  expect(second?.text).toMatch(/^and then/);
  expect(textsOf('word '.repeat(100)).every(text => /^word.*word$/.test(text))).toBe(true);
  expect(textsOf('魚'.repeat(450), 'ja').every(text => text.length <= 200)).toBe(true);
});

test('emphasis that goes over a sentence’s end leaves no marks, whole emphasis stays', () => {
  expect(textsOf('**Big fish. Small fish** are *here*. It is 5 * 3.')).toEqual([
    'Big fish.',
    'Small fish are *here*.',
    'It is 5 * 3.',
  ]);
});

test('nothing is lost, nothing is twice, and nothing waits for long', () => {
  const word = fc.constantFrom(
    'fish',
    'Fish',
    'sea.',
    'Dr.',
    '3.',
    '魚。',
    '!',
    '?"',
    '\n',
    '- ',
    '👩‍👩‍👧',
    '…',
    'x,',
  );
  const plain = (text: string) => text.replaceAll(/\s/gu, '');
  fc.assert(
    fc.property(fc.array(word, { maxLength: 120 }), fc.integer({ min: 1, max: 9 }), (words, piece) => {
      const text = words.join(' ');
      const cutter = new SentenceCutter('en');
      let waiting = '';
      let cut = '';
      for (const each of text.match(new RegExp(`[^]{1,${piece}}`, 'gu')) ?? []) {
        waiting += each;
        for (const { text } of cutter.push(each)) {
          cut += text;
          waiting = waiting.slice(text.length);
        }
        expect(waiting.trim().length).toBeLessThan(500);
      }
      for (const { text } of cutter.end()) cut += text;
      expect(plain(cut)).toBe(plain(text));
    }),
  );
});
