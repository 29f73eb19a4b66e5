import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SpeechQueue } from '../../src/speech/queue.ts';
import { Unsaid } from '../../src/speech/reasons.ts';
import { spokenSeconds } from '../../src/text/length.ts';
import { lineOf } from '../support/lines.ts';

// The order of a conversation, from outside: what is put into the queue against what comes out of it.

const PEOPLE = ['ana', 'ben', 'cat', 'dan'];
const LINES_IN_TURN = 3;
const SECONDS_IN_TURN = 15;
const LETTERS_A_SECOND = 15;

const written = (priority: fc.Arbitrary<boolean>, maxSeconds: number) =>
  fc.record({
    act: fc.constant('push' as const),
    userId: fc.constantFrom(...PEOPLE),
    priority,
    source: fc.constantFrom('chat' as const, 'command' as const),
    seconds: fc.integer({ min: 1, max: maxSeconds }),
  });

const steps = (priority: fc.Arbitrary<boolean>, { maxSeconds = 12, shifts = 4 } = {}) =>
  fc.array(
    fc.oneof(
      { weight: 7, arbitrary: written(priority, maxSeconds) },
      { weight: shifts, arbitrary: fc.record({ act: fc.constant('shift' as const) }) },
      {
        weight: 1,
        arbitrary: fc.record({
          act: fc.constant('drop' as const),
          userId: fc.constantFrom(undefined, ...PEOPLE),
        }),
      },
    ),
    { minLength: 30, maxLength: 200 },
  );

type Step = ReturnType<typeof steps> extends fc.Arbitrary<readonly (infer One)[]> ? One : never;
type Written = Extract<Step, { act: 'push' }>;

/** A line that waits: the id of its first message, and what is expected of it. */
interface Known extends Written {
  readonly id: number;
  /** Its person had enough waiting when it came, so that it had to step aside. */
  readonly extra: boolean;
  /** How many lines that had to step aside were heard while it waited, by person. */
  readonly passedBy: Map<string, number>;
  /** The lines that waited when it became the first of its person; no others are heard before it. */
  rivals: ReadonlySet<number> | null;
}

