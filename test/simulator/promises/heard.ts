import type { Reason } from '../../../src/speech/reasons.ts';
import type { Deed } from '../act.ts';
import type { Breach, Evidence, RoomEvidence } from '../evidence.ts';
import { deedsIn } from '../evidence.ts';
import { type Fate, fateOf } from '../fate.ts';
import { isTaken, reasonOf } from '../told.ts';

/** Nobody may have to be told of these in advance: they follow from how much people say. */
const FROM_TALK: readonly Reason[] = ['person-full', 'queue-full', 'person-cap', 'person-cap-alone'];
/** Whoever used `/say` sees or wants these, and is told nothing more. */
const NEEDS_NO_WORDS: ReadonlySet<Reason> = new Set(['skipped', 'stopped', 'left', 'restarting'] as const);
/** It was spoken, and the bot could not know that nobody heard it. */
const SPOKEN: ReadonlySet<string> = new Set<Reason | 'read'>(['read', 'nobody']);
const FOREVER_MS = 60_000;

/** Each line that was accepted is heard, whole, or people are told why not. */
export function heardOrTold(evidence: Evidence): Breach[] {
  return evidence.rooms.flatMap(room => {
    const fates = room.lines.map(line => fateOf(evidence, room, line));
    return fates.flatMap(fate => {
      const { line, whole, from } = fate;
      if (whole || line === evidence.lastWords) return []; // see `alive`
      const wrong = wrongWith({ evidence, room, fate, fates });
      if (wrong === undefined) return [];
      const heard = Number.isFinite(from) ? `in part (${fate.missing} packets missing)` : 'not at all';
      const what = `${line.how} ${line.id} “${line.text}” was heard ${heard}: ${wrong}`;
      const at = Number.isFinite(from) ? from : line.at;
      return [{ promise: 'heard, or told why not', room: room.room.index, what, at }];
    });
  });
}

interface Case {
  readonly evidence: Evidence;
  readonly room: RoomEvidence;
  readonly fate: Fate;
  /** Of all lines of the server. */
  readonly fates: readonly Fate[];
}

function wrongWith(one: Case): string | undefined {
  const { evidence, room, fate } = one;
  const { line, until } = fate;
  if (line.deletedAt !== undefined) return undefined;
  const { index } = room.room;
  const then = deedsIn(evidence, index, line.at, line.at);
  // What the bot never knew of nobody can expect.
  if (then.some(({ act }) => act.costs?.unseen)) return undefined;
  const end = Math.max(until, line.at) + FOREVER_MS;
  const lived = deedsIn(evidence, index, line.at, end).filter(({ at }) => at < end);
  if (wasForgotten(one, lived)) return undefined;
  return line.how === 'say' ? wrongWithSay(one, lived) : wrongWithChat(one, lived, then);
}

/**
 * The process ended after the line was written, and with it what it knew of it: that it waited, since nothing that
 * others wrote after it had been begun, or for what other reason it had not been said.
 */
function wasForgotten({ fate, fates }: Case, lived: readonly Deed[]): boolean {
  const { line } = fate;
  return lived.some(({ act, at, until }) => {
    if (!act.costs?.forgets || at <= line.at - 500) return false;
    if (Number.isFinite(fate.from) && fate.from > until) return false;
    const overtaken = fates.some(
      ({ line: other, from }) => other.at > line.at && other.who !== line.who && from < at,
    );
    return !overtaken || lived.some(deed => deed.at < at && deed.act.costs?.reasons !== undefined);
  });
}

function wrongWithSay({ fate }: Case, lived: readonly Deed[]): string | undefined {
  const { line, sessions } = fate;
  if (line.unanswered !== undefined)
    return lived.some(({ act }) => act.costs?.unanswered) ? undefined : `never answered: ${line.unanswered}`;
  if (line.answer === undefined) return 'never answered';
  if (!isTaken(line.answer)) return undefined;
  if (sessions.length > 0 && lived.some(({ act }) => act.costs?.lines)) return undefined;
  const reasons = lived.flatMap(({ act }) => act.costs?.reasons ?? []);
  if (reasons.some(reason => NEEDS_NO_WORDS.has(reason))) return undefined;
  const told = (line.use?.followUps.length ?? 0) > 0;
  return told && reasons.length > 0 ? undefined : `promised (“${line.answer}”), and nothing was told later`;
}

function wrongWithChat({ fate }: Case, lived: readonly Deed[], then: readonly Deed[]): string | undefined {
  const { line } = fate;
  if (!line.botHere) return undefined;
  const reason = reasonOf(line.why ?? '');
  // It was written when the bot was about to go, or to come.
  if (reason === undefined && then.some(({ act }) => act.costs?.reasons?.includes('not-here')))
    return undefined;
  if (reason === undefined) return `/why says: ${line.why}`;
  if (SPOKEN.has(reason) && lived.some(({ act }) => act.costs?.lines)) return undefined;
  const possible = [...FROM_TALK, ...lived.flatMap(({ act }) => act.costs?.reasons ?? [])];
  return possible.some(one => one === reason) ? undefined : `because “${reason}”, which cannot be`;
}
