import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UserError } from '../src/errors.ts';
import { joined, joinTexts } from '../src/speech/joining.ts';
import type { Line } from '../src/speech/line.ts';
import { lineOf } from './support/lines.ts';

test.each([
  ['hello', 'there', 'hello. there'],
  ['hello!', 'there', 'hello! there'],
  ['really? ', 'yes', 'really? yes'],
  ['そうですね', 'はい', 'そうですね、はい'],
  ['你好', '吃了吗', '你好、吃了吗'],
  ['그래요', '네', '그래요. 네'],
  ['heart ❤️', 'star', 'heart ❤️. star'],
])('a pause between messages is written where none is: %s + %s', (first, second, both) => {
  expect(joinTexts(first, second)).toBe(both);
});

test('joined messages share what becomes of them', () => {
  const [one, two] = [lineOf('one'), lineOf('two')];
  const both = joined(one, two);
  both?.onFailed(new UserError('sorry'));
  both?.onOutcome('failed');
  expect([one.outcomes, two.outcomes]).toEqual([['failed'], ['failed']]);
  expect([one.failures.length, two.failures.length]).toEqual([1, 1]);
});

const manner = lineOf('').manner;
const APART: [name: string, parts: Partial<Line>][] = [
  ['a command', { source: 'command' }],
  ['somebody else', { userId: 'ben' }],
  ['another name', { spokenName: 'Anna' }],
  ['another language', { language: 'de' }],
  ['another way to announce', { announce: 'always' }],
  ['a telling voice', { telling: true }],
  ['priority', { priority: true }],
  ['another voice', { manner: { ...manner, voice: 'v' } }],
  ['another speed', { manner: { ...manner, speed: 1.2 } }],
  ['another volume', { manner: { ...manner, volume: 3 } }],
];

test.each(APART)('%s is not joined', (_name, parts) => {
  expect(joined(lineOf('one'), lineOf('two', parts))).toBeNull();
  expect(joined(lineOf('one', parts), lineOf('two'))).toBeNull();
});

test('what is joined never passes the bytes of a message', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1, maxLength: 60 }), { minLength: 2 }), texts => {
      let last = lineOf(texts[0] ?? '') as Line;
      for (const text of texts.slice(1)) {
        const both = joined(last, lineOf(text, { caps: { ...last.caps, messageBytes: 100 } }));
        if (both) expect(Buffer.byteLength(both.text)).toBeLessThanOrEqual(100);
        last = both ?? lineOf(text);
      }
    }),
  );
});
