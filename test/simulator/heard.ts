import type { FakeFish } from '../sandbox/fish/fish.ts';
import type { FishSession } from '../sandbox/fish/session-record.ts';
import type { Room, SaidLine } from './room.ts';

/** Packets of one Fish session that were heard one after another. Times are `performance.now()`, in ms. */
export interface HeardRun {
  readonly session: FishSession;
  /** Their numbers in the session, rising, and when each was heard. */
  readonly packets: number[];
  readonly times: number[];
  readonly at: number;
  until: number;
}

/** Something that was heard and that Fish never sent. */
export interface Stray {
  readonly at: number;
  readonly bytes: string;
}

interface Place {
  readonly session: FishSession;
  readonly number: number;
}

/**
 * What was heard in a server, as runs of Fish's sessions. No two sessions say a text alike, so each packet tells its
 * session.
 */
export function runsIn({ ears }: Room, fish: FakeFish): { runs: HeardRun[]; strays: Stray[] } {
  const sent = new Map<string, Place>();
  for (const session of fish.sessions)
    for (const [number, packet] of session.packets.entries())
      sent.set(packet.toString('latin1'), { session, number });
  const runs: HeardRun[] = [];
  const strays: Stray[] = [];
  for (const { opus, at } of ears.heard) {
    const place = sent.get(opus.toString('latin1'));
    if (!place) {
      strays.push({ at, bytes: opus.toString('hex', 0, 12) });
      continue;
    }
    const { session, number } = place;
    const open = runs.at(-1);
    if (open?.session === session && number > (open.packets.at(-1) ?? -1)) {
      open.packets.push(number);
      open.times.push(at);
      open.until = at;
    } else runs.push({ session, packets: [number], times: [at], at, until: at });
  }
  return { runs, strays };
}

/** Whether a session's text has all of a line's words. */
export function says(session: FishSession, line: Pick<SaidLine, 'words'>): boolean {
  const text = session.text.toLowerCase();
  return line.words.every(word => text.includes(word.toLowerCase()));
}

/** Whether a line was heard to its end, out of one session, without a packet missing. */
export function isWhole({ ears }: Room, fish: FakeFish, line: SaidLine): boolean {
  return fish.sessions.some(
    session =>
      session.ended === 'finish' &&
      session.packets.length > 0 &&
      says(session, line) &&
      ears.haveHeard(session.packets),
  );
}
