import { afterEach, expect, test, vi } from 'vitest';
import { Clones } from '../../src/voices/clones.ts';
import { wav } from '../audio/recording/recordings.ts';
import { PostgresProxy } from '../support/postgres-proxy.ts';
import { ANA, BEN, describePostgres, GUILD, testPostgres, testSqlite } from '../support/store.ts';
import { until } from '../support/until.ts';

// Databases, and processes of their own, take what they take on a loaded machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const LISTENING = `select pid from pg_stat_activity where datname = current_database() and query like '%parrotfish process%' and pid <> pg_backend_pid()`;

/** Fish Audio, which makes a voice when the test says so. */
class FakeVoices {
  readonly deleted: string[] = [];
  readonly #made = [1, 2, 3].map(() => Promise.withResolvers<void>());
  #count = 0;

  readonly create = async () => {
    const number = (this.#count += 1);
    await this.#made[number - 1]?.promise;
    return `voice-${number}`;
  };

  readonly delete = (voiceId: string) => {
    this.deleted.push(voiceId);
    return Promise.resolve();
  };

  /** Makes the voice with this number, or without one all of them. */
  finish(number?: number): void {
    for (const [at, made] of this.#made.entries())
      if (number === undefined || number === at + 1) made.resolve();
  }
}

const request = (userId: string) => ({
  guildId: GUILD,
  userId,
  name: 'mine',
  transcript: undefined,
  fetch: () => Promise.resolve(wav(12)),
});

afterEach(() => {
  vi.useRealTimers();
});

test.each([
  [[1, 2], 2],
  [[2, 1], 2],
])(
  'of two clones that somebody has made at once the later one is chosen: made in the order %j',
  async order => {
    await using database = testSqlite();
    await using store = await database.open();
    const voices = new FakeVoices();
    await using clones = new Clones({ voices, store, log: database.log });
    const kept = [await clones.make(request(ANA)), await clones.make(request(ANA))].map(made => made.kept);
    for (const number of order) {
      voices.finish(number);
      await kept[number - 1];
      const { people } = await store.guild(GUILD);
      const chosen = people.get(ANA)?.voice ?? null;
      const isMade = order.indexOf(2) <= order.indexOf(number);
      if (isMade) expect(chosen).toBe('voice-2');
      else expect(clones.referenceOf(GUILD, ANA, chosen), 'the later one is used meanwhile').toBeDefined();
    }
    expect((await store.guild(GUILD)).clones).toHaveLength(2);
  },
);

describePostgres(server => {
  test('a clone in the making is not kept of somebody whose data is deleted in another process', async () => {
    await using database = await testPostgres(server());
    await using store = await database.open();
    await using other = await database.open();
    await until('both listen', async () => (await database.rows(LISTENING)).length === 2);
    const voices = new FakeVoices();
    await using clones = new Clones({ voices, store, log: database.log });
    const { kept } = await clones.make(request(ANA));
    const failed = expect(kept).rejects.toMatchObject({ key: 'clone.unwanted' });
    const bens = await clones.make(request(BEN));
    await other.deletePerson(ANA);
    await until('the recording is no longer used', () => !clones.referenceOf(GUILD, ANA, null));
    expect(clones.referenceOf(GUILD, BEN, null)).toBeDefined();
    voices.finish();
    await failed;
    await bens.kept;
    await until('Ana’s voice is gone at Fish Audio', () => voices.deleted.length > 0);
    expect(await database.rows('select user_id, voice_id from clone')).toMatchObject([{ user_id: BEN }]);
    expect(await database.rows(`select * from person where user_id = '${ANA}'`)).toEqual([]);
  });

  test('a clone that was saved, although PostgreSQL was lost before it could say so, is deleted', async () => {
    await using database = await testPostgres(server());
    await using proxy = await PostgresProxy.start(server().port);
    const name = database.url.slice(database.url.lastIndexOf('/') + 1);
    await using store = await database.open({ url: server().url(name, proxy.port) });
    const voices = new FakeVoices();
    await using clones = new Clones({ voices, store, log: database.log });
    const { kept } = await clones.make(request(ANA));
    let saves = 0;
    let lost = 0;
    proxy.onRequest = bytes => {
      if (bytes.includes('insert into "clone"')) saves += 1;
    };
    proxy.loses = answer => saves > 0 && lost === 0 && answer.includes('COMMIT') && (lost += 1) > 0;
    voices.finish();
    await expect(kept).rejects.toMatchObject({ key: 'store.unreachable' });
    expect([saves, lost]).toEqual([1, 1]);
    await until('it is gone', async () => (await database.rows('select * from clone')).length === 0);
    await until('it is gone at Fish Audio too', async () => (await store.clones.doomed()).length === 0);
    expect(voices.deleted).toContain('voice-1');
    expect((await store.guild(GUILD)).people.get(ANA)?.voice).toBeNull();
  });
});
