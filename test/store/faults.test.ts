import { expect, test, vi } from 'vitest';
import { guildDefaults } from '../../src/settings/guild.ts';
import { ANA, BEN, describeStores, GUILD, OTHER_GUILD } from '../support/store.ts';
import { failing, openChanged } from '../support/store-faults.ts';
import { until } from '../support/until.ts';

// Databases, and processes of their own, take what they take on a loaded machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

describeStores(create => {
  test('while nothing can be saved, reading goes on, and what must hold does and is saved later', async () => {
    await using database = await create();
    let broken = false;
    let calm = 0;
    await using store = await openChanged(
      database,
      failing(() => broken && calm-- <= 0),
    );
    await store.saveSettings(GUILD, { speed: 1.5 });
    await store.saveOptOut(GUILD, BEN, true);
    broken = true;
    await expect(store.saveSettings(GUILD, { speed: 0.5 })).rejects.toMatchObject({
      name: 'StoreError',
      problem: 'full',
    });
    expect(store.problem).toBe('full');
    await expect(store.savePerson(GUILD, ANA, { speed: 2 })).rejects.toMatchObject({ problem: 'full' });
    calm = 3; // some statements of the transaction work, then one fails
    await expect(
      store.replaceGuild(GUILD, {
        settings: { ...guildDefaults, speed: 0.5 },
        words: new Map([['a', 'b']]),
      }),
    ).rejects.toMatchObject({ problem: 'full' });
    await expect(store.deletePerson(BEN)).rejects.toMatchObject({ problem: 'full' });
    await expect(store.exportPerson(BEN)).rejects.toMatchObject({ problem: 'full' });
    const { settings, people, words, optOuts } = await store.guild(GUILD);
    expect([settings.speed, people.size, words.size]).toEqual([1.5, 0, 0]);
    expect(optOuts).toEqual(new Set([BEN]));
    expect((await store.guild(OTHER_GUILD)).settings).toEqual(guildDefaults);

    await expect(store.saveOptOut(GUILD, ANA, true)).rejects.toMatchObject({ problem: 'full' });
    await expect(store.saveOptOut(OTHER_GUILD, BEN, true)).rejects.toMatchObject({ problem: 'full' });
    await expect(store.saveOptOut(OTHER_GUILD, BEN, false)).rejects.toMatchObject({ problem: 'full' });
    await expect(store.guildLeft('100000000000000004')).rejects.toMatchObject({ problem: 'full' });
    expect(
      store.rememberSettings(GUILD, { channels: [{ id: GUILD, addedBy: 'join' }] }).settings,
    ).toMatchObject({
      speed: 1.5,
      channels: [{ id: GUILD }],
    });
    expect((await store.guild(GUILD)).optOuts).toEqual(new Set([ANA, BEN]));
    expect((await store.guild(OTHER_GUILD)).optOuts).toEqual(new Set());

    broken = false;
    await until('the database works again', () => store.problem === null);
    await store.saveSettings('100000000000000005', {}); // in its turn after what was unsaved
    expect(
      await database.rows(`select user_id from opt_out where guild_id = '${GUILD}' order by user_id`),
    ).toEqual([{ user_id: ANA }, { user_id: BEN }]);
    expect(await database.rows(`select * from opt_out where guild_id = '${OTHER_GUILD}'`)).toEqual([]);
    await expect
      .poll(() => database.rows('select guild_id from guild_left'), { timeout: 10_000 })
      .toEqual([{ guild_id: '100000000000000004' }]);
    const [row] = await database.rows(`select settings from server where guild_id = '${GUILD}'`);
    expect(JSON.parse(String(row?.['settings']))).toMatchObject({ speed: 1.5, channels: [{ id: GUILD }] });
    expect(await database.rows('select * from word')).toEqual([]);
  });

  test('a later save wins over what was to be saved before it', async () => {
    await using database = await create();
    let broken = true;
    await using store = await openChanged(
      database,
      failing(() => broken),
    );
    store.rememberSettings(GUILD, { speed: 0.5, volume: 3 });
    await expect(store.saveSettings(GUILD, { maxSeconds: 10 })).rejects.toMatchObject({ problem: 'full' });
    broken = false;
    const saved = await store.saveSettings(GUILD, { speed: 2 });
    expect(saved.settings).toMatchObject({ speed: 2, volume: 3 });
    await until('the database works again', () => store.problem === null);
    await store[Symbol.asyncDispose]();
    await using again = await database.open();
    expect((await again.guild(GUILD)).settings).toEqual({ ...guildDefaults, speed: 2, volume: 3 });
  });

  test('what could not be read is the defaults, and is read when it can be', async () => {
    await using database = await create();
    {
      await using store = await database.open();
      await store.saveSettings(GUILD, { speed: 1.5 });
    }
    let broken = true;
    await using store = await openChanged(
      database,
      failing(() => broken),
    );
    expect((await store.guild(GUILD)).settings).toEqual(guildDefaults);
    broken = false;
    await until('the database works again', () => store.problem === null);
    expect((await store.guild(GUILD)).settings.speed).toBe(1.5);
  });

  test('every statement of every save may fail, and then nothing of it was saved', async () => {
    await using database = await create();
    let left = Number.POSITIVE_INFINITY;
    await using store = await openChanged(
      database,
      failing(() => left-- <= 0),
    );
    await store.replaceGuild(GUILD, { settings: guildDefaults, words: new Map([['old', 'word']]) });
    await store.savePerson(GUILD, ANA, { speed: 1.5 });
    await store.ledger.flush();
    const tables = ['server', 'person', 'opt_out', 'word', 'ledger'];
    const all = async () =>
      JSON.stringify(
        await Promise.all(tables.map(table => database.rows(`select * from ${table} order by 1, 2`))),
      );
    const saves = [
      () => store.saveSettings(GUILD, { speed: 1 + 1 / saved }),
      () => store.savePerson(GUILD, BEN, { volume: saved / 100 }),
      () => store.replaceGuild(GUILD, { settings: guildDefaults, words: new Map([['new', String(saved)]]) }),
      () => store.deletePerson(ANA),
    ];
    let saved = 1;
    for (const save of saves) {
      const before = await all();
      for (let allowed = 0; ; allowed++) {
        expect(allowed).toBeLessThan(50);
        left = allowed;
        const ok = await save().then(
          () => true,
          () => false,
        );
        left = Number.POSITIVE_INFINITY;
        if (ok) break;
        expect(await all()).toBe(before);
      }
      saved += 1;
      expect(await all()).not.toBe(before);
    }
  });

  test('neither the log nor what the database keeps has a word, a voice, or a password that it should not', async () => {
    await using database = await create();
    let broken = false;
    {
      await using store = await openChanged(
        database,
        failing(() => broken),
      );
      await store.saveWords(GUILD, new Map([['Wortdesmenschen', 'gesagt']]));
      await store.savePerson(GUILD, ANA, { voice: 'voice-of-ana' });
      broken = true;
      await store.saveWords(GUILD, new Map([['Anderswort', 'gesagt']])).catch(() => {});
      await store.savePerson(GUILD, ANA, { voice: 'other-voice' }).catch(() => {});
      broken = false;
      await until('the database works again', () => store.problem === null);
    }
    await database
      .rows('drop table person'.concat(database.kind === 'sqlite' ? '' : ' cascade'))
      .catch(() => []);
    {
      await using store = await database.open();
      await store.savePerson(GUILD, ANA, { voice: 'third-voice' }).catch(() => {});
      await store.guild(GUILD);
    }
    const logged = database.logged.join('');
    expect(logged).toContain('the database does not work');
    expect(logged).not.toMatch(/wort|gesagt|voice|pass-w0rd/i);
    const kept = JSON.stringify(
      await Promise.all(
        ['server', 'opt_out', 'ledger', 'ledger_batch'].map(table => database.rows(`select * from ${table}`)),
      ),
    );
    expect(kept).not.toMatch(/wort|gesagt|voice|pass-w0rd/i);
  });
});
