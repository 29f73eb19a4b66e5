import { afterEach, expect, test, vi } from 'vitest';
import { guildDefaults } from '../../../src/settings/guild.ts';
import type { Store } from '../../../src/store/store.ts';
import { PostgresProxy } from '../../support/postgres-proxy.ts';
import {
  ANA,
  BEN,
  describePostgres,
  GUILD,
  OTHER_GUILD,
  type TestDatabase,
  testPostgres,
} from '../../support/store.ts';
import { StoreProcess } from '../../support/store-process.ts';
import { until } from '../../support/until.ts';

// What one process changes holds in the others that use the same PostgreSQL database: at once by NOTIFY, and by asking
// where NOTIFY does not arrive.

// Databases, and processes of their own, take what they take on a loaded machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const POLL_MS = 12_000;
const VOICE = '0123456789abcdef0123456789abcdef';
const CLONE = {
  voiceId: VOICE,
  userId: ANA,
  name: 'mine',
  createdAt: 1,
  audioHash: 'a'.repeat(64),
  statementVersion: 1,
};

const settingsIn = (store: Store) => store.cached(GUILD)?.settings;

/** Nobody asks the database by a clock from now on, but for `vi.advanceTimersByTime`. */
function stopTheClocks(): void {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
}

/** Waits until connections listen in the database, so that nothing is missed. */
async function listening(database: TestDatabase, count: number): Promise<void> {
  const asked = async () => {
    const rows = await database.rows(
      `select pid from pg_stat_activity where datname = current_database() and query like '%parrotfish process%' and pid <> pg_backend_pid()`,
    );
    return rows.length;
  };
  await expect.poll(asked, { timeout: 30_000 }).toBe(count);
}

afterEach(() => {
  vi.useRealTimers();
});

