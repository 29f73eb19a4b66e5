import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { ANA, BEN, describeStores, GUILD, OTHER_GUILD } from '../support/store.ts';
import { until } from '../support/until.ts';

// Databases take what they take on a loaded machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

/** The ids of those who have opted out, of those who have opted in, and of those who are ignored. */
async function listsOf(store: Store): Promise<readonly (readonly string[])[]> {
  const { optOuts, optIns, ignored } = await store.guild(GUILD);
  return [optOuts, optIns, ignored].map(ids => [...ids].sort());
}

describeStores(create => {
  test('who opts in has opted out no more, and the other way round, also after a restart', async () => {
    await using database = await create();
    {
      await using store = await database.open();
      expect(await listsOf(store)).toEqual([[], [], []]);
      await store.saveOptOut(GUILD, ANA, true);
      await store.saveOptOut(GUILD, BEN, false);
      expect(await listsOf(store)).toEqual([[ANA], [BEN], []]);
    }
    await using store = await database.open();
    expect(await listsOf(store)).toEqual([[ANA], [BEN], []]);
    await store.saveOptOut(GUILD, ANA, false);
    await store.saveOptOut(GUILD, BEN, true);
    await store.saveOptOut(GUILD, BEN, true);
    expect(await listsOf(store)).toEqual([[BEN], [ANA], []]);
    expect((await store.guild(OTHER_GUILD)).optIns).toEqual(new Set());
  });

  test('an opt-in holds at once, before the database has it', async () => {
    await using database = await create();
    await using store = await database.open();
    await store.saveOptOut(GUILD, ANA, true);
    const saving = store.saveOptOut(GUILD, ANA, false);
    expect(await listsOf(store)).toEqual([[], [ANA], []]);
    await saving;
    expect(await database.rows('select user_id from opt_in')).toEqual([{ user_id: ANA }]);
    expect(await database.rows('select user_id from opt_out')).toEqual([]);
  });

  test('moderators of one server ignore somebody there until they take it back', async () => {
    await using database = await create();
    {
      await using store = await database.open();
      await store.saveIgnored(GUILD, BEN, true);
      await store.saveIgnored(GUILD, BEN, true);
      await store.saveIgnored(GUILD, ANA, true);
      await store.saveIgnored(GUILD, ANA, false);
    }
    await using store = await database.open();
    expect(await listsOf(store)).toEqual([[], [], [BEN]]);
    expect((await store.guild(OTHER_GUILD)).ignored).toEqual(new Set());
  });

  test('of somebody who has had all deleted, no opt-out is noted any more', async () => {
    await using database = await create();
    await using store = await database.open();
    await store.saveOptOut(GUILD, ANA, true);
    await store.saveOptOut(OTHER_GUILD, ANA, false);
    await store.saveOptOut(GUILD, BEN, true);
    await store.deletePerson(ANA);
    expect(await database.rows('select kind, guild_id, subject from wish order by number')).toEqual([
      { kind: 'out', guild_id: GUILD, subject: BEN },
      { kind: 'person', guild_id: '', subject: ANA },
    ]);
    if (database.kind !== 'sqlite') return;
    const noted = () => readFileSync(`${database.path}.wishes`, 'utf8').trim().split('\n');
    await until('it is noted', () => noted().some(line => line.includes('"person"')));
    await until('no guild is named', () => noted().filter(line => line.includes(ANA)).length === 1);
  });

  test('everybody may see that they have opted in or are ignored; deleting their data ends only the former', async () => {
    await using database = await create();
    await using store = await database.open();
    await store.saveOptOut(GUILD, ANA, false);
    await store.saveIgnored(OTHER_GUILD, ANA, true);
    const lists = { optedOut: false, optedIn: false, ignored: false };
    const ignored = { guildId: OTHER_GUILD, settings: null, ...lists, ignored: true };
    expect((await store.exportPerson(ANA)).servers).toEqual([
      { guildId: GUILD, settings: null, ...lists, optedIn: true },
      ignored,
    ]);
    await store.deletePerson(ANA);
    expect(await listsOf(store)).toEqual([[], [], []]);
    expect((await store.guild(OTHER_GUILD)).ignored).toEqual(new Set([ANA]));
    expect((await store.exportPerson(ANA)).servers).toEqual([ignored]);
  });
});
