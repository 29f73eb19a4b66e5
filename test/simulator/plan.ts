import type { FishBehaviour } from '../sandbox/fish/behaviour.ts';
import { Random } from '../support/random.ts';
import type { Act, Given } from './act.ts';
import { ACTS } from './acts.ts';
import { PEOPLE, QUIET, ROOMS } from './cast.ts';
import { wordOf } from './words.ts';

/** Streams of chance, so that a change of one part of the plan leaves the others as they were. */
const STREAM = { size: 1, fish: 2, talk: 10, troubles: 20, world: 30 } as const;

/** They take about three seconds. */
const LAST_WORDS = 9;
/** A packet is 20 ms of speech, and comes within this, so that Fish is never slower than speech all along. */
const MOST_MS_A_PACKET = 12;
/** Each session says its words a little longer or shorter than any other, as the real service does. */
const SPREAD = 0.2;

/** Something that one person says. */
export interface PlannedLine {
  readonly id: number;
  readonly room: number;
  /** Number in `PEOPLE`. */
  readonly who: number;
  readonly how: 'chat' | 'say';
  readonly text: string;
  readonly words: readonly string[];
}

export type Step = { readonly at: number } & (
  | { readonly line: PlannedLine }
  | { readonly act: Act; readonly room: number | undefined; readonly given: Given }
  /** The lines are deleted (several at once: in bulk), or told once more to the bot, as `do` says. */
  | { readonly do: 'delete' | 'tell again'; readonly lineIds: readonly number[]; readonly room: number }
);

/** All that will happen, in order. */
export interface Plan {
  readonly seed: number;
  /** When peace comes, ms. */
  readonly peaceAt: number;
  readonly fish: Partial<FishBehaviour>;
  readonly steps: readonly Step[];
  /** A long line is being said when the process is asked to end. */
  readonly endsInASentence: boolean;
}

/** Everything that happens in a run, told by one number. `at` is in ms from the beginning. */
export function planOf(seed: number): Plan {
  const size = Random.of(seed, STREAM.size);
  const peaceAt = size.whole(3_000, 6_000);
  const troubles = { room: size.whole(1, 6), world: size.pick([0, 0, 1, 2, 3]) };
  const endsInASentence = size.chance(0.3);
  const lines = new Lines();
  const steps: Step[] = [];
  for (let room = 0; room < ROOMS; room += 1) {
    const talk = Random.of(seed, STREAM.talk + room);
    steps.push(...talkIn(room, { random: talk, lines, until: peaceAt }));
    if (room === QUIET) continue;
    const random = Random.of(seed, STREAM.troubles + room);
    for (let left = troubles.room; left > 0; left -= 1) {
      const act = pickAct(random, ['room']);
      steps.push({ at: random.whole(0, peaceAt), act, room, given: act.draw(random) });
    }
  }
  const random = Random.of(seed, STREAM.world);
  for (let left = troubles.world; left > 0; left -= 1) {
    const act = pickAct(random, ['account', 'gateway', 'process', 'database']);
    steps.push({ at: random.whole(0, peaceAt), act, room: undefined, given: act.draw(random) });
  }
  const fish = { ...fishOf(Random.of(seed, STREAM.fish)), seed };
  return { seed, peaceAt, fish, steps: steps.toSorted((a, b) => a.at - b.at), endsInASentence };
}

/** A line that says that a server works. */
export function lastLine(room: number, times: number): PlannedLine {
  const words = [0, 1].map(index => wordOf(4_000 + room * 100 + times * 2 + index));
  return { id: -1 - times, room, who: 0, how: 'say', words, text: sentence(words) };
}

/** A long line, during which the process is asked to end. */
export function lastWords(room: number): PlannedLine {
  const words = Array.from({ length: LAST_WORDS }, (_, index) => wordOf(4_800 + index));
  return { id: -100, room, who: 0, how: 'say', words, text: sentence(words) };
}

class Lines {
  #ids = 0;
  #words = 0;

  next(random: Random, line: Pick<PlannedLine, 'room' | 'who' | 'how'>): PlannedLine {
    const words = random.list(random.pick([2, 2, 2, 3, 3, 5]), () => wordOf(this.#words++));
    return { ...line, id: this.#ids++, words, text: sentence(words) };
  }
}

function sentence(words: readonly string[]): string {
  const text = words.join(' ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function talkIn(
  room: number,
  { random, lines, until }: { random: Random; lines: Lines; until: number },
): Step[] {
  const steps: Step[] = [];
  const chats: number[] = [];
  const pause = room === QUIET ? 2_000 : random.pick([500, 900, 1_500]);
  const people = room === QUIET ? 2 : random.whole(1, PEOPLE.length);
  for (let at = random.whole(0, 500); at < until; at += random.whole(50, 2 * pause)) {
    const who = random.whole(0, people - 1);
    const line = lines.next(random, { room, who, how: random.chance(0.75) ? 'chat' : 'say' });
    steps.push({ at, line });
    if (line.how === 'say' || room === QUIET) continue;
    const later = at + random.whole(0, 2_000);
    chats.push(line.id);
    const lineIds = random.chance(0.3) ? chats.slice(-3) : [line.id];
    if (random.chance(0.08)) steps.push({ at: later, do: 'delete', lineIds, room });
    if (random.chance(0.08)) steps.push({ at: later, do: 'tell again', lineIds: [line.id], room });
  }
  return steps;
}

function pickAct(random: Random, scopes: readonly Act['scope'][]): Act {
  const acts = ACTS.filter(({ scope }) => scopes.includes(scope));
  const name = random.weighted(Object.fromEntries(acts.map(({ name: key, weight }) => [key, weight])));
  const act = acts.find(one => one.name === name);
  if (!act) throw new Error(`no act ${name}`);
  return act;
}

/** How Fish is all along. Its limit leaves room for the quiet server. */
function fishOf(random: Random): Partial<FishBehaviour> {
  const code = random.pick([1000, 1005, 1006, 1011] as const);
  const firstAudioMs = random.pick([5, 5, 50, 150]);
  const eventMs = random.pick([0, 2, 20, 60]);
  const packetsPerEvent = random.pick([1, 5, 23, 50]);
  return {
    spread: SPREAD,
    firstAudioMs,
    eventMs: Math.min(eventMs, MOST_MS_A_PACKET * packetsPerEvent),
    packetsPerEvent,
    jitterMs: random.pick([0, 0, 40]),
    maxConcurrency: random.whole(2, 5),
    afterFinish: random.chance(0.6) ? 'keep' : { code, ms: [0, random.pick([5, 50, 300, 1_200])] },
    secondStart: random.pick(['accept', 'accept', 'accept', 'close', 'ignore']),
    refuseTooManyAt: random.pick(['start', 'start', 'upgrade']),
    limitHeaders: random.chance(0.7),
  };
}
