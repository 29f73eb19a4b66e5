import texts from '../../../src/locale/en.json' with { type: 'json' };
import { contentOf } from '../../sandbox/discord/message.ts';
import { type Breach, deedsIn, type Evidence, type RoomEvidence } from '../evidence.ts';
import type { Silence, SilentTime } from '../silence.ts';

/** The news that nobody hears the bot takes so long to arrive, on a busy machine. */
const NEWS_MS = 1_500;
/** It may have a line made while it is on its way to where people are. */
const COMING_MS = 1_500;
/** What passes within a second is not told. */
const TOLD_AFTER_MS = 1_000;

/** By which notice people are told of it. */
const NOTICES: Partial<Record<Silence, string>> = {
  muted: texts['held.muted'],
  'no-permission': texts['held.no-permission'],
};

/** While nobody could hear the bot nothing is spent. */
export function unspent(evidence: Evidence): Breach[] {
  return evidence.rooms.flatMap(room => spent(evidence, room));
}

/** That nobody could hear it people are told, once. */
export function toldOnce(evidence: Evidence): Breach[] {
  return evidence.rooms.flatMap(room => told(evidence, room));
}

/** The bot can have known of it, all that time. */
function isKnown(evidence: Evidence, { room }: RoomEvidence, from: number, until: number): boolean {
  return deedsIn(evidence, room.index, from, until).every(
    ({ act }) => act.scope !== 'process' && act.scope !== 'gateway' && !act.costs?.unseen,
  );
}

function spent(evidence: Evidence, room: RoomEvidence): Breach[] {
  return room.silentTimes.flatMap(({ why, from, until }) =>
    room.sessions
      .filter(({ startedAt }) => startedAt > from + NEWS_MS && startedAt < until - COMING_MS)
      .filter(({ startedAt }) => isKnown(evidence, room, from, startedAt))
      .map(({ text, startedAt }) => {
        const what = `“${text.trim()}” was sent to Fish ${Math.round(startedAt - from)} ms after nobody could hear it (${why})`;
        return { promise: 'nothing is spent unheard', room: room.room.index, what, at: startedAt };
      }),
  );
}

function told(evidence: Evidence, room: RoomEvidence): Breach[] {
  const { discord, deeds } = evidence;
  const { guild, index } = room.room;
  const said = [...guild.channels.values()].flatMap(channel => discord.messages(channel)).map(contentOf);
  const starts = 1 + deeds.filter(({ act }) => act.scope === 'process').length;
  return Object.entries(NOTICES).flatMap(([why, text]) => {
    const [beginning = ''] = text.split('{', 1);
    const count = said.filter(notice => notice.startsWith(beginning)).length;
    const times = room.silentTimes.filter(time => time.why === why);
    const long = times.find(time => isLong(time) && isKnown(evidence, room, time.from, time.until));
    if (long && count === 0)
      return [
        { promise: 'it is told once', room: index, what: `${why}, and nobody was told`, at: long.from },
      ];
    if (count <= starts) return [];
    const what = `${why}, and told ${count} times`;
    return [{ promise: 'it is told once', room: index, what, at: times.at(-1)?.from ?? 0 }];
  });
}

function isLong({ from, until }: SilentTime): boolean {
  return until - from > TOLD_AFTER_MS + NEWS_MS;
}
