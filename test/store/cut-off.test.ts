import { expect, test, vi } from 'vitest';
import { PostgresProxy } from '../support/postgres-proxy.ts';
import {
  ANA,
  BEN,
  describePostgres,
  GUILD,
  OTHER_GUILD,
  type TestDatabase,
  testPostgres,
} from '../support/store.ts';
import { until } from '../support/until.ts';

// A process that was cut off from PostgreSQL for a while: what it could not save is not written over what others have
// deleted or decided meanwhile.

// Databases take what they take on a loaded machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

describePostgres(server => {
  /** Opens a store that can be cut off from the database. */
  async function openCuttable(database: TestDatabase) {
    const proxy = await PostgresProxy.start(server().port);
    const store = await database.open({ url: server().url(database.name, proxy.port) });
    return {
      store,
      async cutOff() {
        proxy.onRequest = (_bytes, cut) => cut();
        proxy.cut();
        await until('the loss is noticed', () => store.problem === 'unreachable');
      },
      async connect() {
        proxy.onRequest = () => {};
        store.tryAgain();
        await until('the database works again', () => store.problem === null);
        await store.ledger.flush();
        for (const guildId of [GUILD, OTHER_GUILD]) await until('all is saved', () => store.saved(guildId));
      },
      async [Symbol.asyncDispose]() {
        await store[Symbol.asyncDispose]();
        await proxy[Symbol.asyncDispose]();
      },
    };
  }

  test('what was deleted elsewhere does not come back from a process that was cut off', async () => {
    await using database = await testPostgres(server());
    await using other = await database.open();
    await using one = await openCuttable(database);
    const { store } = one;
    await store.guild(GUILD);
    await one.cutOff();
    for (const userId of [ANA, BEN]) {
      store.ledger.add({ guildId: GUILD, userId, bytes: 5, nanoUsd: 5 });
      await expect(store.saveOptOut(GUILD, userId, true)).rejects.toMatchObject({ problem: 'unreachable' });
    }
    await other.deletePerson(BEN);
    await expect(store.saveOptOut(OTHER_GUILD, BEN, true)).rejects.toMatchObject({ problem: 'unreachable' });
    await one.connect();
    expect(await database.rows('select user_id from ledger order by user_id')).toEqual([
      { user_id: '0' },
      { user_id: ANA },
    ]);
    // What he has chosen after the deletion holds.
    expect(await database.rows('select guild_id, user_id from opt_out order by guild_id')).toEqual([
      { guild_id: GUILD, user_id: ANA },
      { guild_id: OTHER_GUILD, user_id: BEN },
    ]);
  });

  test('what a process could not save of guilds that it gave up is not written over newer choices', async () => {
    await using database = await testPostgres(server());
    await using other = await database.open();
    await using one = await openCuttable(database);
    const { store } = one;
    const stay = (guildId: string, channelId: string) => ({ guildId, channelId, noticesTo: channelId });
    await one.cutOff();
    for (const guildId of [GUILD, OTHER_GUILD]) {
      store.rememberSettings(guildId, { speed: 1.5 });
      store.stays.remember(stay(guildId, '1'));
    }
    await expect(store.saveOptOut(GUILD, ANA, true)).rejects.toMatchObject({ problem: 'unreachable' });
    await store.guildsHandedOver([GUILD, OTHER_GUILD]);
    other.rememberSettings(GUILD, { volume: 2 });
    other.stays.remember(stay(GUILD, '2'));
    expect(await other.saved(GUILD)).toBe(true);
    await one.connect();
    // In the other guild nobody has chosen anything since.
    expect(await database.rows('select guild_id, channel_id from stay order by guild_id')).toEqual([
      { guild_id: GUILD, channel_id: '2' },
      { guild_id: OTHER_GUILD, channel_id: '1' },
    ]);
    const rows = await database.rows('select settings from server order by guild_id');
    expect(rows.map(row => JSON.parse(String(row['settings'])) as unknown)).toEqual([
      { volume: 2 },
      { speed: 1.5 },
    ]);
    expect(await database.rows('select user_id from opt_out')).toEqual([{ user_id: ANA }]);
    await until('the other process knows the opt-out', async () =>
      (await other.guild(GUILD)).optOuts.has(ANA),
    );
  });
});
