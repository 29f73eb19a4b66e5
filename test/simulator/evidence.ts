import type { FakeDiscord } from '../sandbox/discord/discord.ts';
import type { FakeFish } from '../sandbox/fish/fish.ts';
import type { FishSession } from '../sandbox/fish/session-record.ts';
import type { Deed } from './act.ts';
import { asItTurnedOut } from './gateway-acts.ts';
import { type HeardRun, runsIn, type Stray, says } from './heard.ts';
import type { Plan } from './plan.ts';
import type { Room, SaidLine } from './room.ts';
import type { Run } from './run.ts';
import type { BotEnd, Health, Scene } from './scene.ts';
import type { SilentTime } from './silence.ts';

/** The effects of something may come a little before it is noted, and go on for a while after it has ended. */
const BEFORE_MS = 500;
const AFTER_MS = 4_000;

/** What was seen from outside of one server. */
export interface RoomEvidence {
  readonly room: Room;
  readonly lines: readonly SaidLine[];
  readonly runs: readonly HeardRun[];
  readonly strays: readonly Stray[];
  /** Fish's sessions with words of this server, in order. */
  readonly sessions: readonly FishSession[];
  readonly silentTimes: readonly SilentTime[];
  readonly usage: string;
  /** It was heard again when all was over. */
  readonly recovered: boolean;
}

/** What was seen from outside of the whole run. */
export interface Evidence {
  readonly plan: Plan;
  readonly discord: FakeDiscord;
  readonly fish: FakeFish;
  /** What went wrong at Fish in which session. */
  readonly stricken: Scene['stricken'];
  readonly deeds: readonly Deed[];
  readonly rooms: readonly RoomEvidence[];
  readonly ends: readonly BotEnd[];
  /** What the bot told of itself when the disk had been full for a while, and when all was over. */
  readonly fullDisks: readonly Health[];
  readonly inPeace: Health | undefined;
  /** The bytes of each server in the file of the ledger, by the server's id. */
  readonly ledger: ReadonlyMap<string, number>;
  readonly output: string;
  readonly peaceAt: number;
  readonly lastWords: SaidLine | undefined;
}

/** A promise that was not kept. `at`: around which moment to look, `performance.now()`, ms. */
export interface Breach {
  readonly promise: string;
  readonly room: number | undefined;
  readonly what: string;
  readonly at: number;
}

export function evidenceOf(scene: Scene, run: Run, plan: Plan): Evidence {
  const { discord, fish, stricken, ends, fullDisks, output } = scene;
  const { peaceAt, lastWords, inPeace } = run;
  const deeds = run.deeds.map(deed => asItTurnedOut(deed, discord.identifies));
  const rooms = scene.rooms.map((room): RoomEvidence => {
    const { lines, index } = room;
    const sessions = fish.sessions.filter(session => lines.some(line => saysSome(session, line)));
    const recovered = !run.silent.includes(index);
    const { times: silentTimes } = room.silence;
    return {
      room,
      lines,
      sessions,
      ...runsIn(room, fish),
      silentTimes,
      usage: run.usage[index] ?? '',
      recovered,
    };
  });
  const told = { ends, fullDisks, inPeace, output, ledger: scene.ledger() };
  return { plan, discord, fish, stricken, deeds, rooms, peaceAt, lastWords, ...told };
}

/** What happened to a server between two moments, or just before. */
export function deedsIn({ deeds }: Evidence, room: number, from: number, until: number): Deed[] {
  return deeds.filter(
    deed =>
      (deed.room === undefined || deed.room === room) &&
      deed.at - BEFORE_MS <= until &&
      deed.until + (deed.act.costs?.afterMs ?? AFTER_MS) >= from,
  );
}

/** The sessions in which Fish was sent a line. */
export function sessionsOf({ sessions }: RoomEvidence, line: SaidLine): FishSession[] {
  return sessions.filter(session => says(session, line));
}

function saysSome(session: FishSession, { words }: SaidLine): boolean {
  const text = session.text.toLowerCase();
  return words.some(word => text.includes(word.toLowerCase()));
}
