import { expect, test, vi } from 'vitest';
import { ANA, describePostgres, GUILD, type TestDatabase, testPostgres } from '../support/store.ts';

// A dump of an earlier version is restored into a database that a later version has used. `pg_restore --clean` replaces
// the tables that the dump has, and leaves those that only the later version knows.

// Databases take what they take on a loaded machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const has = async (database: TestDatabase, table: string) =>
  (await database.rows(`select to_regclass('${table}') as found`))[0]?.['found'] !== null;

/** Makes a database, and leaves it as the restoring of a dump of the version with the migrations up to 0012 does. */
async function restoredFromEarlier(database: TestDatabase): Promise<void> {
  {
    await using store = await database.open();
    await store.saveOptOut(GUILD, ANA, true);
  }
  await database.rows(`delete from kysely_migration where name > '0012-told-changes'`);
  await database.rows('alter table ledger drop column cached_lines, drop column cached_bytes');
  await database.rows(`insert into read_mark (guild_id, newest) values ('${GUILD}', '7')`);
}

describePostgres(server => {
  test('a dump of an earlier version, restored beside the tables of a later one, is brought up to date', async () => {
    await using database = await testPostgres(server());
    await restoredFromEarlier(database);
    await using store = await database.open();
    expect(store.problem).toBeNull();
    expect((await store.guild(GUILD)).optOuts).toEqual(new Set([ANA]));
    expect(await database.rows('select * from read_mark')).toEqual([]);
    const removed = database.logged.filter(line => line.includes('left of a later version'));
    expect(removed.map(line => /"table":"(\w+)"/.exec(line)?.[1])).toEqual([
      'portion',
      'fish_account',
      'fish_party',
      'read_mark',
    ]);
  });

  test('a table of the same name that somebody else has made is left alone', async () => {
    await using database = await testPostgres(server());
    await restoredFromEarlier(database);
    await database.rows('drop table read_mark');
    await database.rows(`create table read_mark as select 'not ours' as guild_id`);
    await using store = await database.open();
    expect(store.problem).toBe('unknown');
    expect(await database.rows('select * from read_mark')).toEqual([{ guild_id: 'not ours' }]);
    expect(await has(database, 'portion')).toBe(true); // nothing is done by half
  });
});
