import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeUser } from '../sandbox/discord/discord.ts';
import type { Listener } from '../sandbox/discord/voice-api.ts';
import { spokenLine } from '../support/spoken-line.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

/** 8 s of speech. */
const PACKETS = 400;
const BLOCK_MS = 1_000;
const WINDOW_MS = 100;
const MOST_IN_WINDOW = 10;
/** Blocks of the loop are tried so often: on a busy machine what arrives late here may look like a burst. */
const TRIES = 3;

let stage: Stage;
let ana: FakeUser;

beforeAll(async () => {
  stage = await startStage({ meddling: true, fish: { packets: PACKETS } }, discord => {
    ana = discord.addUser('Ana');
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

/** Somebody listens to a line of 8 s, of which some has been heard. */
async function speaking(name: string): Promise<Listener> {
  const { listener } = await spokenLine(stage, { name, person: ana });
  return listener;
}

/** How many packets came in the window of 100 ms in which the most came, of those that came from `at` on. */
function mostInWindow(listener: Listener, at: number): number {
  const times = listener.heard.filter(packet => packet.at >= at).map(packet => packet.at);
  return Math.max(...times.map((from, index) => times.slice(index).filter(t => t < from + WINDOW_MS).length));
}

async function wholeLine(listener: Listener): Promise<void> {
  await until('the whole line', () => listener.speech().length >= PACKETS, 60_000);
  const session = stage.fish.sessions.find(({ packets }) =>
    packets[0]?.equals(listener.speech()[0] ?? packets[0]),
  );
  expect(listener.speech()).toEqual(session?.packets);
}

test('row 24: the system’s clock is set back and forth while the bot speaks: nobody hears of it', async () => {
  const listener = await speaking('clock');
  for (const byMs of [-3_000, 5_000, -3_600_000, 7_200_000]) {
    const before = listener.speech().length;
    const at = performance.now();
    await stage.meddle({ do: 'set clock', byMs });
    await sleep(1_000);
    const now = listener.speech().length - before;
    expect(now, `set by ${byMs} ms`).toBeGreaterThan(25); // 50 by the book; a clock that stands still: 1
    const due = (performance.now() - at) / 20;
    expect(now, `set by ${byMs} ms`).toBeLessThan(due + MOST_IN_WINDOW); // the library, set forward: 274
  }
  await wholeLine(listener);
}, 90_000);

test('row 24: the event loop is blocked for a second: no burst afterwards, and every packet is heard', async () => {
  const listener = await speaking('blocked');
  const bursts: number[] = [];
  for (let tries = 0; tries < TRIES; tries += 1) {
    await stage.meddle({ do: 'block', ms: BLOCK_MS });
    const at = performance.now() - WINDOW_MS;
    const before = listener.speech().length;
    await sleep(2 * WINDOW_MS);
    expect(listener.speech().length).toBeGreaterThan(before);
    bursts.push(mostInWindow(listener, at));
    await sleep(WINDOW_MS);
  }
  expect(Math.min(...bursts)).toBeLessThanOrEqual(MOST_IN_WINDOW); // the library: 57
  await until('it is in the log', () => /event loop stood still/.test(stage.bot.output));
  await wholeLine(listener);
}, 90_000);
