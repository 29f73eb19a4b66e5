import type { SpokenWord } from '../sandbox/fish/rendition.ts';
import type { FishSession } from '../sandbox/fish/session-record.ts';
import { deedsIn, type Evidence, type RoomEvidence, sessionsOf } from './evidence.ts';
import { says } from './heard.ts';
import type { Room, SaidLine } from './room.ts';

/** A word may lose so many packets at each edge, where one rendition is left for another beside it. */
const EDGE_PACKETS = 2;

/** How much of a line was heard. Times are `performance.now()`, in ms; Infinity and -Infinity where nothing was. */
export interface Fate {
  readonly line: SaidLine;
  /** Fish's sessions with it: more than one where Fish failed. */
  readonly sessions: readonly FishSession[];
  /** How many of these were heard, be it in part. */
  readonly renditions: number;
  /** From when until when its words were heard. */
  readonly from: number;
  readonly until: number;
  /** All its words were heard, but for packets that may be lost. */
  readonly whole: boolean;
  /** Packets of it that nobody heard. */
  readonly missing: number;
  /** Its words that were heard for the greater part more than once. */
  readonly twice: readonly string[];
  /** Whether more than the edge of a word was heard. */
  readonly understood: boolean;
}

/** A word in one session: which of its packets were heard, and when. */
interface Rendered {
  readonly word: SpokenWord;
  readonly heard: ReadonlySet<number>;
  readonly times: readonly number[];
}

export function fateOf(evidence: Evidence, room: RoomEvidence, line: SaidLine): Fate {
  const sessions = sessionsOf(room, line);
  const words = line.words.map(word => ({
    word,
    rendered: sessions.flatMap(session => renderedIn(room, session, word)),
  }));
  const times = words.flatMap(({ rendered }) => rendered.flatMap(one => one.times));
  const from = Math.min(...times);
  const until = Math.max(...times);
  const heardFrom = sessions.filter(session => room.runs.some(run => run.session === session));
  const [only] = heardFrom;
  const isOne = heardFrom.length === 1 && only !== undefined && says(only, line);
  const missing = isOne
    ? missingOfSession(room, only, line)
    : words.reduce((sum, { rendered }) => sum + Math.min(...rendered.map(missingOf)), 0);
  // What is missing of the one session may be its announcement, which was heard long before the words where the bot had
  // to wait in between.
  const runs = isOne ? room.runs.filter(run => run.session === only) : [];
  // Its first packets may have been sent, and lost, long before the first one that was heard.
  const begun = heardFrom.map(session => session.firstAudioAt ?? from);
  const lost = deedsIn(
    evidence,
    room.room.index,
    Math.min(from, ...begun, ...runs.map(({ at }) => at)),
    until,
  );
  // Where the bot was told nothing, it went on while nobody heard it.
  const unawares =
    lost.some(({ act }) => act.costs?.unanswered) &&
    room.silentTimes.some(silent => silent.from < until && silent.until > from);
  const costs = lost.reduce((sum, { act }) => sum + (act.costs?.packets ?? 0), 0);
  // On a busy machine the bot learns late that its voice session is over, and sends until then.
  const allowed = unawares ? Infinity : costs && costs + lateAt(room.room);
  const whole =
    heardFrom.length > 0 && (missing <= allowed || lost.some(({ act }) => act.costs?.lines === true));
  const twice = words
    .filter(({ rendered }) => rendered.filter(isMostlyHeard).length > 1)
    .map(({ word }) => word);
  const understood = words.some(({ rendered }) => rendered.some(isMostlyHeard));
  return { line, sessions, renditions: heardFrom.length, from, until, whole, missing, twice, understood };
}

/** How many packets reached the voice servers of a server after their session had ended. */
function lateAt({ discord, servers }: Room): number {
  return servers.reduce((sum, number) => sum + (discord.voice[number]?.late ?? 0), 0);
}

function renderedIn({ runs }: RoomEvidence, session: FishSession, text: string): Rendered[] {
  const word = session.words.find(spoken => spoken.text.toLowerCase() === text);
  if (!word) return [];
  const heard = new Set<number>();
  const times: number[] = [];
  for (const run of runs)
    for (const [index, packet] of run.packets.entries()) {
      if (run.session !== session || packet < word.from || packet >= word.to) continue;
      heard.add(packet);
      times.push(run.times[index] ?? run.at);
    }
  return [{ word, heard, times }];
}

/** Packets of a word that were not heard, beyond those that may go where it was joined. */
function missingOf({ word, heard }: Rendered): number {
  return Math.max(0, word.to - word.from - heard.size - EDGE_PACKETS);
}

function isMostlyHeard({ word, heard }: Rendered): boolean {
  return heard.size > (word.to - word.from) / 2;
}

/**
 * Packets that were not heard of the one session that said a line: those from its first word to its last one, and the
 * session's beginning and end where no other line stands there.
 */
function missingOfSession({ runs, lines }: RoomEvidence, session: FishSession, { words }: SaidLine): number {
  const others = new Set(lines.flatMap(line => line.words).filter(word => !words.includes(word)));
  const spoken = session.words.map(word => ({ ...word, text: word.text.toLowerCase() }));
  const first = spoken.find(({ text }) => words.includes(text));
  const last = spoken.findLast(({ text }) => words.includes(text));
  if (!first || !last) return Infinity;
  const begins = !spoken.some(({ text, from }) => others.has(text) && from < first.from);
  const ends = !spoken.some(({ text, from }) => others.has(text) && from > last.from);
  const heard = new Set(runs.filter(run => run.session === session).flatMap(({ packets }) => packets));
  const to = ends ? Math.max(last.to, session.packets.length) : last.to;
  let missing = 0;
  for (let packet = begins ? 0 : first.from; packet < to; packet += 1) if (!heard.has(packet)) missing += 1;
  return missing;
}
