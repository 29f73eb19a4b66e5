import { describe, expect, test } from 'vitest';
import { synthesise } from '../src/speech/synthesis.ts';
import type { CloseCode, FishBehaviour } from './sandbox/fish/behaviour.ts';
import type { FishSession } from './sandbox/fish/session-record.ts';
import { fishRoom } from './support/fish-room.ts';

const TEXT = 'one two three four five six seven eight';
/** A word may lose so many packets at each edge, where it is hardly louder than the pause beside it. */
const EDGE_PACKETS = 2;

interface Heard {
  readonly first: FishSession;
  readonly second: FishSession;
  /** So many packets of the first rendition are heard, and the second from this one on. */
  readonly kept: number;
  readonly entered: number;
}

/** Says `TEXT` where the first session dies after packet `k`, `played` of whose packets people have heard by then. */
async function broken(behaviour: Partial<FishBehaviour>, k: number, code: CloseCode, played: number | null) {
  await using room = await fishRoom({
    voice: 'tones',
    spread: 0.2,
    packetsPerEvent: 3,
    ...behaviour,
    fault: { kind: 'close', code, afterPackets: k },
    faultTimes: 1,
  });
  const packets: Uint8Array[] = [];
  const delivery = { played: played ?? 0, keep: (count: number) => (packets.length = count) };
  const options = { signal: AbortSignal.timeout(30_000), log: room.fish.room.log };
  const speech = synthesise(
    room.fish,
    { lane: 'a guild', text: TEXT },
    { ...options, ...(played !== null && { delivery }) },
  );
  for await (const packet of speech) packets.push(packet);
  const [first, second] = room.server.sessions;
  if (!first || !second) throw new Error('there was no second try');
  const tail = second.packets.at(-1);
  const entered =
    second.packets.length -
    packets.toReversed().findIndex((packet, back) => {
      const theirs = second.packets[second.packets.length - 1 - back];
      return !theirs || Buffer.compare(packet, theirs) !== 0;
    });
  expect(tail && packets.at(-1) && Buffer.compare(tail, packets.at(-1) ?? tail)).toBe(0);
  const isAllSecond = entered > second.packets.length;
  const from = isAllSecond ? second.packets.length - packets.length : entered;
  const kept = packets.length - (second.packets.length - from);
  expect(packets.slice(0, kept).every((packet, i) => first.packets[i]?.equals(packet))).toBe(true);
  return { first, second, kept, entered: from } satisfies Heard;
}

/** Which words of the text are heard whole, and which for the greater part twice. */
function wordsOf({ first, second, kept, entered }: Heard) {
  const missing: string[] = [];
  const twice: string[] = [];
  for (const [index, theirs] of second.words.entries()) {
    const ours = first.words[index];
    const inFirst = ours !== undefined && ours.to - EDGE_PACKETS <= kept;
    const inSecond = theirs.from + EDGE_PACKETS >= entered;
    if (!inFirst && !inSecond) missing.push(theirs.text);
    const isMostlyIn = ours !== undefined && kept - ours.from > (ours.to - ours.from) / 2;
    if (isMostlyIn && inSecond) twice.push(theirs.text);
  }
  return { missing, twice };
}

describe('row 3: a session that dies, and a second rendition that differs by up to 20 %', () => {
  test.each<[CloseCode, number]>([
    [1000, 0],
    [1005, 1],
    [1006, 2],
    [1011, 3],
  ])(
    'closed with %i: no word is lost, none but the broken one is heard twice',
    async (code, phase) => {
      const wrong: unknown[] = [];
      for (let k = 8 + phase; k < 150; k += 12) {
        const heard = await broken({ seed: k }, k, code, null);
        const { missing, twice } = wordsOf(heard);
        if (missing.length > 0 || twice.length > 1) wrong.push({ k, missing, twice });
      }
      expect(wrong).toEqual([]);
    },
    120_000,
  );

  test('where nothing was heard yet, all of it is said anew', async () => {
    const { kept, entered } = await broken({}, 60, 1011, 0);
    expect([kept, entered]).toEqual([0, 0]);
  });

  test('what is in hand and not heard yet is left in a pause: no word is lost, none is heard twice', async () => {
    for (const k of [50, 75, 100]) {
      const heard = await broken({ seed: k }, k, 1006, 10);
      expect(heard.kept).toBeGreaterThanOrEqual(10);
      expect(wordsOf(heard), `${k}`).toEqual({ missing: [], twice: [] });
    }
  });
});
