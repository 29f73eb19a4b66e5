import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep, setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { createLog } from '../../src/log.ts';
import { openStore } from '../../src/store/open.ts';
import { median, ms, percentile, type Row, times } from './figures.ts';

/**
 * B18: how long the store holds up the event loop, with everybody's audio on it, in a big server and in a small one.
 */

const BIG = '100000000000000001';
const SMALL = '100000000000000002';
const PEOPLE = { [BIG]: 20_000, [SMALL]: 20 };
const SAVES = 60;
const LOOP_RESOLUTION_MS = 1;

/** The longest turns of the event loop during `work`, in ms. */
async function longestTurn(work: () => Promise<unknown>): Promise<number> {
  const delays = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
  delays.enable();
  await work();
  await turnOfTheLoop();
  delays.disable();
  return delays.max / 1e6;
}

async function tookMs(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

export async function storeRows(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'parrotfish-bench-'));
  const path = join(folder, 'bench.db');
  const options = { url: `file:${path}`, lease: 'bench', log: createLog('silent', []) };
  await (await openStore(options))[Symbol.asyncDispose]();
  const database = new DatabaseSync(path);
  database.exec('begin');
  const person = database.prepare('insert into person values (?, ?, ?)');
  const optOut = database.prepare('insert into opt_out values (?, ?)');
  for (const [guildId, people] of Object.entries(PEOPLE))
    for (let n = 0; n < people; n++) {
      const userId = String(200000000000000000n + BigInt(n));
      person.run(guildId, userId, '{"speed":1.5,"voice":"0123456789abcdef0123456789abcdef"}');
      optOut.run(guildId, userId);
    }
  database.exec('commit');
  database.close();

  await using stack = new AsyncDisposableStack();
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const store = stack.use(await openStore(options));
  let readingMs = 0;
  const reading = await longestTurn(async () => {
    readingMs = await tookMs(() => store.guild(BIG));
  });
  const idle = await longestTurn(() => sleep(readingMs));
  await store.guild(SMALL);
  const took: Record<string, number[]> = { [BIG]: [], [SMALL]: [] };
  for (let save = 0; save < SAVES; save++)
    for (const guildId of [BIG, SMALL]) {
      const userId = String(300000000000000000n + BigInt(save));
      took[guildId]?.push(await tookMs(() => store.savePerson(guildId, userId, { speed: 1.25 })));
    }
  const big = took[BIG] ?? [];
  const small = took[SMALL] ?? [];
  const ratio = median(big) / median(small);
  return [
    {
      id: 'B18',
      what: `a save in a server of 20,000 people, p50 and p95 of ${SAVES}`,
      ours: `${ms(median(big))}, ${ms(percentile(big, 95))}; ${times(ratio)}`,
      beside: `in one of 20: ${ms(median(small))}, ${ms(percentile(small, 95))}`,
      target: '≤ 2× the small one’s p50',
      met: ratio <= 2,
    },
    {
      id: 'B18',
      what: 'longest turn of the event loop while a server of 20,000 people is first read',
      ours: ms(reading),
      beside: `nothing at all, for as long: ${ms(idle)}`,
      target: '≤ 10 ms on an idle machine',
      met: null,
    },
  ];
}
