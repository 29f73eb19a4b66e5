import { afterEach, describe, expect, test, vi } from 'vitest';
import { guildDefaults } from '../../../src/settings/guild.ts';
import { noOwnManner } from '../../../src/settings/manner.ts';
import { personDefaults } from '../../../src/settings/person.ts';
import { ANA, BEN, describeStores, GUILD, OTHER_GUILD, type TestDatabase } from '../../support/store.ts';
import { failing, openChanged } from '../../support/store-faults.ts';
import { until } from '../../support/until.ts';

// Databases, and processes of their own, take what they take on a loaded machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const DAY_MS = 86_400_000;
const NOON = Date.UTC(2026, 10, 24, 12);

afterEach(() => {
  vi.useRealTimers();
});

describeStores(create => {
  describe('a person', () => {
    test('gets all that is kept of them, from all servers', async () => {
      await using database = await create();
      await using store = await database.open({ now: () => NOON });
      await store.savePerson(GUILD, ANA, { speed: 1.5 });
      await store.savePerson(GUILD, BEN, { speed: 0.5 });
      await store.saveOptOut(OTHER_GUILD, ANA, true);
      store.ledger.add({ guildId: GUILD, userId: ANA, bytes: 7, nanoUsd: 105_000 });
      store.ledger.add({ guildId: GUILD, userId: BEN, bytes: 9, nanoUsd: 135_000 });
      const none = { optedOut: false, optedIn: false, ignored: false };
      expect(await store.exportPerson(ANA)).toEqual({
        userId: ANA,
        servers: [
          {
            guildId: GUILD,
            settings: { ...personDefaults, speed: 1.5, before: noOwnManner },
            ...none,
          },
          { guildId: OTHER_GUILD, settings: null, ...none, optedOut: true },
        ],
        clones: [],
        words: [],
        usage: [{ day: '2026-11-24', guildId: GUILD, bytes: 7, nanoUsd: 105_000 }],
      });
      expect(await store.exportPerson('1')).toEqual({
        userId: '1',
        servers: [],
        clones: [],
        words: [],
        usage: [],
      });
    });

    test('is deleted from all servers, which keep their sums', async () => {
      await using database = await create();
      await using store = await database.open({ now: () => NOON });
      for (const guildId of [GUILD, OTHER_GUILD]) {
        await store.savePerson(guildId, ANA, { speed: 1.5 });
        await store.saveOptOut(guildId, ANA, true);
        await store.savePerson(guildId, BEN, { speed: 0.5 });
        store.ledger.add({ guildId, userId: ANA, bytes: 7, nanoUsd: 1_000 });
      }
      await store.ledger.flush();
      store.ledger.add({ guildId: GUILD, userId: ANA, bytes: 2, nanoUsd: 10 });
      store.ledger.add({ guildId: GUILD, userId: BEN, bytes: 1, nanoUsd: 1 });
      await store.deletePerson(ANA);
      for (const guildId of [GUILD, OTHER_GUILD]) {
        expect([...(await store.guild(guildId)).people.keys()]).toEqual([BEN]);
        expect(store.cached(guildId)?.optOuts).toEqual(new Set());
      }
      expect(await store.exportPerson(ANA)).toEqual({
        userId: ANA,
        servers: [],
        clones: [],
        words: [],
        usage: [],
      });
      expect(await store.ledger.guildDays(GUILD, 1)).toEqual([
        { day: '2026-11-24', userId: '0', bytes: 9, nanoUsd: 1_010 },
        { day: '2026-11-24', userId: BEN, bytes: 1, nanoUsd: 1 },
      ]);
      for (const table of ['server', 'person', 'opt_out', 'word', 'ledger'])
        expect(JSON.stringify(await database.rows(`select * from ${table}`))).not.toContain(ANA);
      await store.deletePerson(ANA);
      expect(store.ledger.guildToday(GUILD)).toBe(10);
    });

    test('who opts out right after being deleted has opted out', async () => {
      await using database = await create();
      await using store = await database.open();
      await Promise.all([
        store.saveOptOut(OTHER_GUILD, ANA, true),
        store.deletePerson(ANA),
        store.saveOptOut(GUILD, ANA, true),
      ]);
      expect((await store.exportPerson(ANA)).servers).toMatchObject([{ guildId: GUILD, optedOut: true }]);
      expect((await store.guild(GUILD)).optOuts).toEqual(new Set([ANA]));
      expect((await store.guild(OTHER_GUILD)).optOuts).toEqual(new Set());
    });
  });

  describe('row 30: a server that the bot has left', () => {
    async function filled(database: TestDatabase, now: () => number) {
      const store = await database.open({ now });
      for (const guildId of [GUILD, OTHER_GUILD]) {
        await store.saveSettings(guildId, { speed: 1.5 });
        await store.savePerson(guildId, ANA, { speed: 1.5 });
        await store.saveOptOut(guildId, BEN, true);
        await store.saveWords(guildId, new Map([['a', 'b']]));
        store.ledger.add({ guildId, userId: ANA, bytes: 1, nanoUsd: 1 });
      }
      await store.ledger.flush();
      return store;
    }
    const TABLES = ['server', 'person', 'opt_out', 'word', 'ledger'];
    const servers = async (database: TestDatabase) => {
      const rows = await database.rows(
        TABLES.map(table => `select guild_id from ${table}`).join(' union all '),
      );
      return new Set(rows.map(row => row['guild_id']));
    };

    test('is deleted after 30 days, and nothing else is', async () => {
      await using database = await create();
      let at = NOON;
      await using store = await filled(database, () => at);
      await store.guildLeft(GUILD);
      at += 30 * DAY_MS - 1_000;
      await store.guildPresent([OTHER_GUILD]);
      expect(await servers(database)).toEqual(new Set([GUILD, OTHER_GUILD]));
      at += 2_000;
      await store.guildPresent([OTHER_GUILD]);
      expect(await servers(database)).toEqual(new Set([OTHER_GUILD]));
      expect(await database.rows('select * from guild_left')).toEqual([]);
      expect((await store.guild(GUILD)).settings).toEqual(guildDefaults);
      expect((await store.guild(OTHER_GUILD)).settings.speed).toBe(1.5);
    });

    test('is found by a census, whatever is kept of it; other shards’ servers, and bots, have their own', async () => {
      await using database = await create();
      let at = NOON;
      const USED = '100000000000000003';
      const OTHERS = '100000000000000004';
      await using store = await filled(database, () => at);
      store.ledger.add({ guildId: USED, userId: ANA, bytes: 1, nanoUsd: 1 });
      await store.saveSettings(OTHERS, { speed: 1.5 });
      await store.ledger.flush();
      const left = async () =>
        (await database.rows('select guild_id from guild_left order by guild_id')).map(
          row => row['guild_id'],
        );
      const covers = (guildId: string) => guildId !== OTHERS;
      await store.guildsCounted({ guildIds: [OTHER_GUILD], covers });
      expect(await left()).toEqual([GUILD, USED]);
      await store.guildsCounted({ guildIds: [OTHER_GUILD, USED], covers });
      expect(await left()).toEqual([GUILD]);
      at += 31 * DAY_MS;
      await store.guildsCounted({ guildIds: [OTHER_GUILD, USED], covers });
      expect(await servers(database)).toEqual(new Set([OTHER_GUILD, USED, OTHERS]));
    });

    test('is found when the database can be asked', async () => {
      await using database = await create();
      await (await filled(database, () => NOON))[Symbol.asyncDispose]();
      let broken = true;
      await using store = await openChanged(
        database,
        failing(() => broken),
      );
      await expect(store.guildsCounted({ guildIds: [GUILD], covers: () => true })).rejects.toThrow();
      broken = false;
      await expect
        .poll(() => database.rows('select guild_id from guild_left'), { timeout: 10_000 })
        .toEqual([{ guild_id: OTHER_GUILD }]);
    });

    test('is deleted also when it has years of usage, by the hour', async () => {
      await using database = await create();
      let at = NOON;
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
      await using store = await database.open({ now: () => at });
      await store.guildPresent([]);
      for (let day = 0; day < 100; day++, at += DAY_MS)
        store.ledger.add({ guildId: GUILD, userId: ANA, bytes: 1, nanoUsd: 1 });
      await store.guildLeft(GUILD);
      at += 31 * DAY_MS;
      vi.advanceTimersByTime(3_600_000);
      const logged = () => database.logged.some(line => line.includes('deleted a server'));
      await until('the server is deleted', logged);
      expect(await servers(database)).toEqual(new Set());
    });

    test('is kept when the bot comes back in time, or if it may have come back unseen', async () => {
      await using database = await create();
      let at = NOON;
      {
        await using store = await filled(database, () => at);
        await store.guildLeft(GUILD);
        await store.guildLeft(OTHER_GUILD);
        await store.guildPresent([OTHER_GUILD]);
        at += 60 * DAY_MS;
      }
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
      await using store = await database.open({ now: () => at });
      vi.advanceTimersByTime(3_600_000);
      // These take their turns after what the hour has brought.
      for (let turn = 0; turn < 20; turn++) await store.saveSettings('100000000000000003', {});
      expect(await servers(database)).toEqual(new Set([GUILD, OTHER_GUILD, '100000000000000003']));
      await store.guildPresent([GUILD, OTHER_GUILD]);
      expect(await servers(database)).toEqual(new Set([GUILD, OTHER_GUILD, '100000000000000003']));
    });
  });
});
