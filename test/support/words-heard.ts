import type { Listener } from '../sandbox/discord/voice-api.ts';
import type { FishSession } from '../sandbox/fish/session-record.ts';

/** Packets of one Fish session that were heard one after another. */
export interface HeardStretch {
  readonly session: FishSession;
  /** Places in `session.packets`: from the first of them up to, but not including, the last. */
  readonly from: number;
  readonly to: number;
}

/** A word, or some of it, in one stretch. */
export interface HeardWord {
  /** As Fish was sent it, without the spaces around it. */
  readonly text: string;
  /** Which word of that text it is: 0 is the first. */
  readonly number: number;
  /** From its first packet to its last. */
  readonly whole: boolean;
  /** More than half of it. */
  readonly mostly: boolean;
}

/**
 * A word may lack so many packets at each end: where a sound begins and ends it is hardly louder than the pause
 * beside it, and the encoder spreads it over its neighbours.
 */
const EDGE_PACKETS = 2;

/**
 * What was heard, as stretches of Fish's sessions, each as long as can be. Packets that Fish never sent are left out.
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

/** The words of these stretches, in order. What is no more than the edge of a word does not count. */
export function wordsIn(stretches: readonly HeardStretch[]): HeardWord[] {
  return stretches.flatMap(({ session, from, to }) =>
    session.words.flatMap((word, number) => {
      const edge = Math.min(EDGE_PACKETS, (word.to - word.from) >> 2);
      const length = Math.min(word.to, to) - Math.max(word.from, from);
      const whole = from <= word.from + edge && to >= word.to - edge;
      if (length <= edge && !whole) return [];
      const mostly = length > (word.to - word.from) / 2;
      return [{ text: session.text.trim(), number, whole, mostly }];
    }),
  );
}

/**
 * What is wrong with how a text of so many words was heard: each is to be heard whole, in order, and for the greater
 * part once, but for one: the one in which it broke off. Empty if nothing is.
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
  if (again.length > 1) faults.push(`words ${again.map(({ number }) => number).join(', ')} were heard twice`);
  for (const [index, { number }] of heard.entries()) {
    const before = heard[index - 1]?.number ?? -1;
    if (number > before + 1) faults.push(`word ${number} came after word ${before}`);
  }
  return faults;
}

/**
 * What is wrong with how a text was heard in these packets, see `faultsIn`. A session that broke off may have been sent
 * only the beginning of the text.
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

/** Whether Fish has ended a session well, and its last packet is the last that was heard. */
export function isHeardToEnd(session: FishSession | undefined, listener: Listener): boolean {
  return session?.ended === 'finish' && endsWith(listener, session);
}

/** Whether the last packet that Fish has sent of a session is the last that was heard. */
export function endsWith(listener: Listener, session: FishSession | undefined): boolean {
  return isSame(session?.packets.at(-1), listener.speech().at(-1));
}

function keyOf(packet: Uint8Array | undefined): string {
  return packet ? Buffer.from(packet.buffer, packet.byteOffset, packet.byteLength).toString('latin1') : '';
}

function isSame(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  return one !== undefined && other !== undefined && Buffer.compare(one, other) === 0;
}
