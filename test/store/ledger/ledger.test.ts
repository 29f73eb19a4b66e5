import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { StoreError } from '../../../src/store/errors.ts';
import type { LedgerEntry } from '../../../src/store/ledger/ledger.ts';
import { ANA, BEN, describeStores, GUILD, OTHER_GUILD } from '../../support/store.ts';
import { failing, openChanged } from '../../support/store-faults.ts';
import { until } from '../../support/until.ts';

// Databases, and processes of their own, take what they take on a loaded machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const DAY_MS = 86_400_000;
const NOON = Date.UTC(2026, 10, 24, 12);

const spent = (guildId: string, userId: string, bytes: number): LedgerEntry => ({
  guildId,
  userId,
  bytes,
  nanoUsd: bytes * 15_000,
});

afterEach(() => {
  vi.useRealTimers();
});

describeStores(create => {
  test('counts at once, and is written within 250 ms', async () => {
    await using database = await create();
    await using store = await database.open({ now: () => NOON });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    store.ledger.add(spent(GUILD, ANA, 100));
    store.ledger.add(spent(GUILD, ANA, 20));
    store.ledger.add(spent(OTHER_GUILD, BEN, 3));
    expect(store.ledger.guildToday(GUILD)).toBe(120);
    expect(store.ledger.guildToday(OTHER_GUILD)).toBe(3);
    expect(store.ledger.guildToday('1')).toBe(0);
    expect(store.ledger.usdToday()).toBeCloseTo((123 * 15) / 1e6, 12);
    vi.advanceTimersByTime(249);
    vi.useRealTimers();
    let rows: readonly Record<string, unknown>[] = [];
    await expect
      .poll(async () => (rows = await database.rows('select * from ledger')), { timeout: 10_000 })
      .toHaveLength(2);
    expect(rows.map(row => Number(row['bytes'])).sort((a, b) => a - b)).toEqual([3, 120]);
  });

  test('is known again after a restart, and what was outstanding at the end is in it', async () => {
    await using database = await create();
    {
      await using store = await database.open({ now: () => NOON });
      for (let n = 0; n < 1_500; n++) store.ledger.add(spent(GUILD, `4000000000000${10_000 + n}`, 2));
      store.ledger.add(spent(OTHER_GUILD, ANA, 5));
    }
    await using store = await database.open({ now: () => NOON + 3_600_000 });
    expect(store.ledger.guildToday(GUILD)).toBe(3_000);
    expect(store.ledger.guildToday(OTHER_GUILD)).toBe(5);
    expect(store.ledger.usdToday()).toBeCloseTo((3_005 * 15) / 1e6, 12);
    expect(await store.ledger.guildDays(GUILD, 1)).toHaveLength(1_500);
  });

  test('tells days and people, those asked for and no others', async () => {
    await using database = await create();
    let at = NOON;
    await using store = await database.open({ now: () => at });
    for (let day = 0; day < 4; day++, at += DAY_MS) {
      store.ledger.add(spent(GUILD, BEN, 10 + day));
      store.ledger.add(spent(GUILD, ANA, 20 + day));
      store.ledger.add(spent(OTHER_GUILD, ANA, 100));
    }
    at -= DAY_MS;
    const row = (day: string, userId: string, bytes: number) => ({
      day,
      userId,
      bytes,
      nanoUsd: bytes * 15_000,
    });
    expect(await store.ledger.guildDays(GUILD, 2)).toEqual([
      row('2026-11-26', ANA, 22),
      row('2026-11-26', BEN, 12),
      row('2026-11-27', ANA, 23),
      row('2026-11-27', BEN, 13),
    ]);
    expect(await store.ledger.personDays(ANA, 1)).toEqual([row('2026-11-27', ANA, 123)]);
    expect(await store.ledger.personDays(ANA, 30, GUILD)).toEqual([
      row('2026-11-24', ANA, 20),
      row('2026-11-25', ANA, 21),
      row('2026-11-26', ANA, 22),
      row('2026-11-27', ANA, 23),
    ]);
  });

  test('begins anew at midnight UTC, and knows the day again when the clock was set back', async () => {
    await using database = await create();
    let at = Date.UTC(2026, 10, 24, 23, 59, 59, 999);
    await using store = await database.open({ now: () => at });
    store.ledger.add(spent(GUILD, ANA, 1));
    at += 1;
    expect(store.ledger.guildToday(GUILD)).toBe(0);
    expect(store.ledger.usdToday()).toBe(0);
    store.ledger.add(spent(GUILD, ANA, 2));
    expect(store.ledger.guildToday(GUILD)).toBe(2);
    at -= 1;
    store.ledger.add(spent(GUILD, ANA, 4));
    await store.ledger.flush();
    expect(store.ledger.guildToday(GUILD)).toBe(5);
    expect(await database.rows('select day, bytes from ledger order by day')).toMatchObject([
      { day: '2026-11-24' },
      { day: '2026-11-25' },
    ]);
    expect((await store.ledger.guildDays(GUILD, 1)).map(({ bytes }) => bytes)).toEqual([5, 2]);
    at += 1; // and on again: of that day, too, more was spent than since now
    expect(store.ledger.todayIsKnown()).toBe(false);
    await until('it is read because it was asked for', () => store.ledger.todayIsKnown());
    expect(store.ledger.guildToday(GUILD)).toBe(2);
  });

  test('has every byte once, whatever fails in between', { timeout: 120_000 }, async () => {
    const entry = fc.record({
      guildId: fc.constantFrom(GUILD, OTHER_GUILD),
      userId: fc.constantFrom(ANA, BEN, '3'),
      bytes: fc.nat({ max: 10_000 }),
      nanoUsd: fc.nat({ max: 1_000_000_000 }),
    });
    // Each step: what is added, and whether each of the next statements fails; then an attempt to write.
    const step = fc.record({
      entries: fc.array(entry, { maxLength: 5 }),
      faults: fc.array(fc.boolean(), { maxLength: 4 }),
    });
    await using database = await create();
    let before = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async steps => {
        let faults: boolean[] = [];
        await using store = await openChanged(
          database,
          failing(() => faults.shift() ?? false),
          () => NOON,
        );
        let bytes = before;
        for (const next of steps) {
          for (const each of next.entries) {
            store.ledger.add(each);
            bytes += each.bytes;
          }
          faults = [...next.faults];
          await store.ledger.flush().catch((error: unknown) => expect(error).toBeInstanceOf(StoreError));
          expect(store.ledger.guildToday(GUILD) + store.ledger.guildToday(OTHER_GUILD)).toBe(bytes);
        }
        faults = [];
        await store.ledger.flush();
        const rows = await database.rows('select bytes from ledger');
        expect(rows.reduce((sum, row) => sum + Number(row['bytes']), 0)).toBe(bytes);
        before = bytes;
      }),
      { numRuns: 12 },
    );
    expect(before).toBeGreaterThan(0);
  });

  test('counts while the database is away, and knows all of the day when it is back', async () => {
    await using database = await create();
    {
      await using store = await database.open({ now: () => NOON });
      store.ledger.add(spent(GUILD, ANA, 100));
    }
    let away = true;
    await using store = await openChanged(
      database,
      failing(() => away),
      () => NOON,
    );
    expect(store.problem).toBe('full');
    store.ledger.add(spent(GUILD, ANA, 7));
    expect(store.ledger.guildToday(GUILD)).toBe(7);
    await expect(store.ledger.flush()).rejects.toThrow(StoreError);
    await expect(store.ledger.guildDays(GUILD, 1)).rejects.toThrow(StoreError);
    away = false;
    await until('the sums of the day', () => store.ledger.guildToday(GUILD) === 107);
    expect(store.problem).toBeNull();
    expect((await database.rows('select bytes from ledger')).map(row => Number(row['bytes']))).toEqual([107]);
  });
});
