import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { PostgresJSDialect } from 'kysely-postgres-js';
import postgres from 'postgres';
import { describe, expect, test, vi } from 'vitest';
import { noOwnManner } from '../../src/settings/manner.ts';
import { personDefaults } from '../../src/settings/person.ts';
import { start } from '../../src/store/migrations/0001-start.ts';
import { NodeSqliteDialect } from '../../src/store/sqlite/dialect.ts';
import type { Clone, Store } from '../../src/store/store.ts';
import { ANA, BEN, describeStores, GUILD, OTHER_GUILD, type TestDatabase } from '../support/store.ts';
import { failing, openChanged } from '../support/store-faults.ts';

// Databases take what they take on a loaded machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const DAY_MS = 86_400_000;

const cloneOf = (voiceId: string, userId: string): Clone => ({
  voiceId,
  userId,
  name: `Voice “${voiceId}”`,
  createdAt: Date.UTC(2026, 10, 24) + voiceId.length,
  audioHash: 'ab'.repeat(32),
  statementVersion: 1,
});
const [A, BB, CCC] = [cloneOf('a', ANA), cloneOf('bb', BEN), cloneOf('ccc', ANA)];
const chosen = { chosen: true };
const may = (store: Store, voiceId: string, userId: string, guildId = GUILD) =>
  store.clones.mayUse(voiceId, { guildId, userId });

