import { deedsIn, type Breach, type Evidence, type RoomEvidence } from '../evidence.ts';
import { type Fate, fateOf } from '../fate.ts';
import type { HeardRun } from '../heard.ts';

/** Whoever has more lines waiting than that floods, and others have their turn. */
const FLOOD_LINES = 3;
/** `/say` and chat come by different ways; what is written so close together may be heard either way round. */
const AT_ONCE_MS = 400;
/** Packets that are heard once more where a line is tried again: the word that was broken. */
const BROKEN_WORD = 60;

/** Lines are heard once, in the order in which they were written, and not one inside of another. */
export function inOrder(evidence: Evidence): Breach[] {
  return evidence.rooms.flatMap(room => [
    ...interleaved(room),
    ...repeated(evidence, room),
    ...overtaken(evidence, room),
  ]);
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
  for (const line of room.lines) {
    const { sessions, runs, from } = fateOf(evidence, room, line);
    const longest = Math.max(0, ...sessions.map(({ packets }) => packets.length));
    const heard = runs.reduce((sum, { packets }) => sum + packets.length, 0);
    if (sessions.length > 1 && heard > longest * 1.2 + BROKEN_WORD)
      breach(`“${line.text}” was heard in ${heard} packets, where ${longest} are all of it`, from);
  }
  return breaches;
}

function overtaken(evidence: Evidence, room: RoomEvidence): Breach[] {
  const fates = room.lines
    .map(line => fateOf(evidence, room, line))
    .filter(({ from, sessions }) => Number.isFinite(from) && sessions.length > 0);
  return fates.flatMap((later, index) =>
    fates.slice(0, index).flatMap(earlier => {
      if (!overtakes(later, earlier)) return [];
      const own = later.line.who === earlier.line.who;
      if (!own && floods(earlier, later, fates)) return [];
      const soon = later.line.at - earlier.line.at < AT_ONCE_MS;
      if (later.line.how !== earlier.line.how && soon) return [];
      const what = `“${later.line.text}” (${later.line.id}) was heard before “${earlier.line.text}” (${earlier.line.id})`;
      return [{ promise: 'in the order written', room: room.room.index, what, at: later.from }];
    }),
  );
}

/** Heard before it: at an earlier time, or in an earlier place of the same session. */
function overtakes(later: Fate, earlier: Fate): boolean {
  const [run, other] = [later.runs[0], earlier.runs[0]];
  if (run?.session !== other?.session) return later.from < earlier.from;
  const text = run?.session.text.toLowerCase() ?? '';
  const place = ({ line }: Fate) => text.indexOf(line.words[0]?.toLowerCase() ?? '');
  return place(later) < place(earlier);
}

/** Whether the author of the earlier line had so many waiting that others had their turn. */
function floods(earlier: Fate, later: Fate, fates: readonly Fate[]): boolean {
  const waiting = fates.filter(
    ({ line, from }) => line.who === earlier.line.who && line.at < later.from && from > later.line.at,
  );
  return waiting.length > FLOOD_LINES;
}
