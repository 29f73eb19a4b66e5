import { type Breach, deedsIn, type Evidence } from '../evidence.ts';
import { fateOf } from '../fate.ts';

/** What is told takes so long to arrive, on a busy machine. */
const TOLD_MS = 1_500;

/** What was deleted, or written by somebody who has opted out, is not begun afterwards. */
export function silenced(evidence: Evidence): Breach[] {
  return evidence.rooms.flatMap(room =>
    room.lines.flatMap(line => {
      const { from, understood } = fateOf(evidence, room, line);
      const unwanted = unwantedFrom(evidence, room.room.index, line);
      if (!understood || from < unwanted + TOLD_MS) return [];
      // Of a deletion that it was not told the bot knows nothing.
      if (deedsIn(evidence, room.room.index, unwanted, from).some(({ act }) => act.scope !== 'room'))
        return [];
      if (deedsIn(evidence, room.room.index, unwanted, from).some(({ act }) => act.costs?.unseen)) return [];
      const what = `“${line.text}” (${line.id}) was begun ${Math.round(from - unwanted)} ms after it was unwanted`;
      return [{ promise: 'what is unwanted is not said', room: room.room.index, what, at: from }];
    }),
  );
}

/** From when on it should not be begun; Infinity where nobody minds. */
function unwantedFrom({ deeds }: Evidence, room: number, line: Parameters<typeof fateOf>[2]): number {
  if (line.how === 'say') return Infinity;
  const outs = deeds.filter(
    ({ act, room: where, given, at, until, impossible }) =>
      act.name === 'somebody opts out for a while' &&
      where === room &&
      given['who'] === line.who &&
      !impossible &&
      line.at < until &&
      line.at > at - 60_000,
  );
  return Math.min(line.deletedAt ?? Infinity, ...outs.map(({ at }) => Math.max(at, line.at)));
}
