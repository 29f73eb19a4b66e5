import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { createFish, type Fish } from '../../src/fish/fish.ts';
import type { SlotSharing } from '../../src/fish/slot-sharing.ts';
import { speak } from '../../src/fish/speak.ts';
import { NODE_COMPILE_CACHE } from '../sandbox/bot.ts';
import { type FakeFish, startFish } from '../sandbox/fish/fish.ts';
import { PostgresProxy } from '../support/postgres-proxy.ts';
import { describePostgres, type TestDatabase, testPostgres } from '../support/store.ts';
import { until } from '../support/until.ts';

// Several processes that use one account at Fish Audio, each with a store on the same PostgreSQL database.

// Databases, and processes of their own, take what they take on a loaded machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 90_000 });

const LIMIT = 4;
/** A process asks the others so often even if nothing happens. */
const BEAT_MS = 5_000;
/** Fish counts each open socket, so that a slot that is given away while its socket is open is one too many. */
const STRICT = {
  maxConcurrency: LIMIT,
  idleCounts: true,
  firstAudioMs: 20,
  afterFinish: { code: 1000, ms: [5, 30] },
} as const;
/** So slow, speaking all the time takes hardly any of the processor; what a test then waits for takes seconds. */
const SLOW = { ...STRICT, firstAudioMs: 150 } as const;

