import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFish } from '../../src/fish/fish.ts';
import { speak } from '../../src/fish/speak.ts';
import { createLog } from '../../src/log.ts';
import { Budget } from '../../src/speech/budget.ts';
import { openStore } from '../../src/store/open.ts';
import { startFish } from '../sandbox/fish/fish.ts';
import { postgresMissing, TestPostgres } from '../support/postgres.ts';
import { until } from '../support/until.ts';
import { median, ms, percentile, type Row, times } from './figures.ts';

/**
 * B22: what a line waits for more where the account and the budget are shared by PostgreSQL: from holding its bytes to
 * the first audio of a Fish Audio that answers at once, in one run with the same on SQLite, line by line in turns.
 */

const LINES = 150;
const MOST = 1.1;
const CAPS = { messageBytes: 1e6, personBytesPerMinute: 1e9, serverBytesPerDay: 1e9 };
const LIMIT = 6;

/** A process with its store, budget and Fish Audio. */
async function processOn(url: string, fishUrl: string, apiKey: string) {
  const log = createLog('silent', []);
  const store = await openStore({ url, lease: 'bench', log });
  const sharing = store.fishSlots('bench');
  const fish = createFish({ url: fishUrl, apiKey, model: 's2.1-pro', concurrency: LIMIT, log, sharing });
  const budget = new Budget({ ledger: store.ledger, dailyUsd: 1_000, usdPerMillionBytes: 15 });
  await until('the day is known', () => store.ledger.todayIsKnown());
  return {
    fish,
    /** Says a line, and returns how many ms it took until its first audio. */
    async say(lane: string): Promise<number> {
      const text = 'Hello.';
      const from = performance.now();
      const reservation = budget.reserve({ guildId: lane, userId: '1', bytes: text.length, caps: CAPS });
      await reservation.secured();
      const bytes = speak(fish, { lane, text }, { signal: AbortSignal.timeout(10_000) });
      await bytes.next();
      const took = performance.now() - from;
      reservation.spent(text.length);
      reservation.release();
      for await (const _ of bytes);
      return took;
    },
    async [Symbol.asyncDispose]() {
      await fish[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
    },
  };
}

export async function accountRows(): Promise<Row[]> {
  if (postgresMissing) return [];
  await using server = await TestPostgres.start();
  await using fishServer = await startFish({
    firstAudioMs: 0,
    connectMs: 0,
    packets: 5,
    maxConcurrency: 2 * LIMIT,
  });
  const folder = mkdtempSync(join(tmpdir(), 'parrotfish-bench-'));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const { url, apiKey } = fishServer;
  const alone = stack.use(await processOn(`file:${join(folder, 'bench.db')}`, url, apiKey));
  const database = await server.database();
  const sharing = stack.use(await processOn(database, url, apiKey));
  const other = stack.use(await processOn(database, url, apiKey));
  await until('both have slots', () =>
    [sharing, other].every(({ fish }) => fish.status().limit === LIMIT / 2),
  );
  const took: Record<'alone' | 'shared', number[]> = { alone: [], shared: [] };
  for (let line = 0; line < LINES; line++) {
    took.alone.push(await alone.say(`guild ${line % 3}`));
    took.shared.push(await sharing.say(`guild ${line % 3}`));
  }
  const ratio = median(took.shared) / median(took.alone);
  const moved: number[] = [];
  for (let round = 0; round < 10; round++) {
    // As many lines at once as there are slots of both: the last ones have to come from the other process.
    const lines = Array.from({ length: LIMIT }, (_line, at) => sharing.say(`guild ${at}`));
    moved.push(Math.max(...(await Promise.all(lines))));
    await until('the other one has a slot', () => other.fish.status().limit > 0, 30_000);
  }
  return [
    {
      id: 'B22',
      what: `held → first audio, account and budget shared by PostgreSQL, p50 and p95 of ${LINES}`,
      ours: `${ms(median(took.shared))}, ${ms(percentile(took.shared, 95))}; ${times(ratio)}`,
      beside: `the same on SQLite: ${ms(median(took.alone))}, ${ms(percentile(took.alone, 95))}`,
      target: `≤ ${times(MOST)} the p50`,
      met: ratio <= MOST,
    },
    {
      id: 'B22',
      what: `the last of ${LIMIT} lines at once, more than one process has slots, p50`,
      ours: ms(median(moved)),
      beside: `a line on SQLite: ${ms(median(took.alone))}`,
      target: 'none',
      met: null,
    },
  ];
}
