import { describe, expect, test } from 'vitest';
import { synthesise } from '../../src/speech/synthesis.ts';
import type { CloseCode, FishBehaviour } from '../sandbox/fish/behaviour.ts';
import { fishRoom } from '../support/fish-room.ts';
import { type Break, secondTries } from '../support/second-tries.ts';
import { useVoiceScene } from '../support/voice-scene.ts';
import { faultsIn, type HeardStretch, stretchesHeard, wordsIn } from '../support/words-heard.ts';

useVoiceScene();

const TEXT = 'one two three four five six seven eight';
const WORDS = TEXT.split(' ').length;

/** Says `TEXT` where the first session dies after packet `k`, `played` of whose packets people have heard by then. */
async function broken(
  behaviour: Partial<FishBehaviour>,
  k: number,
  code: CloseCode,
  played: number | null,
): Promise<HeardStretch[]> {
  await using room = await fishRoom({
    voice: 'tones',
    packetsPerEvent: 3,
    ...behaviour,
    fault: { kind: 'close', code, afterPackets: k },
    faultTimes: 1,
  });
  const packets: Uint8Array[] = [];
  const playback = { played: played ?? 0, keep: (count: number) => (packets.length = count) };
  const options = { signal: AbortSignal.timeout(30_000), log: room.fish.room.log };
  const speech = synthesise(
    room.fish,
    { lane: 'a guild', text: TEXT },
    { ...options, ...(played !== null && { playback }) },
  );
  for await (const packet of speech) packets.push(packet);
  const { sessions } = room.server;
  expect(sessions).toHaveLength(2);
  const stretches = stretchesHeard(sessions, packets);
  expect(stretches.reduce((sum, { from, to }) => sum + to - from, 0)).toBe(packets.length);
  expect(stretches.at(-1)).toMatchObject({ session: sessions[1], to: sessions[1]?.packets.length });
  return stretches;
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
      for (let k = 8 + 6 * phase; k < 150; k += 24) {
        const faults = faultsIn(wordsIn(await broken({ seed: k }, k, code, null)), WORDS);
        if (faults.length > 0) wrong.push({ k, faults });
      }
      expect(wrong).toEqual([]);
    },
    120_000,
  );

  test('where nothing was heard yet, all of it is said anew', async () => {
    expect(await broken({}, 60, 1011, 0)).toMatchObject([{ from: 0 }]);
  });

  test('what is in hand and not heard yet is left in a pause: no word is lost, none is heard twice', async () => {
    for (const k of [50, 75, 100]) {
      const stretches = await broken({ seed: k }, k, 1006, 10);
      expect(stretches[0]?.to).toBeGreaterThanOrEqual(10);
      const words = wordsIn(stretches).map(({ number }) => number);
      expect(words, `${k}`).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    }
  });

  test('heard through a voice channel, while Fish is as fast as the real one', async () => {
    const codes: readonly CloseCode[] = [1000, 1005, 1006, 1011];
    const breaks = codes.map((code, index): Break => ({ code, afterPackets: 14 + 21 * index }));
    const tries = await secondTries(breaks, { text: 'One two three four five six seven.', servers: 4 });
    expect(tries.map(({ faults }) => faults)).toEqual(codes.map(() => []));
  }, 60_000);
});
