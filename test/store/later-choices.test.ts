import { expect, test, vi } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { ANA, BEN, describeStores, GUILD, type TestDatabase } from '../support/store.ts';
import { failing, openChanged } from '../support/store-faults.ts';
import { until } from '../support/until.ts';

// What somebody chooses while a deletion, or another choice of the same, still waits for the database: the last choice
// holds, in memory and in the database.

// Databases take what they take on a loaded machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

describeStores(create => {
  /** Opens a store whose database can be made to fail. */
  async function openFailing(database: TestDatabase) {
    let broken = false;
    const store = await openChanged(
      database,
      failing(() => broken),
    );
    return {
      store,
      /** Has `task` fail to save what holds at once. */
      async unsaved(task: () => unknown) {
        broken = true;
        await Promise.resolve(task()).catch(() => {});
        await until('the failure', () => store.problem === 'full');
      },
      /** Has all be asked for before the first of it is written, and resolves when it is done. */
      async atOnce(ask: () => readonly unknown[]) {
        broken = false;
        await Promise.all(ask());
        await until('all is saved', () => store.saved(GUILD));
      },
      [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
    };
  }

  /** Whether Ana has opted out, in memory, and as the database has it when the store is opened anew. */
  async function expectOptedOut(database: TestDatabase, store: Store): Promise<void> {
    expect((await store.guild(GUILD)).optOuts).toContain(ANA);
    expect(await database.rows(`select guild_id from opt_out where user_id = '${ANA}'`)).toEqual([
      { guild_id: GUILD },
    ]);
    const wishes = await database.rows(`select kind from wish where subject = '${ANA}' order by number`);
    expect(wishes.at(-1)).toEqual({ kind: 'out' });
  }

  test('an opt-out of after a deletion holds, also where the same one of before it could not be saved', async () => {
    await using database = await create();
    await using one = await openFailing(database);
    const { store } = one;
    await one.unsaved(() => store.saveOptOut(GUILD, ANA, true));
    await one.atOnce(() => [store.deletePerson(ANA), store.saveOptOut(GUILD, ANA, true)]);
    await expectOptedOut(database, store);
  });

  test('an opt-out of after a deletion is not written before it with what others have chosen', async () => {
    await using database = await create();
    await using one = await openFailing(database);
    const { store } = one;
    await one.atOnce(() => [
      store.saveOptOut(GUILD, BEN, true),
      store.deletePerson(ANA),
      store.saveOptOut(GUILD, ANA, true),
    ]);
    await expectOptedOut(database, store);
    expect((await store.guild(GUILD)).optOuts).toContain(BEN);
  });

  test('an opt-out of before a deletion that could not be saved is deleted', async () => {
    await using database = await create();
    await using one = await openFailing(database);
    const { store } = one;
    await one.unsaved(() => store.saveOptOut(GUILD, ANA, true));
    await one.atOnce(() => [store.deletePerson(ANA), store.saveOptOut(GUILD, BEN, true)]);
    expect((await store.guild(GUILD)).optOuts).toEqual(new Set([BEN]));
    expect(await database.rows('select user_id from opt_out')).toEqual([{ user_id: BEN }]);
  });

  test('where a deletion fails, the opt-out of after it is saved', async () => {
    await using database = await create();
    await using one = await openFailing(database);
    const { store } = one;
    await one.unsaved(async () => {
      const deleting = store.deletePerson(ANA);
      const optingOut = store.saveOptOut(GUILD, ANA, true);
      await expect(deleting).rejects.toMatchObject({ problem: 'full' });
      await expect(optingOut).rejects.toMatchObject({ problem: 'full' });
    });
    await one.atOnce(() => [store.saveOptOut(GUILD, BEN, true)]);
    await expectOptedOut(database, store);
  });

  test('the last value of a setting holds, also where the same one of earlier could not be saved', async () => {
    await using database = await create();
    await using one = await openFailing(database);
    const { store } = one;
    await one.unsaved(() => store.rememberSettings(GUILD, { speed: 2 }));
    await one.atOnce(() => [
      store.saveSettings(GUILD, { speed: 0.5 }),
      store.rememberSettings(GUILD, { speed: 2 }),
    ]);
    expect((await store.guild(GUILD)).settings.speed).toBe(2);
    expect(await database.rows(`select settings from server where guild_id = '${GUILD}'`)).toEqual([
      { settings: '{"speed":2}' },
    ]);
  });

  test('the last value of a setting is not written before an earlier one', async () => {
    await using database = await create();
    await using one = await openFailing(database);
    const { store } = one;
    await one.atOnce(() => [
      store.saveOptOut(GUILD, BEN, true),
      store.saveSettings(GUILD, { speed: 0.5 }),
      store.rememberSettings(GUILD, { speed: 2 }),
    ]);
    expect((await store.guild(GUILD)).settings.speed).toBe(2);
    expect(await database.rows(`select settings from server where guild_id = '${GUILD}'`)).toEqual([
      { settings: '{"speed":2}' },
    ]);
  });
});
