import { afterEach, expect, test, vi } from 'vitest';
import { Budget, type Caps } from '../../../src/speech/budget.ts';
import { Unsaid } from '../../../src/speech/reasons.ts';
import { dayOf } from '../../../src/store/ledger/day.ts';
import { pruneBatches } from '../../../src/store/ledger/ledger-rows.ts';
import { prunePortions } from '../../../src/store/ledger/portion-rows.ts';
import { PostgresConnection } from '../../../src/store/postgres/connection.ts';
import { kyselyOver } from '../../../src/store/postgres/postgres.ts';
import type { Store } from '../../../src/store/store.ts';
import { PostgresProxy } from '../../support/postgres-proxy.ts';
import {
  ANA,
  BEN,
  describePostgres,
  GUILD,
  OTHER_GUILD,
  type TestDatabase,
  testPostgres,
} from '../../support/store.ts';
import { StoreProcess } from '../../support/store-process.ts';
import { until } from '../../support/until.ts';

// The day's budget over several processes that use one PostgreSQL database, and a guild's day.

// Databases, and processes of their own, take what they take on a loaded machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const CAPS: Caps = { messageBytes: 1e6, personBytesPerMinute: 1e9, serverBytesPerDay: 1e6 };
/** A byte costs a thousandth of a dollar, so that a dollar is 1,000 bytes. */
const PRICE = 1_000;
const LINE = 100;

/** The budget of one process, as the bot makes it. */
function budgetOn(store: Store, dailyUsd: number): Budget {
  return new Budget({ ledger: store.ledger, dailyUsd, usdPerMillionBytes: PRICE });
}

/** Says a line as speech does: holds its bytes, waits until they are sure, sends them. Returns why not, or null. */
async function say(
  budget: Budget,
  { guildId = GUILD, bytes = LINE, caps = CAPS } = {},
): Promise<string | null> {
  try {
    const reservation = budget.reserve({ guildId, userId: ANA, bytes, caps });
    try {
      await reservation.secured();
      reservation.spent(bytes);
      return null;
    } finally {
      reservation.release();
    }
  } catch (error) {
    if (error instanceof Unsaid) return error.reason;
    throw error;
  }
}

async function spentIn(database: TestDatabase): Promise<number> {
  const [row] = await database.rows('select sum(bytes) as bytes from ledger');
  return Number(row?.['bytes'] ?? 0);
}

const known = (store: Store) => until('the day is known', () => store.ledger.todayIsKnown());

afterEach(() => {
  vi.useRealTimers();
});

