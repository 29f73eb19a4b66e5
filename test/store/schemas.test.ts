import { expect, test, vi } from 'vitest';
import { lookAtDatabase } from '../../src/store/look.ts';
import { ANA, BEN, describePostgres, GUILD, testPostgres } from '../support/store.ts';

// One PostgreSQL database may hold the tables of several programs, each in a schema of its own.

// Databases take what they take on a loaded machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

describePostgres(server => {
  test('two bots in one database, each with a schema of its own, do not see each other', async () => {
    await using database = await testPostgres(server());
    await database.rows('create schema second');
    const second = `${database.url}?schema=second`;
    {
      await using store = await database.open({ url: second });
      await store.saveOptOut(GUILD, ANA, true);
    }
    expect(await lookAtDatabase(second)).toBe('ready');
    expect(await lookAtDatabase(database.url)).toBe('absent');
    await using first = await database.open();
    expect(first.problem).toBeNull();
    await first.saveOptOut(GUILD, BEN, true);
    await using again = await database.open({ url: second });
    expect(again.problem).toBeNull();
    expect((await again.guild(GUILD)).optOuts).toEqual(new Set([ANA]));
  });

  test('the tables are found where they are, also after a schema was made in which new ones would be', async () => {
    await using database = await testPostgres(server());
    {
      await using store = await database.open();
      await store.saveOptOut(GUILD, ANA, true);
    }
    await database.rows('create schema test'); // named after the user, so that it comes before public
    await database.rows(`delete from kysely_migration where name = '0016-read-marks'`);
    await database.rows(`delete from kysely_migration where name = '0017-lost-parties'`);
    await database.rows('drop table read_mark');
    await database.rows('alter table fish_party drop column connection, drop column safe');
    await using store = await database.open();
    expect(store.problem).toBeNull();
    expect((await store.guild(GUILD)).optOuts).toEqual(new Set([ANA]));
  });

  test('where the bot can make no tables, a look at the database says so', async () => {
    await using database = await testPostgres(server());
    await database.rows('create role stranger login');
    const stranger = database.url.replace(/\/\/[^@]*@/, '//stranger@');
    expect(await lookAtDatabase(stranger)).toBe('barred');
    const missing = `${database.url}?schema=missing`;
    expect(await lookAtDatabase(missing)).toBe('barred');
    await using store = await database.open({ url: missing });
    expect(store.problem).toBe('unreachable');
    await database.rows('grant create on schema public to stranger');
    expect(await lookAtDatabase(stranger)).toBe('absent');
  });
});
