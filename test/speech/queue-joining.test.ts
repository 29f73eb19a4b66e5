import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { inOneBreath, joinTexts, mayJoin } from '../../src/speech/joining.ts';
import type { Line } from '../../src/speech/line.ts';
import { QueuedLine } from '../../src/speech/queued-line.ts';
import { lineOf, type TestLine } from '../support/lines.ts';

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

test('joined messages share what becomes of their line', () => {
  const [one, two] = [lineOf('one'), lineOf('two')];
  const item = new QueuedLine([one], { priority: false });
  item.join(two);
  expect(item.line.text).toBe('one. two');
  item.end('failed', new UserError('sorry'));
  expect([one.outcomes, two.outcomes]).toEqual([['failed'], ['failed']]);
  expect([one.failures.length, two.failures.length]).toEqual([1, 1]);
});

test('a message that is left out has its own reason, and the others are said without it', () => {
  const all = ['one', 'two', 'three'].map(text => lineOf(text));
  const [one, two, three] = all as [TestLine, TestLine, TestLine];
  const item = new QueuedLine([one, two, three], { priority: false });
  const { seconds } = item;
  item.leaveOut(part => part === two, 'deleted');
  expect(item.line.text).toBe('one. three');
  expect(item.messages).toBe(2);
  expect(item.seconds).toBeLessThan(seconds);
  item.end(null);
  expect(all.map(({ outcomes }) => outcomes)).toEqual([[null], ['deleted'], [null]]);
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
  ['a time to wait for', { notBefore: 1 }],
  ['another voice', { manner: { ...manner, voice: 'v' } }],
  ['another speed', { manner: { ...manner, speed: 1.2 } }],
  ['another volume', { manner: { ...manner, volume: 3 } }],
];

test.each(APART)('%s is not joined', (_name, parts) => {
  expect(mayJoin(lineOf('one'), lineOf('two'))).toBe(true);
  expect(mayJoin(lineOf('one'), lineOf('two', parts))).toBe(false);
  expect(mayJoin(lineOf('one', parts), lineOf('two'))).toBe(false);
});

test('what is joined never passes the bytes of a message', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1, maxLength: 60 }), { minLength: 2 }), texts => {
      let last = lineOf(texts[0] ?? '') as Line;
      for (const text of texts.slice(1)) {
        const next = lineOf(text, { caps: { ...last.caps, messageBytes: 100 } });
        const joins = mayJoin(last, next);
        last = joins ? inOneBreath([last, next]) : next;
        if (joins) expect(Buffer.byteLength(last.text)).toBeLessThanOrEqual(100);
      }
    }),
  );
});
