import type { Listener } from '../sandbox/discord/voice-api.ts';
import type { FishSession } from '../sandbox/fish/session-record.ts';

/**
 * Packets of one session with Fish that were heard one after another: `session.packets` from `from` up to before `to`.
 */
export interface HeardStretch {
  readonly session: FishSession;
  readonly from: number;
  readonly to: number;
}

/** A word, or a part of one, that was heard in one stretch. */
export interface HeardWord {
  /** The whole text of the session, without spaces around it. */
  readonly text: string;
  /** The number of the word in that text, from 0. */
  readonly number: number;
  /** Whether the word was heard from its first packet to its last. */
  readonly whole: boolean;
  /** Whether more than half of the word was heard. */
  readonly mostly: boolean;
  /** How many packets of it were heard. */
  readonly packets: number;
}

/**
 * A word counts as whole if it lacks at most so many packets at each end. There a sound is hardly louder than the pause
 * beside it, and the encoder spreads it over the packets around it.
 */
const EDGE_PACKETS = 2;
/**
 * Words that together last no longer than one usual word (360 ms) are all heard again if the sound broke off in the
 * last of them: pauses of a few packets between them might as well be within a word.
 */
const WORD_PACKETS = 18;

/**
 * Divides the packets that were heard into stretches of Fish's sessions, each as long as possible. Others are left out.
 */
export function stretchesHeard(
  sessions: readonly FishSession[],
  packets: readonly Uint8Array[],
): HeardStretch[] {
  const places = new Map<string, { session: FishSession; at: number }[]>();
  for (const session of sessions)
    for (const [at, packet] of session.packets.entries()) {
      const key = packet.toString('latin1');
      const known = places.get(key);
      if (known) known.push({ session, at });
      else places.set(key, [{ session, at }]);
    }
  const heard: HeardStretch[] = [];
  for (let index = 0; index < packets.length; ) {
    let longest: HeardStretch | undefined;
    for (const { session, at } of places.get(keyOf(packets[index])) ?? []) {
      let to = at + 1;
      while (isSame(session.packets[to], packets[index + to - at])) to += 1;
      if (!longest || to - at > longest.to - longest.from) longest = { session, from: at, to };
    }
    if (longest) heard.push(longest);
    index += longest ? longest.to - longest.from : 1;
  }
  return heard;
}

/** The words of these stretches, in order. If only the edge of a word was heard, it does not count. */
export function wordsIn(stretches: readonly HeardStretch[]): HeardWord[] {
  return stretches.flatMap(({ session, from, to }) =>
    session.words.flatMap((word, number) => {
      const edge = Math.min(EDGE_PACKETS, (word.to - word.from) >> 2);
      const length = Math.min(word.to, to) - Math.max(word.from, from);
      const whole = from <= word.from + edge && to >= word.to - edge;
      if (length <= edge && !whole) return [];
      const mostly = length > (word.to - word.from) / 2;
      return [{ text: session.text.trim(), number, whole, mostly, packets: length }];
    }),
  );
}

/**
 * What is wrong with how a text with `words` words was heard; empty if nothing is. Each word has to be heard whole and
 * in order. Only one word, in which the first rendition broke off, may be heard mostly (more than half) twice, or
 * several that together are as short as one (see `WORD_PACKETS`).
 */
export function faultsIn(heard: readonly HeardWord[], words: number): string[] {
  const faults: string[] = [];
  for (let number = 0; number < words; number += 1)
    if (!heard.some(word => word.number === number && word.whole))
      faults.push(`word ${number} was not heard whole`);
  const again = heard.filter(
    (word, index) =>
      word.mostly && heard.slice(0, index).some(({ number, mostly }) => mostly && number === word.number),
  );
  const repeated = again.reduce((sum, { packets }) => sum + packets, 0);
  if (again.length > 1 && repeated > WORD_PACKETS)
    faults.push(`words ${again.map(({ number }) => number).join(', ')} were heard twice`);
  for (const [index, { number }] of heard.entries()) {
    const before = heard[index - 1]?.number ?? -1;
    if (number > before + 1) faults.push(`word ${number} came after word ${before}`);
  }
  return faults;
}

/**
 * What is wrong with how a text was heard in these packets; see `faultsIn`. Sessions count that were sent the text or,
 * as they may have broken off, only its beginning.
 */
export function faultsOf(
  text: string,
  sessions: readonly FishSession[],
  packets: readonly Uint8Array[],
): string[] {
  const own = sessions.filter(session => text.startsWith(session.text.trim()));
  const words = Math.max(0, ...own.map(session => session.words.length));
  if (words === 0) return ['Fish never said it'];
  return faultsIn(wordsIn(stretchesHeard(own, packets)), words);
}

/** Whether Fish has finished a session well, and the last packet of that session is the last one that was heard. */
export function isHeardToEnd(session: FishSession | undefined, listener: Listener): boolean {
  return session?.ended === 'finish' && endsWith(listener.speech(), session);
}

/** Whether the last packet that Fish has sent in a session is the last one of those that were heard. */
export function endsWith(heard: readonly Uint8Array[], session: FishSession | undefined): boolean {
  return isSame(session?.packets.at(-1), heard.at(-1));
}

function keyOf(packet: Uint8Array | undefined): string {
  return packet ? Buffer.from(packet.buffer, packet.byteOffset, packet.byteLength).toString('latin1') : '';
}

function isSame(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  return one !== undefined && other !== undefined && Buffer.compare(one, other) === 0;
}
