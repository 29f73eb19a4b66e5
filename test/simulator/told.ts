import texts from '../../src/locale/en.json' with { type: 'json' };
import type { Reason } from '../../src/speech/reasons.ts';
import type { SaidLine } from './room.ts';

const TAKEN = /^(?:Saying it in|Queued)/;

/** Why a message never waits for its turn. */
const NOT_TAKEN: ReadonlySet<string> = new Set<Reason>([
  'not-here',
  'channel',
  'not-in-voice',
  'opted-out',
  'repeated',
  'person-full',
  'queue-full',
  'person-cap',
  'person-cap-alone',
  'no-database',
]);

/** Whether `/say` was answered with a promise. */
export function isTaken(answer: string): boolean {
  return TAKEN.test(answer);
}

/** The reason that an answer of `/why` gives; undefined where it knows none. */
export function reasonOf(answer: string): string | undefined {
  const found = Object.entries(texts).find(
    ([key, text]) => /^(?:why|fish)\./.test(key) && answer.includes(text.split('{', 1)[0] || text),
  );
  if (found?.[0].startsWith('fish.')) return 'fish-trouble';
  // Whoever wrote the message reads a text of their own.
  const name = found?.[0].slice('why.'.length).replace(/\.own$/, '');
  // Whatever is the matter with Fish.
  const reason = name === 'fish' ? 'fish-trouble' : name;
  return reason === 'unknown' || reason === 'absent' ? undefined : reason;
}

/** Whether a line that was not heard may have waited for its turn all the same. */
export function mayHaveWaited({ how, answer, why = '' }: SaidLine): boolean {
  return how === 'say' ? answer === undefined || isTaken(answer) : !NOT_TAKEN.has(reasonOf(why) ?? '');
}