/** What one process has of Fish Audio. */
async function processOn(database: TestDatabase, server: FakeFish, url = database.url) {
  const store = await database.open({ url });
  const slots = store.fishSlots('account');
  if (!slots) throw new Error('PostgreSQL has slots');
  const asked = { times: 0 };
  const sharing: SlotSharing = {
    exchange(report, limitOf) {
      asked.times += 1;
      return slots.exchange(report, limitOf);
    },
    listen: (heard, listening) => slots.listen(heard, listening),
    leave: () => slots.leave(),
  };
  const fish = createFish({
    url: server.url,
    apiKey: server.apiKey,
    model: 's2.1-pro',
    concurrency: 'auto',
    log: database.log,
    sharing,
  });
  return {
    fish,
    store,
    /** How often it has asked the others. */
    asked,
    async [Symbol.asyncDispose]() {
      await fish[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
    },
  };
}

async function say(fish: Fish, lane: string, text = 'One line of many.'): Promise<void> {
  const { signal } = new AbortController();
  for await (const _ of speak(fish, { lane, text }, { signal }));
}

/** Has lines said in guilds of these processes until there are so many in all; returns how many each guild has had. */
async function contest(guilds: readonly (readonly [Fish, string])[], lines: number): Promise<number[]> {
  const counts = guilds.map(() => 0);
  const sum = () => counts.reduce((all, count) => all + count, 0);
  await Promise.all(
    guilds.map(async ([fish, lane], at) => {
      while (sum() < lines) {
        await say(fish, lane);
        counts[at] = (counts[at] ?? 0) + 1;
      }
    }),
  );
  return counts;
}

/** Has lines said in these guilds, one after another in each, until it is disposed of. */
function keepSpeaking(guilds: readonly (readonly [Fish, string])[]): AsyncDisposable {
  const over = new AbortController();
  const all = guilds.map(async ([fish, lane]) => {
    while (!over.signal.aborted) await say(fish, lane);
  });
  return {
    async [Symbol.asyncDispose]() {
      over.abort();
      await Promise.all(all);
    },
  };
}

const guildsOf = (fish: Fish, name: string, count: number) =>
  Array.from({ length: count }, (_guild, at) => [fish, `${name} ${at}`] as const);

const limitOf = ({ fish }: { fish: Fish }) => fish.status().limit;

describePostgres(server => {
  test.concurrent('never more sessions than the limit over all processes, and no guild gets less than half of the others', async () => {
    await using database = await testPostgres(server());
    await using fishServer = await startFish(STRICT);
    await using one = await processOn(database, fishServer);
    await using two = await processOn(database, fishServer);
    await using three = await processOn(database, fishServer);
    const guilds = [
      ...guildsOf(one.fish, 'one', 1),
      ...guildsOf(two.fish, 'two', 3),
      ...guildsOf(three.fish, 'three', 6),
    ];
    const counts = await contest(guilds, 120);
    expect(fishServer.tooMany).toEqual([]);
    expect(fishServer.peakSessions).toBeLessThanOrEqual(LIMIT);
    expect(Math.min(...counts) * 2 + 2).toBeGreaterThanOrEqual(Math.max(...counts));
    await until(
      'what is not used is divided',
      () => [one, two, three].every(each => limitOf(each) > 0),
      30_000,
    );
    expect([one, two, three].reduce((sum, each) => sum + limitOf(each), 0)).toBeLessThanOrEqual(LIMIT);
  });

  test.concurrent('the usual line asks nobody; a process alone has all slots, also where all are in use', async () => {
    await using database = await testPostgres(server());
    await using fishServer = await startFish(STRICT);
    await using alone = await processOn(database, fishServer);
    await using idle = await processOn(database, fishServer);
    await until('both have slots', () => [alone, idle].every(each => limitOf(each) > 0));
    const [before, from] = [alone.asked.times, performance.now()];
    for (let line = 0; line < 5; line++) await say(alone.fish, 'a guild');
    const beats = Math.ceil((performance.now() - from) / BEAT_MS);
    expect(alone.asked.times - before).toBeLessThanOrEqual(beats);
    await idle.fish[Symbol.asyncDispose]();
    await until('all is its own', () => limitOf(alone) === LIMIT);
    await Promise.all(Array.from({ length: 12 }, (_line, at) => say(alone.fish, `guild ${at}`)));
    expect(fishServer.tooMany).toEqual([]);
    expect(fishServer.peakSessions).toBeGreaterThan(1);
    expect(limitOf(alone)).toBe(LIMIT);
  });

  test.concurrent('what a process had that was killed is free for the others', async () => {
    await using database = await testPostgres(server());
    await using fishServer = await startFish(SLOW);
    await using survivor = await processOn(database, fishServer);
    await until('it has its slots', () => limitOf(survivor) === LIMIT);
    const program = fileURLToPath(new URL('../support/fish-child.ts', import.meta.url));
    const child = spawn(process.execPath, [program, database.url, fishServer.url, fishServer.apiKey, '6'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_COMPILE_CACHE },
    });
    const ended = once(child, 'exit');
    try {
      let said = 0;
      child.stdout.on('data', () => (said += 1));
      await until('the other one speaks', () => said > 5, 60_000);
      expect(limitOf(survivor)).toBeLessThan(LIMIT);
      await say(survivor.fish, 'a guild');
    } finally {
      child.kill('SIGKILL');
      await ended;
    }
    await until('all is its own again', () => limitOf(survivor) === LIMIT, 60_000);
    await contest(guildsOf(survivor.fish, 'guild', 6), 12);
    expect(fishServer.tooMany).toEqual([]);
  });

  test.concurrent('what Fish Audio tells one process of the limit holds in the others, down and up', async () => {
    await using database = await testPostgres(server());
    await using fishServer = await startFish({ ...STRICT, maxConcurrency: 6 });
    await using one = await processOn(database, fishServer);
    await using other = await processOn(database, fishServer);
    const sum = () => limitOf(one) + limitOf(other);
    await until('six in all', () => sum() === 6);
    fishServer.behaviour.maxConcurrency = 2;
    one.fish.answered({ limit: 2 });
    await until('two in all', () => sum() === 2);
    await contest([...guildsOf(one.fish, 'one', 2), ...guildsOf(other.fish, 'other', 2)], 12);
    fishServer.behaviour.maxConcurrency = 8;
    other.fish.answered({ limit: 8 });
    await until('eight in all', () => sum() === 8, 30_000);
  });

  test.concurrent('while PostgreSQL is away, and when it is back, there is neither silence nor one session too many', async () => {
    await using database = await testPostgres(server());
    await using fishServer = await startFish(SLOW);
    await using proxy = await PostgresProxy.start(server().port);
    const url = server().url(database.name, proxy.port);
    await using one = await processOn(database, fishServer, url);
    await using other = await processOn(database, fishServer, url);
    const both = [one, other];
    const guilds = [...guildsOf(one.fish, 'one', 1), ...guildsOf(other.fish, 'other', 5)];
    const agree = () => both.reduce((sum, each) => sum + limitOf(each), 0) === LIMIT;
    await until('both have slots', () => agree() && both.every(each => limitOf(each) > 0));
    {
      await using _speech = keepSpeaking(guilds); // so one of them has more than its share, the other one less
      await until('one has more', () => limitOf(other) > LIMIT / 2, 30_000);
      proxy.away = true;
      proxy.cut();
      await until('it is noticed', () => both.every(({ store }) => store.problem !== null), 30_000);
      await until('each has its share', () => both.every(each => limitOf(each) === LIMIT / 2), 60_000);
      await contest(guilds, 24);
      proxy.away = false;
      await until('it is back', () => one.store.problem === null, 60_000);
      await until('they agree again', agree, 60_000);
      await contest(guilds, 24);
    }
    expect(fishServer.tooMany).toEqual([]);
  });

  test.concurrent('a process that begins while PostgreSQL is away is not silent', async () => {
    await using database = await testPostgres(server());
    await using fishServer = await startFish(STRICT);
    await using proxy = await PostgresProxy.start(server().port);
    const url = server().url(database.name, proxy.port);
    proxy.away = true;
    await using late = await processOn(database, fishServer, url);
    await until('it has one', () => limitOf(late) === 1, 30_000);
    await say(late.fish, 'a guild');
    proxy.away = false;
    await until('it has all', () => limitOf(late) === LIMIT, 60_000);
  });
});
