import { describe, expect, test, vi } from 'vitest';
import { guildDefaults } from '../../src/settings/guild.ts';
import { noOwnManner } from '../../src/settings/manner.ts';
import { personDefaults } from '../../src/settings/person.ts';
import { StoreError, StoreNewerError } from '../../src/store/errors.ts';
import { ANA, BEN, describeStores, GUILD, OTHER_GUILD } from '../support/store.ts';

// Databases, and processes of their own, take what they take on a loaded machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const VOICE = '0123456789abcdef0123456789abcdef';

describeStores(create => {
  describe('what is saved', () => {
    test('is there after a restart, all of it', async () => {
      await using database = await create();
      const settings = {
        ...guildDefaults,
        voice: VOICE,
        speed: 1.25,
        requireVoice: false,
        skipPrefix: '',
        channels: [{ id: GUILD, addedBy: 'admin' as const, speed: 0.5, role: null }],
        botVoices: { [BEN]: VOICE },
        bounds: { ...guildDefaults.bounds, speed: [0.75, 1.5] as [number, number] },
      };
      const words = new Map([
        ['zebra', 'Zeh-bra'],
        ['<b>', 'it\'s "so"; drop table word'],
        ['日本', 'にほん'],
        ['🦜', ''],
      ]);
      let saved: unknown;
      {
        await using store = await database.open();
        expect(store.kind).toBe(database.kind);
        expect(store.problem).toBeNull();
        await store.saveSettings(GUILD, settings);
        await store.savePerson(GUILD, ANA, { voice: VOICE, speed: 1.5 });
        await store.savePerson(GUILD, ANA, { speed: null, volume: -3 });
        await store.saveOptOut(GUILD, BEN, true);
        saved = await store.saveWords(GUILD, words);
        expect(store.cached(GUILD)).toEqual(saved);
      }
      await using store = await database.open();
      expect(store.cached(GUILD)).toBeUndefined();
      const record = await store.guild(GUILD);
      expect(record).toEqual({
        known: true,
        settings,
        people: new Map([
          [
            ANA,
            {
              ...personDefaults,
              voice: VOICE,
              volume: -3,
              before: { ...noOwnManner, voice: VOICE, speed: 1.5 },
            },
          ],
        ]),
        optOuts: new Set([BEN]),
        optIns: new Set(),
        ignored: new Set(),
        words,
        wordsBy: new Map(),
        clones: [],
      });
      expect(record).toEqual(saved);
      expect(store.cached(GUILD)).toEqual(record);
      expect([...record.words.keys()]).toEqual([...words.keys()].sort());
      expect(await store.guild(OTHER_GUILD)).toEqual({
        known: true,
        settings: guildDefaults,
        people: new Map(),
        optOuts: new Set(),
        optIns: new Set(),
        ignored: new Set(),
        words: new Map(),
        wordsBy: new Map(),
        clones: [],
      });
    });

    test('says who added which word, until they have everything of theirs deleted', async () => {
      await using database = await create();
      {
        await using store = await database.open();
        await store.saveWords(GUILD, new Map([['old', 'older']]));
        await store.saveWords(
          GUILD,
          new Map([
            ['old', 'older'],
            ['brb', 'soon'],
          ]),
          ANA,
        );
        await store.saveWords(
          GUILD,
          new Map([
            ['old', 'old'],
            ['brb', 'soon'],
            ['lol', 'ha'],
          ]),
          BEN,
        );
        const all = {
          settings: guildDefaults,
          words: new Map([
            ['old', 'old'],
            ['brb', 'soon'],
            ['gg', 'good'],
          ]),
          by: ANA,
        };
        const { wordsBy } = await store.replaceGuild(GUILD, all);
        expect(wordsBy).toEqual(
          new Map([
            ['old', BEN],
            ['brb', ANA],
            ['gg', ANA],
          ]),
        );
      }
      await using store = await database.open();
      await store.guild(GUILD);
      expect((await store.exportPerson(ANA)).words).toEqual([
        { guildId: GUILD, word: 'brb', say: 'soon' },
        { guildId: GUILD, word: 'gg', say: 'good' },
      ]);
      await store.deletePerson(ANA);
      expect((await store.guild(GUILD)).wordsBy).toEqual(new Map([['old', BEN]]));
      expect((await store.guild(GUILD)).words.size).toBe(3);
      expect((await store.exportPerson(ANA)).words).toEqual([]);
    });

    test('goes away when it is taken back', async () => {
      await using database = await create();
      await using store = await database.open();
      await store.saveOptOut(GUILD, ANA, true);
      await store.saveWords(GUILD, new Map([['a', 'b']]));
      await store.saveOptOut(GUILD, ANA, false);
      const record = await store.saveWords(GUILD, new Map());
      expect([record.optOuts.size, record.words.size]).toEqual([0, 0]);
      for (const table of ['opt_out', 'word'])
        expect(await database.rows(`select * from ${table}`)).toEqual([]);
    });

    test('is not changed by a setting out of bounds, which is named', async () => {
      await using database = await create();
      await using store = await database.open();
      const before = await store.saveSettings(GUILD, { speed: 1.5 });
      await expect(store.saveSettings(GUILD, { volume: 3, speed: 9 })).rejects.toThrow(/^[^9]*\bspeed$/);
      await expect(store.saveSettings(GUILD, { speed: 9 })).rejects.toThrow(RangeError);
      await expect(store.savePerson(GUILD, ANA, { voice: 'a b' })).rejects.toThrow(RangeError);
      const all = { settings: { ...guildDefaults, maxSeconds: 0 }, words: new Map([['a', 'b']]) };
      await expect(store.replaceGuild(GUILD, all)).rejects.toThrow(RangeError);
      expect(() => store.rememberSettings(GUILD, { leaveAfter: 0 })).toThrow(RangeError);
      expect(await store.guild(GUILD)).toBe(before);
      expect(await database.rows('select * from word')).toEqual([]);
    });

    test('is kept when many save at once, one after another', async () => {
      await using database = await create();
      await using store = await database.open();
      const people = Array.from({ length: 40 }, (_, n) => `30000000000000${1000 + n}`);
      const last = Promise.all([
        store.saveSettings(GUILD, { speed: 0.5 }),
        store.saveSettings(GUILD, { volume: 5 }),
        ...people.map((id, n) => store.savePerson(GUILD, id, { volume: n / 10 })),
        ...people.map(id => store.saveOptOut(GUILD, id, true)),
        store.saveSettings(GUILD, { speed: 1.75 }),
      ]);
      await last;
      const { settings, people: saved, optOuts } = await store.guild(GUILD);
      expect(settings).toMatchObject({ speed: 1.75, volume: 5 });
      expect([...saved].map(([id, { volume }]) => [id, volume])).toEqual(people.map((id, n) => [id, n / 10]));
      expect([...optOuts].sort()).toEqual(people);
    });

    test('is replaced as a whole by an import, but for people', async () => {
      await using database = await create();
      await using store = await database.open();
      await store.saveSettings(GUILD, { speed: 1.5, voice: VOICE });
      await store.saveWords(GUILD, new Map([['old', 'older']]));
      await store.savePerson(GUILD, ANA, { speed: 1.5 });
      await store.saveOptOut(GUILD, BEN, true);
      const settings = { ...guildDefaults, volume: 2 };
      const words = new Map(Array.from({ length: 3_000 }, (_, n) => [`word ${n}`, `say ${n}`]));
      const record = await store.replaceGuild(GUILD, { settings, words });
      expect(record.settings).toEqual(settings);
      expect(record.words).toEqual(new Map([...words].sort(([a], [b]) => (a < b ? -1 : 1))));
      expect([...record.people.keys()]).toEqual([ANA]);
      expect([...record.optOuts]).toEqual([BEN]);
    });

    test('may be any text, also one that PostgreSQL does not take', async () => {
      await using database = await create();
      await using store = await database.open();
      const record = await store.saveWords(
        GUILD,
        new Map([
          ['nul\0', 'a\0b'],
          ['half \ud83e', '\udd9c'],
          ['nul', 'x'],
        ]),
      );
      expect(record.words).toEqual(
        new Map([
          ['half \ufffd', '\ufffd'],
          ['nul', 'x'],
        ]),
      );
    });

    test('that this code does not know, or that is out of its bounds, is left alone', async () => {
      await using database = await create();
      {
        await using store = await database.open();
        await store.saveSettings(GUILD, { speed: 1.5 });
        await store.savePerson(GUILD, ANA, { speed: 1.5 });
      }
      await database.rows(
        `update server set settings = '{"speed":770077,"volume":3,"later":"x"}' returning guild_id`,
      );
      await database.rows(`update person set settings = '["no object"]' returning guild_id`);
      await using store = await database.open();
      expect((await store.guild(GUILD)).settings).toEqual({ ...guildDefaults, volume: 3 });
      expect((await store.guild(GUILD)).people).toEqual(new Map([[ANA, personDefaults]]));
      await store.saveSettings(GUILD, { leaveAfter: 30 });
      const [row] = await database.rows('select settings from server');
      expect(JSON.parse(String(row?.['settings']))).toEqual({
        speed: 770077,
        volume: 3,
        later: 'x',
        leaveAfter: 30,
      });
      expect(database.logged.join('')).toContain('"setting":"speed"');
      expect(database.logged.join('')).not.toMatch(/770077|no object/);
    });
  });

  test('a later version has written it: one line, exit code 78, and nothing is changed', async () => {
    await using database = await create();
    await (await database.open())[Symbol.asyncDispose]();
    await database.rows(`insert into kysely_migration values ('9999-later', '2030-01-01') returning name`);
    const made = await database.rows('select name from kysely_migration order by name');
    const failure = await database.open().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StoreNewerError);
    expect(failure).toMatchObject({
      exitCode: 78,
      message: expect.stringMatching(/^[^\n]*later version[^\n]*$/),
    });
    expect(await database.rows('select name from kysely_migration order by name')).toEqual(made);
    await database.rows(`delete from kysely_migration where name = '9999-later' returning name`);
    await using store = await database.open(); // nothing was left held
    expect(store.problem).toBeNull();
  });

  test('a closed store refuses to save, and still answers', async () => {
    await using database = await create();
    const store = await database.open();
    const record = await store.saveSettings(GUILD, { speed: 1.5 });
    await store[Symbol.asyncDispose]();
    await store[Symbol.asyncDispose]();
    expect(await store.guild(GUILD)).toBe(record);
    expect((await store.guild(OTHER_GUILD)).settings).toEqual(guildDefaults);
    await expect(store.saveSettings(GUILD, { speed: 1 })).rejects.toThrow(StoreError);
  });
});
