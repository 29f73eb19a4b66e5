import type { Reason } from '../../../src/speech/reasons.ts';
import type { Breach, Evidence, RoomEvidence } from '../evidence.ts';
import { deedsIn } from '../evidence.ts';
import { type Fate, fateOf } from '../fate.ts';
import { isTaken, reasonOf } from '../told.ts';

/** Nobody may have to be told of these in advance: they follow from how much people say. */
const FROM_TALK: readonly Reason[] = ['person-full', 'queue-full', 'person-cap'];
const HEARD = ['read', 'waiting'] as const;
const FOREVER_MS = 60_000;

/** Each line that was accepted is heard, whole, or people are told why not. */
export function heardOrTold(evidence: Evidence): Breach[] {
  return evidence.rooms.flatMap(room =>
    room.lines.flatMap(line => {
      if (line === evidence.lastWords) return []; // see `alive`
      const fate = fateOf(evidence, room, line);
      const what = fate.whole ? undefined : breachOf(evidence, room, fate);
      if (what === undefined) return [];
      const at = Number.isFinite(fate.from) ? fate.from : line.at;
      return [{ promise: 'heard, or told why not', room: room.room.index, what, at }];
    }),
  );
}

function breachOf(evidence: Evidence, { room }: RoomEvidence, fate: Fate): string | undefined {
  const { line, from } = fate;
  const name = `${line.how} ${line.id} “${line.text}”`;
  const heard = Number.isFinite(from) ? `only in part (${fate.missing} packets missing)` : 'not at all';
  const deeds = deedsIn(evidence, room.index, line.at, Math.max(fate.until, line.at) + FOREVER_MS);
  const lived = deeds.filter(({ at }) => at < Math.max(fate.until, line.at) + FOREVER_MS);
  // What the bot never knew of, or has forgotten since, nobody can expect.
  if (deedsIn(evidence, room.index, line.at, line.at).some(({ act }) => act.costs?.unseen)) return undefined;
  if (lived.some(({ act, at }) => act.costs?.forgets && at > line.at - 500)) return undefined;
  if (lived.some(({ act }) => act.costs?.lines)) return undefined;
  if (line.deletedAt !== undefined) return undefined;
  const possible = new Set<string>([...FROM_TALK, ...lived.flatMap(({ act }) => act.costs?.reasons ?? [])]);
  if (line.how === 'say') {
    if (line.unanswered !== undefined && lived.some(({ act }) => act.costs?.unanswered)) return undefined;
    if (line.unanswered !== undefined) return `${name} was never answered: ${line.unanswered}`;
    if (line.answer !== undefined && !isTaken(line.answer)) return undefined;
    const steered = lived.some(({ act }) => act.costs?.reasons);
    return steered ? undefined : `${name} was promised (“${line.answer}”) and heard ${heard}`;
  }
  if (!line.botHere) return undefined;
  const reason = reasonOf(line.why ?? '');
  const coming = deedsIn(evidence, room.index, line.at, line.at).some(({ act }) =>
    act.costs?.reasons?.includes('not-here'),
  );
  // It was written when the bot was about to go, or to come.
  if (reason === undefined && coming) return undefined;
  if (reason === undefined) return `${name} was heard ${heard}, and /why says: ${line.why}`;
  if (HEARD.some(one => one === reason)) return `${name} was heard ${heard}, and /why says it was read`;
  return possible.has(reason)
    ? undefined
    : `${name} was heard ${heard}, because “${reason}”, which cannot be`;
}