describePostgres(server => {
  test('two processes spend all of the day’s budget together, and not a line more', async () => {
    await using database = await testPostgres(server());
    await using one = await database.open();
    await using other = await database.open();
    const budgets = [one, other].map(store => budgetOn(store, 3));
    await known(one);
    await known(other);
    const outcomes: (string | null)[] = [];
    for (let round = 0; round < 12; round++)
      outcomes.push(...(await Promise.all(budgets.flatMap(budget => [say(budget), say(budget)]))));
    // 30 lines fit. Those that ask at once for the last of the money may keep each other from it, but nobody who asks
    // alone.
    const said = outcomes.filter(outcome => outcome === null).length;
    expect(said).toBeLessThanOrEqual(30);
    const last = async (line: number) => (await say(budgets[line % 2]!)) === null;
    for (let line = said; line < 30; line++) await until(`line ${line} is said`, () => last(line));
    for (const budget of budgets) expect(await say(budget)).toBe('budget');
    await one.ledger.flush();
    await other.ledger.flush();
    expect(await spentIn(database)).toBe(30 * LINE);
    const [row] = await database.rows('select sum(spent) as spent from portion');
    expect(Number(row?.['spent'])).toBe(30 * LINE * 1e6);
  });

  test('far from the cap no line waits for the database', async () => {
    await using database = await testPostgres(server());
    await using store = await database.open();
    await using other = await database.open();
    const budget = budgetOn(store, 1_000);
    budgetOn(other, 1_000);
    await known(store);
    await say(budget);
    for (let line = 0; line < 50; line++) {
      const reservation = budget.reserve({ guildId: GUILD, userId: ANA, bytes: LINE, caps: CAPS });
      expect(reservation.secured()).toBeUndefined();
      reservation.spent(LINE);
      reservation.release();
    }
  });

  test('what a process does not need any more it gives back: to one who lacks it, and at its end', async () => {
    await using database = await testPostgres(server());
    await using one = await database.open();
    {
      await using other = await database.open();
      budgetOn(other, 1);
      await known(other);
      const budget = budgetOn(one, 1);
      await known(one);
      expect(await say(budget, { bytes: 600 })).toBeNull(); // three quarters of the day are not held by the other one
      expect(await say(budget, { bytes: 390 })).toBeNull(); // the rest is asked for
      expect(await say(budget, { bytes: 11 })).toBe('budget');
      expect(await say(budget, { bytes: 10 })).toBeNull();
    }
    const rows = await database.rows('select process from portion where until > 0');
    expect(rows).toHaveLength(1);
  });

  test('of a process that was killed, what it had not spent comes back when its time is up', async () => {
    await using database = await testPostgres(server());
    await using store = await database.open();
    await using child = new StoreProcess('spend', database.url, { first: 1 });
    await child.lines(3); // it has said so many lines, and holds a part of the rest
    await child.kill();
    const spent = async () => await spentIn(database);
    const before = await spent();
    expect(before).toBeGreaterThanOrEqual(2 * LINE);
    const budget = budgetOn(store, 1);
    await known(store);
    const open = await database.rows('select granted - spent as open from portion where granted > spent');
    const held = open.reduce((sum, row) => sum + Number(row['open']), 0);
    expect(held).toBeGreaterThan(0);
    expect(await say(budget, { bytes: 1_000 - before })).toBe('budget'); // the other one may still be alive
    await database.rows('update portion set until = 1 where granted > 0');
    expect(await say(budget, { bytes: 1_000 - before })).toBeNull();
    await store.ledger.flush();
    expect(await spent()).toBe(1_000);
  });

  test('while PostgreSQL is away a process spends what it was granted, and then as if the day were not known', async () => {
    await using database = await testPostgres(server());
    await using proxy = await PostgresProxy.start(server().port);
    await using store = await database.open({ url: server().url(database.name, proxy.port) });
    const budget = budgetOn(store, 4);
    await known(store);
    await say(budget);
    proxy.away = true;
    proxy.cut();
    await until('the loss is noticed', () => store.problem !== null);
    expect(await say(budget, { bytes: 500 })).toBeNull();
    expect(await say(budget, { bytes: 3_000 })).toBe('budget-unknown');
    const now = performance.now(); // the faked one begins at 0
    vi.useFakeTimers({ toFake: ['performance'] });
    vi.advanceTimersByTime(now + 61_000);
    expect(store.ledger.todayIsKnown()).toBe(false);
    expect(await say(budget, { guildId: OTHER_GUILD })).toBe('budget-unknown');
    vi.useRealTimers();
    proxy.away = false;
    await until('it is back', () => store.problem === null && store.ledger.todayIsKnown(), 60_000);
    expect(await say(budget, { bytes: 3_000 })).toBeNull();
    await store.ledger.flush();
    expect(await spentIn(database)).toBe(LINE + 500 + 3_000);
  });

  test('a process that has all shards decides from memory, however long PostgreSQL is away', async () => {
    await using database = await testPostgres(server());
    await using proxy = await PostgresProxy.start(server().port);
    const url = server().url(database.name, proxy.port);
    await using store = await database.open({ url, alone: true });
    const budget = budgetOn(store, 4);
    await known(store);
    expect(store.fishSlots('account')).toBeNull();
    proxy.away = true;
    proxy.cut();
    await until('the loss is noticed', () => store.problem !== null);
    const now = performance.now(); // the faked one begins at 0
    vi.useFakeTimers({ toFake: ['performance'] });
    vi.advanceTimersByTime(now + 61_000);
    expect(await say(budget, { bytes: 3_900 })).toBeNull();
    expect(await say(budget)).toBeNull();
    expect(await say(budget, { bytes: 1 })).toBe('budget');
    vi.useRealTimers();
    proxy.away = false;
    await until('it is back', () => store.problem === null, 60_000);
    await store.ledger.flush();
    expect(await spentIn(database)).toBe(4_000);
  });

  test('a guild’s day holds when the guild comes to another process, and nearly so when both speak in it', async () => {
    await using database = await testPostgres(server());
    await using one = await database.open();
    await using other = await database.open();
    const caps = { ...CAPS, serverBytesPerDay: 1_000 };
    const [here, there] = [budgetOn(one, 1_000), budgetOn(other, 1_000)];
    await known(one);
    await known(other);
    for (let line = 0; line < 9; line++) expect(await say(here, { caps })).toBeNull();
    await one.ledger.flush();
    expect(await say(there, { caps, bytes: 2 * LINE })).toBe('server-cap');
    expect(await say(there, { caps })).toBeNull();
    expect(await say(there, { caps, bytes: 1 })).toBe('server-cap');
    expect(await say(there, { caps, guildId: OTHER_GUILD })).toBeNull();
    one.ledger.add({ guildId: GUILD, userId: BEN, bytes: -LINE, nanoUsd: 0 });
    expect(one.ledger.guildToday(GUILD)).toBe(800);
  });

  test('a batch that one process writes again is known to it, whatever other processes have written since', async () => {
    await using database = await testPostgres(server());
    await using proxy = await PostgresProxy.start(server().port);
    await using one = await database.open({ url: server().url(database.name, proxy.port) });
    await using other = await database.open();
    proxy.loses = answer => answer.includes('COMMIT'); // nobody knows then whether it was written
    one.ledger.add({ guildId: GUILD, userId: ANA, bytes: 5, nanoUsd: 5 });
    await expect(one.ledger.flush()).rejects.toThrow();
    other.ledger.add({ guildId: GUILD, userId: ANA, bytes: 7, nanoUsd: 7 });
    await other.ledger.flush();
    proxy.loses = () => false;
    await until('it is back', () => one.problem === null, 60_000);
    await one.ledger.flush();
    expect(await spentIn(database)).toBe(12);
  });

  test('a batch that a process with all shards writes again is known to it, although another one has tidied up', async () => {
    await using database = await testPostgres(server());
    await using proxy = await PostgresProxy.start(server().port);
    const url = server().url(database.name, proxy.port);
    await using one = await database.open({ url, alone: true });
    proxy.loses = answer => answer.includes('COMMIT');
    one.ledger.add({ guildId: GUILD, userId: ANA, bytes: 5, nanoUsd: 5 });
    await expect(one.ledger.flush()).rejects.toThrow();
    await using db = kyselyOver(() => new PostgresConnection(database.url));
    await prunePortions(db, dayOf(Date.now()));
    await pruneBatches(db, dayOf(Date.now()));
    proxy.loses = () => false;
    one.tryAgain();
    await until('it is back', () => one.problem === null, 60_000);
    await one.ledger.flush();
    expect(await spentIn(database)).toBe(5);
    await pruneBatches(db, dayOf(Date.now(), -1));
    expect(await database.rows('select * from ledger_batch')).toEqual([]);
  });
});
