import { expect, test, vi } from 'vitest';
import { ANA, BEN, describePostgres, GUILD, testPostgres } from '../support/store.ts';
import { until } from '../support/until.ts';

// Databases, and processes of their own, take what they take on a loaded machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const VOICE = '0123456789abcdef0123456789abcdef';
const CAT = '200000000000000003';
const clone = { voiceId: VOICE, userId: ANA, name: 'Ana', createdAt: 1, audioHash: 'a', statementVersion: 1 };

describePostgres(server => {
  test('a dump that is restored knows of later opt-outs and deletions whose table was kept', async () => {
    await using database = await testPostgres(server());
    const tables = ['server', 'person', 'opt_out', 'clone', 'wish'];
    {
      await using store = await database.open();
      await store.savePerson(GUILD, BEN, { volume: 3 });
      await store.saveOptOut(GUILD, CAT, true);
      await store.clones.save(GUILD, clone, { chosen: true });
      // What a dump and its restoring do to the tables.
      for (const table of tables) await database.rows(`create table old_${table} as table ${table}`);
      await store.saveOptOut(GUILD, ANA, true);
      await store.saveOptOut(GUILD, CAT, false);
      await store.deletePerson(BEN);
      await store.clones.forget(GUILD, VOICE);
    }
    await database.rows('create table wish_kept as table wish');
    for (const table of tables) {
      await database.rows(`delete from ${table}`);
      await database.rows(`insert into ${table} select * from old_${table}`);
    }
    for (let start = 0; start < 2; start++) {
      await using store = await database.open();
      const { people, optOuts, clones } = await store.guild(GUILD);
      expect([...people.keys()]).toEqual([ANA]);
      expect([optOuts, clones]).toEqual([new Set([ANA]), []]);
      expect(await store.clones.doomed()).toEqual([VOICE]);
    }
    expect(await database.rows("select to_regclass('wish_kept') as kept")).toEqual([{ kept: null }]);
    expect(database.logged.filter(line => line.includes('an older dump was restored'))).toHaveLength(1);
  });

  test('of a restored dump that takes no writes, nothing is read until the kept wishes were done again', async () => {
    await using database = await testPostgres(server());
    const takeNoWrites = (value: string) =>
      server().ask(
        'postgres',
        `alter database ${database.name} set default_transaction_read_only = ${value}`,
      );
    {
      await using store = await database.open();
      await store.saveOptOut(GUILD, CAT, true);
      await database.rows('create table wish_kept as table wish');
      await takeNoWrites('on');
    }
    {
      await using store = await database.open(); // the dump lacks nothing
      expect(store.problem).toBe('read-only');
      expect((await store.guild(GUILD)).optOuts).toEqual(new Set([CAT]));
    }
    await takeNoWrites('off');
    await database.rows(
      `insert into wish_kept select number + 1, at, kind, guild_id, '${ANA}' from wish_kept`,
    );
    await takeNoWrites('on');
    await using store = await database.open();
    expect(store.problem).toBe('read-only');
    expect(await store.guild(GUILD)).toMatchObject({ known: false });
    expect(database.logged.filter(line => line.includes('it is an older copy'))).toHaveLength(1);
    await takeNoWrites('off');
    store.tryAgain();
    await until('the database works', () => store.problem === null);
    expect((await store.guild(GUILD)).optOuts).toEqual(new Set([ANA, CAT]));
  });
});