describePostgres(server => {
  test('every kind of change holds in the other process by NOTIFY alone', async () => {
    await using database = await testPostgres(server());
    stopTheClocks();
    await using one = await database.open();
    await using other = await database.open();
    await listening(database, 2);
    const told: string[] = [];
    other.onSettings(guildId => told.push(guildId));
    const deleted: (string | null)[] = [];
    other.onDeletedPerson(userId => deleted.push(userId));
    await other.guild(GUILD);
    const holds = (what: string, check: () => boolean | undefined) => until(what, () => check() === true);
    const record = () => other.cached(GUILD);

    await one.saveSettings(GUILD, { speed: 1.5 });
    await holds('the setting', () => record()?.settings.speed === 1.5);
    expect(told).toEqual([GUILD]);
    await one.savePerson(GUILD, ANA, { volume: 2 });
    await holds('what a person chose', () => record()?.people.get(ANA)?.volume === 2);
    await one.saveOptOut(GUILD, ANA, true);
    await holds('an opt-out', () => record()?.optOuts.has(ANA));
    await one.saveIgnored(GUILD, BEN, true);
    await holds('an ignored person', () => record()?.ignored.has(BEN));
    await one.saveWords(GUILD, new Map([['brb', 'be right back']]), ANA);
    await holds('a word', () => record()?.words.get('brb') === 'be right back');
    one.rememberSettings(GUILD, { volume: 3 });
    await holds('a setting that was remembered', () => record()?.settings.volume === 3);
    await one.clones.save(GUILD, CLONE, { chosen: true });
    await holds('a clone', () => record()?.clones.length === 1);
    const who = { guildId: OTHER_GUILD, userId: BEN };
    await holds('whose it is', () => !other.clones.mayUse(VOICE, who));
    expect(other.clones.mayUse(VOICE, { guildId: GUILD, userId: ANA })).toBe(true);
    await one.clones.forget(GUILD, VOICE);
    await holds('that it is gone', () => !other.clones.mayUse(VOICE, { guildId: GUILD, userId: ANA }));
    await one.replaceGuild(GUILD, { settings: guildDefaults, words: new Map() });
    await holds('a file of settings', () => record()?.words.size === 0 && record()?.settings.speed === 1);
    await one.deletePerson(ANA);
    await holds('that a person is deleted', () => !record()?.people.has(ANA) && !record()?.optOuts.has(ANA));
    expect(record()?.ignored.has(BEN)).toBe(true);
    expect(deleted).toEqual([ANA]);
    expect(told.filter(id => id === GUILD)).toHaveLength(3); // only settings count, and not those of people
  });

  test('two processes that change one guild lose nothing of each other', async () => {
    await using database = await testPostgres(server());
    await using one = await database.open();
    await using other = await database.open();
    for (let pass = 0; pass < 5; pass++) {
      const speed = 1 + pass / 10;
      await Promise.all([
        one.saveSettings(GUILD, { speed }),
        other.saveSettings(GUILD, { volume: pass }),
        one.saveOptOut(GUILD, ANA, pass % 2 === 0),
        other.saveOptOut(OTHER_GUILD, BEN, pass % 2 === 0),
      ]);
      const [row] = await database.rows(`select settings from server where guild_id = '${GUILD}'`);
      expect(JSON.parse(String(row?.['settings']))).toEqual({ speed, volume: pass });
      await until('both know both', () =>
        [one, other].every(store => settingsIn(store)?.speed === speed && settingsIn(store)?.volume === pass),
      );
    }
    await one.saveWords(GUILD, new Map([['a', 'from one']]));
    await other.saveWords(GUILD, new Map([['b', 'from the other']]));
    expect(await database.rows('select word from word')).toEqual([{ word: 'b' }]);
  });

  test('where NOTIFY never arrives, the database is asked', async () => {
    await using database = await testPostgres(server());
    await using proxy = await PostgresProxy.start(server().port);
    let cuts = 0;
    proxy.onRequest = (bytes, cut) => {
      if (!bytes.includes('listen parrotfish')) return;
      cuts += 1;
      cut();
    };
    stopTheClocks();
    await using one = await database.open();
    await using other = await database.open({
      url: server().url(database.name, proxy.port),
    });
    const deleted: (string | null)[] = [];
    other.onDeletedPerson(userId => deleted.push(userId));
    await other.guild(GUILD);
    await until('it tried to listen', () => cuts > 0);
    vi.advanceTimersByTime(POLL_MS);
    await one.saveSettings(GUILD, { speed: 1.5 });
    await one.clones.save(GUILD, CLONE, { chosen: false });
    await one.savePerson(GUILD, BEN, { volume: 2 });
    expect(settingsIn(other)?.speed).toBe(1);
    await expect
      .poll(
        () => {
          vi.advanceTimersByTime(POLL_MS);
          return settingsIn(other)?.speed;
        },
        { timeout: 30_000, interval: 200 },
      )
      .toBe(1.5);
    await until('the clone', () => !other.clones.mayUse(VOICE, { guildId: GUILD, userId: BEN }));
    await one.deletePerson(BEN);
    await expect
      .poll(
        () => {
          vi.advanceTimersByTime(POLL_MS);
          return other.cached(GUILD)?.people.has(BEN);
        },
        { timeout: 30_000, interval: 200 },
      )
      .toBe(false);
    expect(deleted.at(-1)).toBe(BEN);
  });

  test('what was missed while the connection that listens was lost is found when it listens again', async () => {
    await using database = await testPostgres(server());
    await using proxy = await PostgresProxy.start(server().port);
    let cutting = false;
    proxy.onRequest = (bytes, cut) => {
      if (cutting && bytes.includes('listen parrotfish')) cut();
    };
    stopTheClocks();
    await using one = await database.open();
    await using other = await database.open({
      url: server().url(database.name, proxy.port),
    });
    await other.guild(GUILD);
    await listening(database, 2);
    await one.saveSettings(GUILD, { volume: 2 });
    await until('it hears', () => settingsIn(other)?.volume === 2);
    cutting = true;
    await database.rows(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like '%parrotfish process%' and pid <> pg_backend_pid()`,
    );
    await listening(database, 1); // the first one has come back
    await one.saveSettings(GUILD, { speed: 1.5 });
    cutting = false;
    await until('it has found out', () => settingsIn(other)?.speed === 1.5, 30_000);
  });

  test('another process that is killed in the middle has told of all that it has saved', async () => {
    await using database = await testPostgres(server());
    stopTheClocks();
    await using store = await database.open();
    await store.guild(GUILD);
    await listening(database, 1);
    await using child = new StoreProcess('save', database.url);
    await child.lines(20);
    await child.kill();
    const last = Number(child.said.at(-1));
    await until('the last number', () => (settingsIn(store)?.leaveAfter ?? 0) >= last);
    await until('the word of it', () => Number(store.cached(GUILD)?.words.get('number')) >= last);
    const tables = await database.rows('select guild_id, user_id from told_change');
    expect(new Set(tables.map(row => `${String(row['guild_id'])}/${String(row['user_id'])}`))).toEqual(
      new Set([`${GUILD}/`]),
    );
  });
});
