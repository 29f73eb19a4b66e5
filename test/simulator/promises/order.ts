import { type Breach, deedsIn, type Evidence, type RoomEvidence } from '../evidence.ts';
import { type Fate, fateOf } from '../fate.ts';
import type { HeardRun } from '../heard.ts';
import type { SaidLine } from '../room.ts';
import { mayHaveWaited } from '../told.ts';

/** Whoever writes while so many of their lines wait floods, and others have their turn first. */
const FLOOD_LINES = 3;
/** `/say` and chat come by different ways; what is written so close together may be heard either way round. */
const AT_ONCE_MS = 15;

/** Lines are heard once, in the order in which they were written, and not one inside of another. */
export function inOrder(evidence: Evidence): Breach[] {
  return evidence.rooms.flatMap(room => {
    const all = room.lines.map(line => fateOf(evidence, room, line));
    const fates = all.filter(({ from }) => Number.isFinite(from));
    return [
      ...interleaved(room),
      ...repeated(evidence, room),
      ...saidTwice(room, fates),
      ...nested(room, fates),
      ...overtaken(evidence, room, fates, all),
    ];
  });
}

function interleaved({ room, runs }: RoomEvidence): Breach[] {
  const last = new Map<HeardRun['session'], number>();
  return runs.flatMap((run, index) => {
    const before = last.get(run.session);
    last.set(run.session, index);
    if (before === undefined || before === index - 1) return [];
    const what = `“${run.session.text.trim()}” goes on after something else was heard`;
    return [{ promise: 'not interleaved', room: room.index, what, at: run.at }];
  });
}

function repeated(evidence: Evidence, room: RoomEvidence): Breach[] {
  const breaches: Breach[] = [];
  const breach = (what: string, at: number) =>
    breaches.push({ promise: 'said once', room: room.room.index, what, at });
  for (const session of room.sessions) {
    const runs = room.runs.filter(run => run.session === session);
    const all = runs.flatMap(({ packets }) => packets);
    const twice = all.length - new Set(all).size;
    const [first] = runs;
    if (!first || twice === 0) continue;
    const deeds = deedsIn(evidence, room.room.index, first.at, runs.at(-1)?.until ?? first.at);
    const allowed = deeds.reduce((sum, { act }) => sum + (act.costs?.packets ?? 0), 0);
    if (twice > allowed) breach(`${twice} packets of “${session.text.trim()}” were heard twice`, first.at);
  }
  return breaches;
}

/** Where a line is tried again, the word that was broken may be heard twice, and no other. */
function saidTwice({ room }: RoomEvidence, fates: readonly Fate[]): Breach[] {
  return fates
    .filter(({ twice, renditions }) => twice.length > renditions - 1)
    .map(({ line, twice, renditions, from }) => {
      const what = `“${twice.join(' ')}” of “${line.text}” was heard twice, in ${renditions} renditions`;
      return { promise: 'said once', room: room.index, what, at: from };
    });
}

/** A line that begins before another has ended: it was tried again, and the rest came too late. */
function nested({ room }: RoomEvidence, fates: readonly Fate[]): Breach[] {
  return fates.flatMap(outer =>
    fates
      .filter(({ from }) => from > outer.from && from < outer.until)
      .map(inner => {
        const what = `“${inner.line.text}” was heard in the middle of “${outer.line.text}”`;
        return { promise: 'not interleaved', room: room.index, what, at: inner.from };
      }),
  );
}

function overtaken(
  evidence: Evidence,
  { room }: RoomEvidence,
  fates: readonly Fate[],
  all: readonly Fate[],
): Breach[] {
  const wasUnseen = ({ at }: SaidLine) =>
    deedsIn(evidence, room.index, at, at).some(({ act }) => act.costs?.unseen);
  return fates.flatMap((later, index) =>
    fates.slice(0, index).flatMap(earlier => {
      if (later.from > earlier.from) return [];
      if (later.line.who !== earlier.line.who && stepsAside(earlier, all)) return [];
      if ((earlier.line.toldAgainAt ?? 0) > later.line.at && wasUnseen(earlier.line)) return [];
      const soon = later.line.at - earlier.line.at < AT_ONCE_MS;
      if (later.line.how !== earlier.line.how && soon) return [];
      const what = `“${later.line.text}” (${later.line.id}) was heard before “${earlier.line.text}” (${earlier.line.id})`;
      return [{ promise: 'in the order written', room: room.index, what, at: later.from }];
    }),
  );
}

/** Whether so many lines of its author waited when it was written that it had to let others go first. */
function stepsAside({ line }: Fate, fates: readonly Fate[]): boolean {
  const waiting = fates.filter(
    other =>
      other.line.who === line.who &&
      other.line.at < line.at &&
      other.from > line.at &&
      (Number.isFinite(other.from) || mayHaveWaited(other.line)),
  );
  return waiting.length >= FLOOD_LINES || waiting.some(other => stepsAside(other, fates));
}
