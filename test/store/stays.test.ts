import { describe, expect, test, vi } from 'vitest';
import { describeStores, GUILD, OTHER_GUILD } from '../support/store.ts';
import { failing, openChanged } from '../support/store-faults.ts';
import { until } from '../support/until.ts';

// Databases, and processes of their own, take what they take on a loaded machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const HERE = { guildId: GUILD, channelId: '400000000000000001', noticesTo: '500000000000000001' };
const THERE = { guildId: OTHER_GUILD, channelId: '400000000000000002', noticesTo: '500000000000000002' };
const BOTH = [GUILD, OTHER_GUILD];

describeStores(create => {
  describe('where the bot is wanted', () => {
    test('is there after a restart, one channel a server, and only of the servers that are asked for', async () => {
      await using database = await create();
      {
        await using store = await database.open();
        store.stays.remember({ ...HERE, channelId: '400000000000000009' });
        store.stays.remember(THERE);
        store.stays.remember(HERE);
        expect(await store.saved(GUILD)).toBe(true);
        expect(await database.rows('select * from stay order by guild_id')).toEqual([
          { guild_id: GUILD, channel_id: HERE.channelId, notices_to: HERE.noticesTo },
          { guild_id: OTHER_GUILD, channel_id: THERE.channelId, notices_to: THERE.noticesTo },
        ]);
      }
      await using store = await database.open();
      expect(await store.stays.of(BOTH)).toEqual([HERE, THERE]);
      expect(await store.stays.of([OTHER_GUILD])).toEqual([THERE]);
      const many = Array.from({ length: 3_000 }, (_, n) => String(n));
      expect(await store.stays.of([...many, GUILD])).toEqual([HERE]);
      expect(await store.stays.of([])).toEqual([]);
    });

    test('has a mark beside it of how far chat was read, by the ids of messages', async () => {
      await using database = await create();
      const left = { guildId: GUILD, newest: '7', leftOpen: ['5', '6'] };
      const none = { ...left, guildId: OTHER_GUILD, leftOpen: [] };
      {
        await using store = await database.open();
        store.readMarks.remember({ ...left, leftOpen: null });
        store.readMarks.remember(none);
        await store.guildsHandedOver(BOTH);
        expect(await database.rows('select * from read_mark order by guild_id')).toEqual([
          { guild_id: GUILD, newest: '7', left_open: null },
          { guild_id: OTHER_GUILD, newest: '7', left_open: '' },
        ]);
        store.readMarks.remember(left);
        store.readMarks.remember({ ...none, newest: '9' });
      }
      await using store = await database.open();
      expect(await store.readMarks.of(BOTH)).toEqual([left, { ...none, newest: '9' }]);
      await store.guildLeft(GUILD);
      expect(await store.readMarks.of(BOTH)).toEqual([{ ...none, newest: '9' }]);
    });

    test('is gone when the bot is sent away, or taken out of the server', async () => {
      await using database = await create();
      await using store = await database.open();
      store.stays.remember(HERE);
      store.stays.remember(THERE);
      store.stays.forget(GUILD);
      expect(await store.stays.of(BOTH)).toEqual([THERE]); // at once
      await store.guildLeft(OTHER_GUILD);
      expect(await store.saved(OTHER_GUILD)).toBe(true);
      expect(await database.rows('select * from stay')).toEqual([]);
    });

    test('holds while the database cannot take it, and is saved when it can', async () => {
      await using database = await create();
      let broken = false;
      await using store = await openChanged(
        database,
        failing(() => broken),
      );
      store.stays.remember(THERE);
      expect(await store.saved(OTHER_GUILD)).toBe(true);
      broken = true;
      store.stays.remember(HERE);
      store.stays.forget(OTHER_GUILD);
      expect(await store.saved(GUILD)).toBe(false);
      await expect(store.stays.of(BOTH)).rejects.toMatchObject({ problem: 'full' });
      broken = false;
      await until('the database works again', () => store.problem === null);
      expect(await store.stays.of(BOTH)).toEqual([HERE]);
      await expect
        .poll(() => database.rows('select guild_id from stay'), { timeout: 10_000 })
        .toEqual([{ guild_id: GUILD }]);
    });
  });

  test('which statuses the bot has given to voice channels is there after a restart, and gone with the server', async () => {
    await using database = await create();
    const here = { guildId: GUILD, channelId: HERE.channelId, ours: 'reads #a', was: 'Game night' };
    const there = { ...here, guildId: OTHER_GUILD, was: null };
    {
      await using store = await database.open();
      store.statuses.remember({ ...here, ours: 'reads #b' });
      store.statuses.remember(there);
      store.statuses.remember(here);
      expect(await store.saved(GUILD)).toBe(true);
    }
    await using store = await database.open();
    expect(await store.statuses.of(BOTH)).toEqual([here, there]);
    store.statuses.forget(GUILD);
    expect(await store.statuses.of(BOTH)).toEqual([there]);
    await store.guildLeft(OTHER_GUILD);
    expect(await store.saved(OTHER_GUILD)).toBe(true);
    expect(await database.rows('select * from shown_status')).toEqual([]);
  });

  test('whoever wants to know is told whose settings have changed', async () => {
    await using database = await create();
    await using store = await database.open();
    const changed: string[] = [];
    store.onSettings(guildId => changed.push(guildId));
    await store.saveSettings(GUILD, { speed: 1.5 });
    store.rememberSettings(OTHER_GUILD, { speed: 1.5 });
    const { settings, words } = await store.guild(GUILD);
    await store.replaceGuild(GUILD, { settings, words });
    await expect(store.saveSettings(GUILD, { speed: 9 })).rejects.toThrow(RangeError);
    expect(changed).toEqual([GUILD, OTHER_GUILD, GUILD]);
  });

  test('what was set without waiting is known to be saved, or not to be', async () => {
    await using database = await create();
    let broken = false;
    await using store = await openChanged(
      database,
      failing(() => broken),
    );
    const channels = [{ id: GUILD, addedBy: 'join' as const }];
    store.rememberSettings(GUILD, { channels });
    expect(await store.saved(GUILD)).toBe(true);
    const [row] = await database.rows('select settings from server');
    expect(JSON.parse(String(row?.['settings']))).toEqual({ channels });
    broken = true;
    store.rememberSettings(GUILD, { channels: [] });
    expect(await store.saved(GUILD)).toBe(false);
    expect(await store.saved(OTHER_GUILD)).toBe(true);
  });
});