const textOf = (id: number, seconds: number) => `#${id}. ${'a'.repeat(seconds * LETTERS_A_SECOND)}.`;
const idsIn = (text: string) => [...text.matchAll(/#(\d+)/g)].map(([, id]) => Number(id));

/** A queue, and a record of all that went in and came out. */
class Watched {
  readonly queue = new SpeechQueue();
  /** How often the fate of each message was told. */
  readonly outcomes = new Map<number, number>();
  /** Every message that was heard, in order. */
  readonly heard: number[] = [];
  readonly authors: string[] = [];
  /** As they were written. */
  waiting: Known[] = [];
  flooded = false;

  push(message: Written): void {
    const { userId, seconds } = message;
    if (!this.#hasRoom(userId)) return;
    const id = this.authors.push(userId) - 1;
    const own = this.waiting.filter(known => known.userId === userId);
    const ownSeconds = this.queue.waiting
      .filter(line => line.userId === userId)
      .reduce((sum, { text }) => sum + spokenSeconds(text), 0);
    const before = this.queue.waiting.length;
    const text = textOf(id, seconds);
    const onOutcome = () => this.outcomes.set(id, (this.outcomes.get(id) ?? 0) + 1);
    this.queue.push(lineOf(text, { ...message, onOutcome }));
    if (this.queue.waiting.length === before) {
      expect(this.waiting.at(-1)?.userId).toBe(userId); // joined only where nobody stands between
      return;
    }
    const extra =
      own.length >= LINES_IN_TURN ||
      (own.length > 0 && ownSeconds + spokenSeconds(text) > SECONDS_IN_TURN) ||
      own.slice(1).some(known => known.extra);
    this.flooded ||= extra;
    const priority = message.priority && own.every(known => known.priority);
    this.waiting.push({ ...message, id, extra, priority, passedBy: new Map(), rivals: null });
    this.#noteFirsts();
  }

  shift(): Known | undefined {
    const foretold = this.queue.waiting[0];
    const item = this.queue.shift();
    expect(item?.line).toBe(foretold);
    if (!item) return undefined;
    const said = idsIn(item.line.text);
    expect(item.messages).toBe(said.length);
    this.heard.push(...said);
    item.end(null);
    const known = this.waiting.find(({ id }) => id === said[0]);
    if (!known) throw new Error('heard twice, or never written');
    this.waiting = this.waiting.filter(one => one !== known);
    for (const { userId, passedBy } of known.extra ? this.waiting : [])
      if (userId !== known.userId) passedBy.set(known.userId, (passedBy.get(known.userId) ?? 0) + 1);
    this.#noteFirsts();
    return known;
  }

  drop(userId: string | undefined): void {
    const isGone = (one: { userId: string }) => (userId ?? one.userId) === one.userId;
    this.queue.drop('stopped', isGone);
    for (const { id } of this.waiting.filter(isGone)) expect(this.outcomes.get(id)).toBe(1);
    this.waiting = this.waiting.filter(known => !isGone(known));
    this.#noteFirsts();
  }

  #hasRoom(userId: string): boolean {
    try {
      this.queue.checkRoom(userId);
      return true;
    } catch (error) {
      if (error instanceof Unsaid) return false;
      throw error;
    }
  }

  #noteFirsts(): void {
    for (const userId of PEOPLE) {
      const first = this.waiting.find(known => known.userId === userId);
      if (first) first.rivals ??= new Set(this.waiting.map(({ id }) => id));
    }
  }
}

function run(all: readonly Step[], onShift: (known: Known, watched: Watched) => void = () => {}): Watched {
  const watched = new Watched();
  for (const step of all) {
    if (step.act === 'push') watched.push(step);
    else if (step.act === 'drop') watched.drop(step.userId);
    else {
      const known = watched.shift();
      if (known) onShift(known, watched);
    }
  }
  return watched;
}

const mixed = steps(fc.boolean());
const usual = steps(fc.constant(false));
const calmly = steps(fc.constant(false), { maxSeconds: 3, shifts: 7 });
const RUNS = { numRuns: 300 };

test('no message is lost, none is doubled, and nobody’s own order changes', () => {
  fc.assert(
    fc.property(mixed, all => {
      const { queue, authors, heard, outcomes } = run(all);
      queue.drop('left');
      expect(outcomes.size).toBe(authors.length);
      expect([...outcomes.values()].every(times => times === 1)).toBe(true);
      for (const userId of PEOPLE) {
        const own = heard.filter(id => authors[id] === userId);
        expect(own).toEqual(own.toSorted((one, other) => one - other));
      }
    }),
    RUNS,
  );
});

test('where nobody floods, a conversation is heard as it was written', () => {
  let calm = 0;
  fc.assert(
    fc.property(calmly, all => {
      const { heard, flooded } = run(all);
      if (flooded) return;
      calm += 1;
      expect(heard).toEqual(heard.toSorted((one, other) => one - other));
    }),
    RUNS,
  );
  expect(calm).toBeGreaterThan(100);
});

test('where somebody floods, all others are heard as they were written, and pass all but one line of the flood', () => {
  let floods = 0;
  fc.assert(
    fc.property(usual, all => {
      const { flooded } = run(all, (known, { waiting }) => {
        if (known.extra) return;
        expect(waiting.filter(({ id, extra }) => id < known.id && !extra)).toEqual([]);
        expect(Math.max(0, ...known.passedBy.values())).toBeLessThanOrEqual(1);
      });
      if (flooded) floods += 1;
    }),
    RUNS,
  );
  expect(floods).toBeGreaterThan(100);
});

test('whoever steps aside is heard all the same: once their earlier lines are, only those that waited go before', () => {
  fc.assert(
    fc.property(usual, all => {
      run(all, (known, { waiting }) => {
        for (const { userId, rivals } of waiting)
          if (userId !== known.userId && rivals) expect(rivals.has(known.id)).toBe(true);
      });
    }),
    RUNS,
  );
});

test('those with priority are heard before all others', () => {
  fc.assert(
    fc.property(mixed, all => {
      run(all, (known, { waiting }) => {
        if (!known.priority) expect(waiting.filter(({ priority }) => priority)).toEqual([]);
      });
    }),
    RUNS,
  );
});
