import type { FakeFish } from '../sandbox/fish/fish.ts';
import type { FishSession } from '../sandbox/fish/session-record.ts';
import { heardIn, type Room, type SaidLine } from './room.ts';

/** Packets of one Fish session that were heard one after another. Times are `performance.now()`, in ms. */
export interface HeardRun {
  readonly session: FishSession;
  /** Their numbers in the session, rising. */
  readonly packets: number[];
  readonly at: number;
  until: number;
}

/** Something that was heard and that Fish never sent. */
export interface Stray {
  readonly at: number;
  readonly bytes: string;
}

/** What was heard in a server, as runs of Fish's sessions. */
export function runsIn(room: Room, fish: FakeFish): { runs: HeardRun[]; strays: Stray[] } {
  const sent = new Map<string, { session: FishSession; number: number }[]>();
  for (const session of fish.sessions)
    for (const [number, packet] of session.packets.entries()) {
      const key = packet.toString('latin1');
      const places = sent.get(key) ?? [];
      places.push({ session, number });
      sent.set(key, places);
    }
  const runs: HeardRun[] = [];
  const strays: Stray[] = [];
  for (const { opus, at } of heardIn(room)) {
    const places = sent.get(opus.toString('latin1'));
    if (!places) {
      strays.push({ at, bytes: opus.toString('hex', 0, 12) });
      continue;
    }
    const open = runs.at(-1);
    const next = places.find(
      ({ session, number }) => session === open?.session && number > (open.packets.at(-1) ?? -1),
    );
    if (open && next) {
      open.packets.push(next.number);
      open.until = at;
      continue;
    }
    const place = places.findLast(({ session }) => session.startedAt <= at) ?? places[0];
    if (place) runs.push({ session: place.session, packets: [place.number], at, until: at });
  }
  return { runs, strays };
}

/** Whether a session's text has all of a line's words. */
export function says(session: FishSession, line: Pick<SaidLine, 'words'>): boolean {
  const text = session.text.toLowerCase();
  return line.words.every(word => text.includes(word.toLowerCase()));
}

/** Whether a line was heard to its end, out of one session, without a packet missing. */
export function isWhole(room: Room, fish: FakeFish, line: SaidLine): boolean {
  const sessions = fish.sessions.filter(session => session.ended === 'finish' && says(session, line));
  if (sessions.length === 0) return false;
  const heard = new Set(heardIn(room).map(({ opus }) => opus.toString('latin1')));
  return sessions.some(
    ({ packets }) => packets.length > 0 && packets.every(packet => heard.has(packet.toString('latin1'))),
  );
}
