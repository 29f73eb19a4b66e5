import { afterEach, describe, expect, test, vi } from 'vitest';
import { guildDefaults } from '../../src/settings/guild.ts';
import { noOwnManner } from '../../src/settings/manner.ts';
import { personDefaults } from '../../src/settings/person.ts';
import { StoreError, StoreHeldError, StoreNewerError } from '../../src/store/errors.ts';
import { ANA, BEN, describeStores, GUILD, OTHER_GUILD, type TestDatabase } from '../support/store.ts';
import { failing, openChanged } from '../support/store-faults.ts';
import { until } from '../support/until.ts';

// Databases, and processes of their own, take what they take on a loaded machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const VOICE = '0123456789abcdef0123456789abcdef';
const DAY_MS = 86_400_000;
const NOON = Date.UTC(2026, 10, 24, 12);

afterEach(() => {
  vi.useRealTimers();
});

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

  describe('memory', () => {
    test('answers; where others may have changed it, it is read again after five minutes, and nobody waits', async () => {
      await using database = await create();
      await using store = await database.open();
      await store.saveSettings(GUILD, { speed: 1.5 });
      await database.rows(`update server set settings = '{"speed":0.5}' returning guild_id`);
      expect((await store.guild(GUILD)).settings.speed).toBe(1.5);
      const now = performance.now(); // the faked one begins at 0
      vi.useFakeTimers({ toFake: ['performance'] });
      vi.advanceTimersByTime(now + 6 * 60_000);
      expect((await store.guild(GUILD)).settings.speed).toBe(1.5);
      if (database.kind === 'sqlite') {
        // Its file is this process's alone.
        await store.saveSettings(OTHER_GUILD, {});
        expect((await store.guild(GUILD)).settings.speed).toBe(1.5);
        return;
      }
      await expect.poll(async () => (await store.guild(GUILD)).settings.speed, { timeout: 10_000 }).toBe(0.5);
    });

    test('does not go back to what a reading has found before a save', async () => {
      await using database = await create();
      {
        await using store = await database.open();
        await store.saveSettings(GUILD, { speed: 0.5 });
        await store.saveOptOut(GUILD, ANA, true);
      }
      for (let pass = 0; pass < 8; pass++) {
        await using store = await database.open();
        const speed = 1 + pass / 100;
        const [read] = await Promise.all([
          store.guild(GUILD),
          store.saveSettings(GUILD, { speed }),
          store.deletePerson(pass % 2 ? ANA : BEN),
          store.guild(GUILD),
        ]);
        expect(read.settings.speed).toBeLessThanOrEqual(speed);
        expect(store.cached(GUILD)?.settings.speed).toBe(speed);
        if (pass > 0) expect(store.cached(GUILD)?.optOuts).toEqual(new Set());
      }
    });

    test('what must hold at once does, and is saved soon', async () => {
      await using database = await create();
      await using store = await database.open();
      const channels = [{ id: GUILD, addedBy: 'join' as const }];
      expect(store.rememberSettings(GUILD, { channels }).settings).toEqual({ ...guildDefaults, channels });
      const saving = store.saveOptOut(GUILD, ANA, true);
      expect((await store.guild(GUILD)).optOuts).toEqual(new Set([ANA]));
      expect((await store.guild(GUILD)).settings.channels).toEqual(channels);
      await saving;
      expect(await database.rows('select user_id from opt_out')).toEqual([{ user_id: ANA }]);
      const [row] = await database.rows('select settings from server');
      expect(JSON.parse(String(row?.['settings']))).toEqual({ channels });
    });
  });

  describe('a person', () => {
    test('gets all that is kept of them, from all servers', async () => {
      await using database = await create();
      await using store = await database.open({ now: () => NOON });
      await store.savePerson(GUILD, ANA, { speed: 1.5 });
      await store.savePerson(GUILD, BEN, { speed: 0.5 });
      await store.saveOptOut(OTHER_GUILD, ANA, true);
      store.ledger.add({ guildId: GUILD, userId: ANA, bytes: 7, nanoUsd: 105_000 });
      store.ledger.add({ guildId: GUILD, userId: BEN, bytes: 9, nanoUsd: 135_000 });
      const none = { optedOut: false, optedIn: false, ignored: false };
      expect(await store.exportPerson(ANA)).toEqual({
        userId: ANA,
        servers: [
          {
            guildId: GUILD,
            settings: { ...personDefaults, speed: 1.5, before: noOwnManner },
            ...none,
          },
          { guildId: OTHER_GUILD, settings: null, ...none, optedOut: true },
        ],
        clones: [],
        words: [],
        usage: [{ day: '2026-11-24', guildId: GUILD, bytes: 7, nanoUsd: 105_000 }],
      });
      expect(await store.exportPerson('1')).toEqual({
        userId: '1',
        servers: [],
        clones: [],
        words: [],
        usage: [],
      });
    });

    test('is deleted from all servers, which keep their sums', async () => {
      await using database = await create();
      await using store = await database.open({ now: () => NOON });
      for (const guildId of [GUILD, OTHER_GUILD]) {
        await store.savePerson(guildId, ANA, { speed: 1.5 });
        await store.saveOptOut(guildId, ANA, true);
        await store.savePerson(guildId, BEN, { speed: 0.5 });
        store.ledger.add({ guildId, userId: ANA, bytes: 7, nanoUsd: 1_000 });
      }
      await store.ledger.flush();
      store.ledger.add({ guildId: GUILD, userId: ANA, bytes: 2, nanoUsd: 10 });
      store.ledger.add({ guildId: GUILD, userId: BEN, bytes: 1, nanoUsd: 1 });
      await store.deletePerson(ANA);
      for (const guildId of [GUILD, OTHER_GUILD]) {
        expect([...(await store.guild(guildId)).people.keys()]).toEqual([BEN]);
        expect(store.cached(guildId)?.optOuts).toEqual(new Set());
      }
      expect(await store.exportPerson(ANA)).toEqual({
        userId: ANA,
        servers: [],
        clones: [],
        words: [],
        usage: [],
      });
      expect(await store.ledger.guildDays(GUILD, 1)).toEqual([
        { day: '2026-11-24', userId: '0', bytes: 9, nanoUsd: 1_010 },
        { day: '2026-11-24', userId: BEN, bytes: 1, nanoUsd: 1 },
      ]);
      for (const table of ['server', 'person', 'opt_out', 'word', 'ledger'])
        expect(JSON.stringify(await database.rows(`select * from ${table}`))).not.toContain(ANA);
      await store.deletePerson(ANA);
      expect(store.ledger.guildToday(GUILD)).toBe(10);
    });

    test('who opts out right after being deleted has opted out', async () => {
      await using database = await create();
      await using store = await database.open();
      await Promise.all([
        store.saveOptOut(OTHER_GUILD, ANA, true),
        store.deletePerson(ANA),
        store.saveOptOut(GUILD, ANA, true),
      ]);
      expect((await store.exportPerson(ANA)).servers).toMatchObject([{ guildId: GUILD, optedOut: true }]);
      expect((await store.guild(GUILD)).optOuts).toEqual(new Set([ANA]));
      expect((await store.guild(OTHER_GUILD)).optOuts).toEqual(new Set());
    });
  });

  describe('row 30: a server that the bot has left', () => {
    async function filled(database: TestDatabase, now: () => number) {
      const store = await database.open({ now });
      for (const guildId of [GUILD, OTHER_GUILD]) {
        await store.saveSettings(guildId, { speed: 1.5 });
        await store.savePerson(guildId, ANA, { speed: 1.5 });
        await store.saveOptOut(guildId, BEN, true);
        await store.saveWords(guildId, new Map([['a', 'b']]));
        store.ledger.add({ guildId, userId: ANA, bytes: 1, nanoUsd: 1 });
      }
      await store.ledger.flush();
      return store;
    }
    const TABLES = ['server', 'person', 'opt_out', 'word', 'ledger'];
    const servers = async (database: TestDatabase) => {
      const rows = await database.rows(
        TABLES.map(table => `select guild_id from ${table}`).join(' union all '),
      );
      return new Set(rows.map(row => row['guild_id']));
    };

    test('is deleted after 30 days, and nothing else is', async () => {
      await using database = await create();
      let at = NOON;
      await using store = await filled(database, () => at);
      await store.guildLeft(GUILD);
      at += 30 * DAY_MS - 1_000;
      await store.guildPresent([OTHER_GUILD]);
      expect(await servers(database)).toEqual(new Set([GUILD, OTHER_GUILD]));
      at += 2_000;
      await store.guildPresent([OTHER_GUILD]);
      expect(await servers(database)).toEqual(new Set([OTHER_GUILD]));
      expect(await database.rows('select * from guild_left')).toEqual([]);
      expect((await store.guild(GUILD)).settings).toEqual(guildDefaults);
      expect((await store.guild(OTHER_GUILD)).settings.speed).toBe(1.5);
    });

    test('is found by a census, whatever is kept of it; other shards’ servers, and bots, have their own', async () => {
      await using database = await create();
      let at = NOON;
      const USED = '100000000000000003';
      const OTHERS = '100000000000000004';
      await using store = await filled(database, () => at);
      store.ledger.add({ guildId: USED, userId: ANA, bytes: 1, nanoUsd: 1 });
      await store.saveSettings(OTHERS, { speed: 1.5 });
      await store.ledger.flush();
      const left = async () =>
        (await database.rows('select guild_id from guild_left order by guild_id')).map(
          row => row['guild_id'],
        );
      const covers = (guildId: string) => guildId !== OTHERS;
      await store.guildsCounted({ guildIds: [OTHER_GUILD], covers });
      expect(await left()).toEqual([GUILD, USED]);
      await store.guildsCounted({ guildIds: [OTHER_GUILD, USED], covers });
      expect(await left()).toEqual([GUILD]);
      at += 31 * DAY_MS;
      await store.guildsCounted({ guildIds: [OTHER_GUILD, USED], covers });
      expect(await servers(database)).toEqual(new Set([OTHER_GUILD, USED, OTHERS]));
    });

    test('is found when the database can be asked', async () => {
      await using database = await create();
      await (await filled(database, () => NOON))[Symbol.asyncDispose]();
      let broken = true;
      await using store = await openChanged(
        database,
        failing(() => broken),
      );
      await expect(store.guildsCounted({ guildIds: [GUILD], covers: () => true })).rejects.toThrow();
      broken = false;
      await expect
        .poll(() => database.rows('select guild_id from guild_left'), { timeout: 10_000 })
        .toEqual([{ guild_id: OTHER_GUILD }]);
    });

    test('is deleted also when it has years of usage, by the hour', async () => {
      await using database = await create();
      let at = NOON;
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
      await using store = await database.open({ now: () => at });
      await store.guildPresent([]);
      for (let day = 0; day < 100; day++, at += DAY_MS)
        store.ledger.add({ guildId: GUILD, userId: ANA, bytes: 1, nanoUsd: 1 });
      await store.guildLeft(GUILD);
      at += 31 * DAY_MS;
      vi.advanceTimersByTime(3_600_000);
      const logged = () => database.logged.some(line => line.includes('deleted a server'));
      await until('the server is deleted', logged);
      expect(await servers(database)).toEqual(new Set());
    });

    test('is kept when the bot comes back in time, or if it may have come back unseen', async () => {
      await using database = await create();
      let at = NOON;
      {
        await using store = await filled(database, () => at);
        await store.guildLeft(GUILD);
        await store.guildLeft(OTHER_GUILD);
        await store.guildPresent([OTHER_GUILD]);
        at += 60 * DAY_MS;
      }
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
      await using store = await database.open({ now: () => at });
      vi.advanceTimersByTime(3_600_000);
      // These take their turns after what the hour has brought.
      for (let turn = 0; turn < 20; turn++) await store.saveSettings('100000000000000003', {});
      expect(await servers(database)).toEqual(new Set([GUILD, OTHER_GUILD, '100000000000000003']));
      await store.guildPresent([GUILD, OTHER_GUILD]);
      expect(await servers(database)).toEqual(new Set([GUILD, OTHER_GUILD, '100000000000000003']));
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

  test('another one has it: one line, exit code 75; free again when that one is closed', async () => {
    await using database = await create();
    const first = await database.open();
    const failure = await database.open().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StoreHeldError);
    expect(failure).toMatchObject({
      exitCode: 75,
      message: expect.stringMatching(/^Another Parrotfish [^\n]*$/),
    });
    await first.saveSettings(GUILD, { speed: 1.5 });
    await first[Symbol.asyncDispose]();
    await using store = await database.open();
    expect((await store.guild(GUILD)).settings.speed).toBe(1.5);
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