describeStores(create => {
  describe('voices of people’s own', () => {
    test('are there after a restart, the oldest first, and are for their owner in that server alone', async () => {
      await using database = await create();
      {
        await using store = await database.open();
        await store.clones.save(GUILD, BB, { chosen: false });
        const record = await store.clones.save(GUILD, A, chosen);
        expect(record.people).toEqual(
          new Map([[ANA, { ...personDefaults, voice: 'a', before: noOwnManner }]]),
        );
        expect(may(store, 'a', ANA)).toBe(true);
        await store.clones.save(OTHER_GUILD, CCC, chosen);
      }
      await using store = await database.open();
      expect((await store.guild(GUILD)).clones).toEqual([A, BB]);
      expect((await store.guild(OTHER_GUILD)).clones).toEqual([CCC]);
      expect([may(store, 'a', ANA), may(store, 'bb', BEN), may(store, 'ccc', ANA, OTHER_GUILD)]).toEqual([
        true,
        true,
        true,
      ]);
      expect([may(store, 'a', BEN), may(store, 'bb', ANA), may(store, 'ccc', ANA)]).toEqual([
        false,
        false,
        false,
      ]);
      expect(may(store, 'of-fish-audio', ANA)).toBe(true);
      const { userId: _ana, ...own } = A;
      expect((await store.exportPerson(ANA)).clones).toEqual([
        { guildId: GUILD, ...own },
        { guildId: OTHER_GUILD, ...own, voiceId: 'ccc', name: CCC.name, createdAt: CCC.createdAt },
      ]);
      await expect(store.clones.save(OTHER_GUILD, A, chosen)).rejects.toThrow();
    });

    test('are for nobody once forgotten, and doomed until Fish Audio has deleted them', async () => {
      await using database = await create();
      {
        await using store = await database.open();
        await store.clones.save(GUILD, A, chosen);
        await store.savePerson(GUILD, ANA, { speed: 1.5, favourites: ['other', 'a'], chosen: ['a', 'b'] });
        await store.clones.save(GUILD, CCC, { chosen: false });
        await store.savePerson(OTHER_GUILD, ANA, { voice: 'other' });
        const record = await store.clones.forget(GUILD, 'a');
        expect(record.clones).toEqual([CCC]);
        expect(record.people.get(ANA)).toEqual({
          ...personDefaults,
          speed: 1.5,
          before: noOwnManner,
          favourites: ['other'],
          chosen: ['b'],
        });
        expect(may(store, 'a', ANA)).toBe(false);
        await store.clones.forget(GUILD, 'ccc');
        expect((await store.guild(OTHER_GUILD)).people.get(ANA)?.voice).toBe('other');
      }
      await using store = await database.open();
      expect([may(store, 'a', ANA), may(store, 'ccc', ANA)]).toEqual([false, false]);
      expect(await store.clones.doomed()).toEqual(['a', 'ccc']);
      await store.clones.deletedAtFish('a');
      await store.clones.deletedAtFish('a');
      expect(await store.clones.doomed()).toEqual(['ccc']);
    });

    test('go with the person', async () => {
      await using database = await create();
      await using store = await database.open();
      await store.clones.save(GUILD, A, chosen);
      await store.clones.save(OTHER_GUILD, CCC, { chosen: false });
      await store.clones.save(GUILD, BB, chosen);
      await store.guild(OTHER_GUILD);
      await store.deletePerson(ANA);
      expect(store.cached(GUILD)?.clones).toEqual([BB]);
      expect(store.cached(OTHER_GUILD)?.clones).toEqual([]);
      expect([may(store, 'a', ANA), may(store, 'bb', BEN)]).toEqual([false, true]);
      expect(await store.clones.doomed()).toEqual(['a', 'ccc']);
      expect(JSON.stringify(await database.rows('select * from clone'))).not.toContain(ANA);
      expect(await store.exportPerson(ANA)).toMatchObject({ servers: [], clones: [] });
    });

    test('go with the server', async () => {
      await using database = await create();
      let now = Date.UTC(2026, 10, 24);
      await using store = await database.open({ now: () => now });
      await store.clones.save(GUILD, A, chosen);
      await store.clones.save(OTHER_GUILD, CCC, chosen);
      await store.guildLeft(GUILD);
      now += 31 * DAY_MS;
      await store.guildPresent([OTHER_GUILD]);
      expect(await store.clones.doomed()).toEqual(['a']);
      expect((await store.guild(GUILD)).clones).toEqual([]);
      expect((await store.guild(OTHER_GUILD)).clones).toEqual([CCC]);
    });

    test('are as they were when the database cannot be written', async () => {
      await using database = await create();
      let broken = false;
      await using store = await openChanged(
        database,
        failing(() => broken),
      );
      await store.clones.save(GUILD, A, chosen);
      broken = true;
      await expect(store.clones.forget(GUILD, 'a')).rejects.toMatchObject({ problem: 'full' });
      await expect(store.clones.save(GUILD, CCC, chosen)).rejects.toMatchObject({ problem: 'full' });
      await expect(store.deletePerson(ANA)).rejects.toMatchObject({ problem: 'full' });
      expect([may(store, 'a', ANA), may(store, 'a', BEN)]).toEqual([true, false]);
      broken = false;
      expect((await store.guild(GUILD)).clones).toEqual([A]);
      expect(await store.clones.doomed()).toEqual([]);
    });

    test('come to a database of before, which keeps what it had', async () => {
      await using database = await create();
      await older(database);
      await using store = await database.open();
      expect(store.problem).toBeNull();
      expect((await store.guild(GUILD)).settings.speed).toBe(1.5);
      expect((await store.guild(GUILD)).people.get(BEN)).toEqual({ ...personDefaults, chosen: ['b', 'c'] });
      await store.clones.save(GUILD, A, chosen);
      expect((await store.guild(GUILD)).clones).toEqual([A]);
      if (database.kind === 'postgres') return;
      const copy = new DatabaseSync(`${database.path}.before-0002-clones`, { readOnly: true });
      expect(copy.prepare('select settings from server').all()).toMatchObject([
        { settings: '{"speed":1.5}' },
      ]);
      copy.close();
      expect(readdirSync(dirname(database.path)).some(name => name.includes('copying'))).toBe(false);
    });
  });
});

/** Leaves the database as the code before this table did. */
async function older(database: TestDatabase): Promise<void> {
  await (await database.open())[Symbol.asyncDispose]();
  const dialect =
    database.kind === 'sqlite'
      ? new NodeSqliteDialect(new DatabaseSync(database.path))
      : new PostgresJSDialect({ postgres: postgres(database.url, { max: 1, onnotice: () => {} }) });
  const db = new Kysely<Record<string, Record<string, unknown>>>({ dialect });
  for (const { name } of await db.introspection.getTables()) await db.schema.dropTable(name).execute();
  await start(db as unknown as Kysely<unknown>);
  await db.deleteFrom('kysely_migration').where('name', '!=', '0001-start').execute();
  await db.insertInto('server').values({ guild_id: GUILD, settings: '{"speed":1.5}' }).execute();
  await db
    .insertInto('person')
    .values({ guild_id: GUILD, user_id: BEN, settings: '{"favourites":["b","c"]}' })
    .execute();
  await db.destroy();
}
