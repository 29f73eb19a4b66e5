import type { FishSession } from '../sandbox/fish/session-record.ts';
import { deedsIn, type Evidence, type RoomEvidence, sessionsOf } from './evidence.ts';
import type { HeardRun } from './heard.ts';
import type { SaidLine } from './room.ts';

/** How much of a line was heard. Times are `performance.now()`, in ms; Infinity and -Infinity where nothing was. */
export interface Fate {
  readonly line: SaidLine;
  /** Fish's sessions with it: more than one where Fish failed. */
  readonly sessions: readonly FishSession[];
  readonly runs: readonly HeardRun[];
  readonly from: number;
  readonly until: number;
  /** All of it was heard: out of one session, or the end out of a later one than the beginning. */
  readonly whole: boolean;
  /** Packets missing of the session in which it was heard to its end. */
  readonly missing: number;
}

export function fateOf(evidence: Evidence, room: RoomEvidence, line: SaidLine): Fate {
  const sessions = sessionsOf(room, line);
  const runs = room.runs.filter(({ session }) => sessions.includes(session));
  const from = Math.min(...runs.map(({ at }) => at));
  const until = Math.max(...runs.map(run => run.until));
  const last = sessions.findLast(session => runs.some(run => run.session === session));
  const packets = new Set(runs.flatMap(run => (run.session === last ? run.packets : [])));
  const toEnd = last?.ended === 'finish' && packets.has(last.packets.length - 1);
  const first = Math.min(...packets);
  // A later session goes on where an earlier one broke off.
  const goesOn = sessions.length > 1 && runs.some(({ session }) => session !== last);
  const expected = last ? last.packets.length - (goesOn ? first : 0) : 0;
  const missing = expected - packets.size;
  const lost = deedsIn(evidence, room.room.index, from, until);
  const allowed = lost.reduce((sum, { act }) => sum + (act.costs?.packets ?? 0), 0);
  const any = lost.some(({ act }) => act.costs?.lines);
  const nearEnd = last?.ended === 'finish' && last.packets.length - 1 - Math.max(...packets) <= allowed;
  const whole = Boolean(last) && (any || ((toEnd || nearEnd) && missing <= allowed));
  return { line, sessions, runs, from, until, whole, missing };
}
