import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SpeechQueue } from '../src/speech/queue.ts';
import { Unsaid } from '../src/speech/reasons.ts';
import { lineOf } from './support/lines.ts';

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

function refusal(act: () => void) {
  try {
    act();
    return null;
  } catch (error) {
    if (error instanceof Unsaid) return error.reason;
    throw error;
  }
}

test.each([
  ['everybody in turn', 'ana1 ana2 ana3 ben1 cat1 ben2', 'ana1 ben1 cat1 ana2 ben2 ana3'],
  [
    'priority first, and there, too, in turn',
    'ana1 ben1* ana2 cat1* ben2* ben3*',
    'ben1* cat1* ben2* ben3* ana1 ana2',
  ],
  ['nobody overtakes themselves', 'ana1 ana2* ben1 ana3*', 'ana1 ben1 ana2* ana3*'],
])('%s', (_name, pushed, heard) => {
  expect(textsOf(queueOf(pushed))).toBe(heard);
});

test('who has just been heard waits until the others were', () => {
  const queue = queueOf('ana1');
  queue.shift();
  queue.push(lineOf('ana2', { source: 'command' }));
  queue.push(lineOf('ben1', { userId: 'ben', source: 'command' }));
  expect(textsOf(queue)).toBe('ben1 ana2');
});

test('at most five messages of a person wait, those that were joined counted, and fifty in all', () => {
  const queue = new SpeechQueue();
  for (let i = 0; i < 5; i += 1) queue.push(lineOf(`message ${i}`));
  expect(queue.waiting).toHaveLength(1);
  expect(refusal(() => queue.checkRoom('ana'))).toBe('person-full');
  for (let i = 5; i < 50; i += 1) queue.push(lineOf('hello', { userId: `user ${i}` }));
  expect(refusal(() => queue.checkRoom('ben'))).toBe('queue-full');
  expect(refusal(() => queue.checkRoom('ana'))).toBe('person-full');
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
  expect(queue.push(lineOf('two'))).toBe(1);
  expect(queue.push(lineOf('first', { userId: 'ben', priority: true, source: 'command' }))).toBe(1);
  expect(textsOf(queue)).toBe('one first two');
});

const people = ['ana', 'ben', 'cat', 'dan'];
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      act: fc.constant('push' as const),
      userId: fc.constantFrom(...people),
      priority: fc.boolean(),
      source: fc.constantFrom('chat' as const, 'command' as const),
    }),
  },
  { weight: 4, arbitrary: fc.record({ act: fc.constant('shift' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant('drop' as const),
      userId: fc.constantFrom(undefined, ...people),
    }),
  },
);

/** What the queue promises about one line that waits: how often others may be heard before it. */
interface Waiting {
  readonly userId: string;
  readonly priority: boolean;
  readonly patience: number;
  readonly heardMeanwhile: Map<string, number>;
}

test('whatever comes: bounded, each message once, in the order of its author, and nobody waits more than their share', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 150 }), steps => {
      const queue = new SpeechQueue();
      const outcomes = new Map<number, number>();
      const waiting = new Map<string, number[]>(people.map(id => [id, []])); // the model: ids by person, in order
      const lines = new Map<number, Waiting>(); // by the id of a line's first message
      let ids = 0;
      const over = (id: number) => {
        outcomes.set(id, (outcomes.get(id) ?? 0) + 1);
        lines.delete(id);
      };
      for (const each of steps) {
        if (each.act === 'push') {
          const { userId, priority, source } = each;
          const own = waiting.get(userId) ?? [];
          const all = [...waiting.values()].reduce((sum, { length }) => sum + length, 0);
          const expected = own.length >= 5 ? 'person-full' : all >= 50 ? 'queue-full' : null;
          expect(refusal(() => queue.checkRoom(userId))).toBe(expected);
          if (expected) continue;
          const id = ids++;
          const before = queue.waiting.length;
          const patience = 2 + queue.waiting.filter(line => line.userId === userId).length;
          queue.push(lineOf(`#${id}.`, { userId, priority, source, onOutcome: () => over(id) }));
          own.push(id);
          const isNew = queue.waiting.length > before;
          const usual = queue.waiting.some(line => line.userId === userId && !line.priority);
          if (isNew)
            lines.set(id, { userId, priority: priority && !usual, patience, heardMeanwhile: new Map() });
        } else if (each.act === 'shift') {
          const item = queue.shift();
          if (!item) continue;
          const { userId, text } = item.line;
          const said = [...text.matchAll(/#(\d+)/g)].map(([, id]) => Number(id));
          expect(waiting.get(userId)?.splice(0, said.length)).toEqual(said);
          expect(item.messages).toBe(said.length);
          item.end(null);
          for (const line of lines.values()) {
            if (line.userId === userId || item.turn.priority !== line.priority) continue;
            const heard = (line.heardMeanwhile.get(userId) ?? 0) + 1;
            line.heardMeanwhile.set(userId, heard);
            expect(heard).toBeLessThanOrEqual(line.patience);
          }
        } else {
          const dropped = people.filter(id => (each.userId ?? id) === id);
          const messages = dropped.flatMap(id => waiting.get(id)?.splice(0) ?? []);
          expect(queue.drop('stopped', ({ userId }) => dropped.includes(userId))).toBe(messages.length);
          for (const id of messages) expect(outcomes.get(id)).toBe(1);
        }
      }
      queue.drop('left');
      expect(outcomes.size).toBe(ids);
      expect([...outcomes.values()].every(times => times === 1)).toBe(true);
    }),
    { numRuns: 300 },
  );
});
