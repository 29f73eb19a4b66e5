import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { ReasonBook } from '../../src/speech/reason-book.ts';
import { type Reason, Unsaid } from '../../src/speech/reasons.ts';
import { lineOf } from '../support/lines.ts';
import { speechRoom } from '../support/speech-room.ts';
import { until } from '../support/until.ts';
import { useVoiceScene } from '../support/voice-scene.ts';

useVoiceScene();

const MESSAGES = 10_000;
const PEOPLE = 1_000;
const AT_ONCE = 100;
const PAUSE_MS = 20;
const CAPS = { messageBytes: 1_000, personBytesPerMinute: 3_000, serverBytesPerDay: 1e9 };

/** Bytes that are really in use. */
function memory(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

test('10,000 messages of 1,000 people: the bounds hold, each has one fate, memory stays, /skip answers', async () => {
  const { session, ...room } = await speechRoom({ fish: { packets: 20 } });
  await session.joined;
  const book = new ReasonBook();
  const placeOf = (id: number) => ({
    id: `${id}`,
    guildId: 'guild',
    channelId: 'channel',
    authorId: `user ${id % PEOPLE}`,
  });
  const outcomes = new Uint8Array(MESSAGES);
  const fates = new Map<Reason | null, number>();
  let mostWaiting = 0;
  const over = (id: number, reason: Reason | null) => {
    outcomes[id] = (outcomes[id] ?? 0) + 1;
    fates.set(reason, (fates.get(reason) ?? 0) + 1);
    book.note(placeOf(id), reason);
  };
  const write = (id: number) => {
    book.waiting(placeOf(id));
    const userId = `user ${id % PEOPLE}`;
    // Some write the same again and again, some write a lot.
    const text = id % 7 === 0 ? 'hello everybody' : `message ${id} ${'word '.repeat(id % 30)}`;
    try {
      session.conversation.say({
        ...lineOf(text, { userId, caps: CAPS }),
        onOutcome: reason => over(id, reason),
      });
    } catch (error) {
      if (!(error instanceof Unsaid)) throw error;
      over(id, error.reason);
    }
  };
  const before = memory();
  for (let id = 0; id < MESSAGES; id += 1) {
    write(id);
    mostWaiting = Math.max(mostWaiting, session.conversation.lines.waiting.length);
    if (id % AT_ONCE > 0) continue;
    await turn();
    session.conversation.skip();
    await sleep(PAUSE_MS);
  }
  const grown = memory() - before;
  session.conversation.stop();
  await until('nothing is said', () => session.conversation.lines.current === null);

  expect(outcomes.every(times => times === 1)).toBe(true);
  expect(mostWaiting).toBeLessThanOrEqual(50);
  expect(mostWaiting).toBeGreaterThan(40);
  expect(grown).toBeLessThan(20 * 1024 * 1024);
  expect(fates.get('queue-full')).toBeGreaterThan(MESSAGES / 2);
  expect(book.counts['queue-full']).toBe(fates.get('queue-full'));
  expect(book.size).toBe(MESSAGES);
  expect(room.counted()).toBe(room.sent());
}, 60_000);
