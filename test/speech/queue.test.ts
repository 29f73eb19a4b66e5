import { expect, test } from 'vitest';
import { SpeechQueue } from '../../src/speech/queue.ts';
import { Unsaid } from '../../src/speech/reasons.ts';
import { lineOf } from '../support/lines.ts';

/** Puts lines in as "ana1 ben1 …"; the number is only for the eye. A `*` has priority. */
function queueOf(words: string) {
  const queue = new SpeechQueue();
  for (const word of words.split(' ')) {
    const [, userId = '', mark] = /^([a-z]+)\d+(\*?)$/.exec(word) ?? [];
    queue.push(lineOf(word, { userId, source: 'command', priority: mark === '*' }));
  }
  return queue;
}

const textsOf = (queue: SpeechQueue) => queue.waiting.map(({ text }) => text).join(' ');

function shiftedFrom(queue: SpeechQueue) {
  const texts: string[] = [];
  for (let item = queue.shift(); item; item = queue.shift()) texts.push(item.line.text);
  return texts.join(' ');
}

function refusal(act: () => void) {
  try {
    act();
    return null;
  } catch (error) {
    if (error instanceof Unsaid) return error.reason;
    throw error;
  }
}

test('how long all of it takes is the sum of what waits', () => {
  const queue = new SpeechQueue();
  expect(queue.seconds).toBe(0);
  for (const userId of ['ana', 'ben'])
    queue.push(lineOf('A line of some words, which takes its time.', { userId, source: 'command' }));
  const both = queue.seconds;
  expect(queue.shift()?.secondsLeft).toBeCloseTo(both / 2);
  expect(queue.seconds).toBeCloseTo(both / 2);
});

test.each([
  ['as it was written', 'ana1 ana2 ben1 ana3 cat1 ben2', 'ana1 ana2 ben1 ana3 cat1 ben2'],
  [
    'a flood steps aside',
    'ana1 ana2 ana3 ana4 ana5 ben1 cat1 ben2',
    'ana1 ana2 ana3 ben1 cat1 ben2 ana4 ana5',
  ],
  [
    'of two floods one line each in turn',
    'ana1 ana2 ana3 ana4 ana5 ben1 ben2 ben3 ben4 ben5 cat1',
    'ana1 ana2 ana3 ben1 ben2 ben3 cat1 ana4 ben4 ana5 ben5',
  ],
  [
    'priority first, and there, too, as it was written',
    'ana1 ben1* ana2 cat1* ben2* ben3*',
    'ben1* cat1* ben2* ben3* ana1 ana2',
  ],
  ['nobody overtakes themselves', 'ana1 ana2* ben1 ana3*', 'ana1 ana2* ben1 ana3*'],
])('%s', (_name, pushed, heard) => {
  const queue = queueOf(pushed);
  expect(textsOf(queue)).toBe(heard);
  expect(shiftedFrom(queue)).toBe(heard); // what is foretold is what is heard
});

const spoken = (seconds: number) => 'a'.repeat(seconds * 15); // 15 characters a second

test('more than fifteen seconds of one person are a flood, as more than three lines are', () => {
  const queue = new SpeechQueue();
  const say = (userId: string, seconds: number) =>
    queue.push(lineOf(`${userId}${spoken(seconds)}`, { userId, source: 'command' }));
  say('ana', 20); // one long line alone is no flood, so it keeps its place
  say('ben', 7);
  say('ana', 1);
  say('ben', 7);
  say('ben', 2);
  say('cat', 1);
  expect(queue.waiting.map(({ userId }) => userId).join(' ')).toBe('ana ben ben cat ana ben');
});

test('who floods is heard now and then, however much the others write; they are delayed by one line at most', () => {
  const queue = queueOf('ana1 ana2 ana3 ana4 ana5 ben1 cat1');
  const heard: string[] = [];
  for (let number = 2; number <= 9; number += 1) {
    heard.push(queue.shift()?.line.text ?? '');
    queue.push(lineOf(`dan${number}`, { userId: `dan${number}`, source: 'command' }));
  }
  expect(`${heard.join(' ')} ${textsOf(queue)}`).toBe(
    'ana1 ana2 ana3 ben1 cat1 dan2 dan3 ana4 dan4 dan5 dan6 dan7 dan8 ana5 dan9',
  );
});

test('what one person writes in a row is said in one breath, but not over what somebody else wrote, and never for long', () => {
  const queue = new SpeechQueue();
  const write = (text: string, userId: string) => queue.push(lineOf(text, { userId }));
  write('one', 'ana');
  write('two', 'ana');
  write('hello', 'ben');
  write('three', 'ana');
  write('four', 'ana');
  expect(textsOf(queue)).toBe('one. two hello three. four');
  queue.drop('stopped', ({ userId }) => userId === 'ben');
  write('five', 'ana');
  write('six', 'cat');
  write('seven', 'cat');
  write(spoken(8), 'dan');
  write(spoken(8), 'dan');
  expect(queue.waiting.map(({ userId }) => userId)).toEqual(['ana', 'ana', 'cat', 'dan', 'dan']);
});

test('at most five messages of a person wait, those that were joined counted, and fifty in all', () => {
  const queue = new SpeechQueue();
  for (let i = 0; i < 5; i += 1) queue.push(lineOf(`message ${i}`));
  expect(queue.waiting).toHaveLength(1);
  expect(refusal(() => queue.checkRoom('ana'))).toBe('person-full');
  expect(refusal(() => queue.checkRoom('ana', true))).toBeNull(); // what was missed comes all at once
  queue.drop('stopped');
  for (let i = 0; i < 5; i += 1) queue.push(lineOf(`missed ${i}`, { missed: true }));
  for (let i = 0; i < 5; i += 1) {
    expect(refusal(() => queue.checkRoom('ana'))).toBeNull(); // and takes no place of what is written then
    queue.push(lineOf(`message ${i}`));
  }
  expect(refusal(() => queue.checkRoom('ana'))).toBe('person-full');
  queue.drop('stopped', ({ missed }) => missed === true);
  for (let i = 5; i < 50; i += 1) queue.push(lineOf('hello', { userId: `user ${i}` }));
  expect(refusal(() => queue.checkRoom('ben'))).toBe('queue-full');
  expect(refusal(() => queue.checkRoom('ana'))).toBe('person-full');
  expect(refusal(() => queue.checkRoom('ana', true))).toBe('queue-full');
  queue.shift();
  expect(refusal(() => queue.checkRoom('ana'))).toBeNull();
  expect(queue.drop('stopped')).toBe(45);
  expect(refusal(() => queue.checkRoom('ben'))).toBeNull();
});

test('what is being synthesised already stays first, and nothing is joined to it', () => {
  const queue = new SpeechQueue();
  queue.push(lineOf('one'));
  const { next } = queue;
  if (!next) throw new Error('nothing waits');
  next.sound = { controller: new AbortController() } as NonNullable<typeof next.sound>;
  expect(queue.before(queue.push(lineOf('two')))).toBe(1);
  const first = lineOf('first', { userId: 'ben', priority: true, source: 'command' });
  expect(queue.before(queue.push(first))).toBe(1);
  expect(textsOf(queue)).toBe('one first two');
});
