import { SpeechQueue } from '../../src/speech/queue.ts';
import { Unsaid } from '../../src/speech/reasons.ts';
import { lineOf } from '../support/lines.ts';
import { type FuzzTarget, holds } from './target.ts';

/**
 * `hear`: the next line is taken and heard. `drop`: what waits is dropped, all of it or one person's. `delete`: one
 * message that waits is deleted, joined to others or not; `which` says which, from 0 to 1.
 */
type QueuePart =
  | { act: 'push'; userId: string; priority: boolean; source: 'chat' | 'command'; length: number }
  | { act: 'hear' }
  | { act: 'delete'; which: number }
  | { act: 'drop'; userId: string | undefined };

const PEOPLE = ['ana', 'ben', 'cat', 'dan', 'eve', 'fay', 'gil', 'hal', 'ida', 'jon', 'kim', 'leo'];
const MOST_STEPS = 90;

/** The messages that should be waiting, by person, in the order in which they were written. */
class Model {
  readonly waiting = new Map<string, number[]>();
  readonly outcomes: number[] = [];

  write(userId: string): number {
    const id = this.outcomes.push(0) - 1;
    this.waiting.set(userId, [...(this.waiting.get(userId) ?? []), id]);
    return id;
  }

  /** These messages of one person are over. */
  take(userId: string, ids: readonly number[]): boolean {
    const own = this.waiting.get(userId) ?? [];
    this.waiting.set(userId, own.slice(ids.length));
    return ids.every((id, index) => own[index] === id);
  }

  get count(): number {
    return [...this.waiting.values()].reduce((sum, { length }) => sum + length, 0);
  }
}

/** A guild's queue under whatever people and sessions do to it, beside a model of a few lines. */
export const queueTarget: FuzzTarget<QueuePart> = {
  name: 'queue',
  make: random => {
    const people = PEOPLE.slice(0, random.pick([1, 2, 3, 12]));
    const push = random.pick([2, 4, 12]);
    return random.list(random.whole(1, MOST_STEPS), (): QueuePart => {
      const act = random.weighted({ push, hear: 3, delete: 1, drop: 0.5 });
      if (act === 'hear') return { act };
      if (act === 'delete') return { act, which: random.whole(0, 100) / 100 };
      if (act === 'drop') return { act, userId: random.chance(0.3) ? undefined : random.pick(people) };
      const source = random.chance(0.6) ? 'chat' : 'command';
      const length = random.chance(0.1) ? random.whole(300, 990) : 0;
      return { act, userId: random.pick(people), priority: random.chance(0.2), source, length };
    });
  },

  check(parts) {
    const queue = new SpeechQueue();
    const model = new Model();
    for (const part of parts) {
      if (part.act === 'push') push(queue, model, part);
      else if (part.act === 'hear') hear(queue, model);
      else if (part.act === 'delete') remove(queue, model, part.which);
      else drop(queue, model, part.userId);
      const shown = queue.waiting.flatMap(({ text }) => idsIn(text));
      holds(shown.length === model.count, 'what waits is what was written and is not over');
      holds(new Set(shown).size === shown.length, 'nothing waits twice');
    }
    while (queue.next) hear(queue, model);
    holds(model.count === 0, 'all that waited is heard');
    holds(
      model.outcomes.every(times => times === 1),
      'each message has one outcome',
    );
  },

  show: parts => JSON.stringify(parts),
};

const idsIn = (text: string) => [...text.matchAll(/#(\d+)/g)].map(([, id]) => Number(id));

function push(queue: SpeechQueue, model: Model, part: QueuePart & { act: 'push' }): void {
  const { userId, priority, source, length } = part;
  try {
    queue.checkRoom(userId);
  } catch (error) {
    holds(error instanceof Unsaid, 'who may not write more is told so');
    holds(model.count > 0, 'an empty queue has room');
    return;
  }
  const id = model.write(userId);
  const text = `#${id} ${'word '.repeat(length / 5)}`;
  const onOutcome = () => {
    model.outcomes[id] = (model.outcomes[id] ?? 0) + 1;
  };
  queue.push(lineOf(text, { userId, priority, source, messageId: String(id), onOutcome }));
}

function hear(queue: SpeechQueue, model: Model): void {
  const { next } = queue;
  const item = queue.shift();
  holds(item === next, 'the next one is heard next');
  if (!item) return holds(model.count === 0, 'only an empty queue has no next one');
  const ids = idsIn(item.line.text);
  holds(ids.length === item.messages && ids.length > 0, 'a line is one message or more');
  holds(model.take(item.line.userId, ids), 'nobody’s words overtake their own');
  item.end(null);
  return undefined;
}

function remove(queue: SpeechQueue, model: Model, which: number): void {
  const all = [...model.waiting].flatMap(([userId, ids]) => ids.map(id => ({ userId, id })));
  const found = all[Math.floor(which * all.length)];
  if (!found) return;
  const { userId, id } = found;
  model.waiting.set(
    userId,
    (model.waiting.get(userId) ?? []).filter(other => other !== id),
  );
  const dropped = queue.drop('deleted', ({ messageId }) => messageId === String(id));
  holds(dropped === 1, 'a message that waits can be taken out');
  holds(model.outcomes[id] === 1, 'what is deleted is over');
}

function drop(queue: SpeechQueue, model: Model, userId: string | undefined): void {
  const whose = userId === undefined ? [...model.waiting.keys()] : [userId];
  const all = whose.flatMap(id => model.waiting.get(id) ?? []);
  for (const id of whose) model.waiting.delete(id);
  const dropped = queue.drop('stopped', line => whose.includes(line.userId));
  holds(dropped === all.length, 'as many are dropped as waited');
  holds(
    all.every(id => model.outcomes[id] === 1),
    'what is dropped is over',
  );
}
