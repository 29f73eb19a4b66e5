import type { KyselyPlugin } from 'kysely';
import { expect, test, vi } from 'vitest';
import { guildDefaults } from '../../src/settings/guild.ts';
import type { Database } from '../../src/store/database/database.ts';
import type { Store } from '../../src/store/store.ts';
import { ANA, BEN, describeStores, GUILD } from '../support/store.ts';
import { openChanged } from '../support/store-faults.ts';

// Databases, and processes of their own, take what they take on a loaded machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const PEOPLE = 300;
const VOICE = '0123456789abcdef0123456789abcdef';

/** Counts what the database is asked, and how many rows it hands out. */
function counting(count: { statements: number; rows: number }): (opened: Database) => Database {
  const plugin: KyselyPlugin = {
    transformQuery({ node }) {
      count.statements += 1;
      return node;
    },
    transformResult({ result }) {
      count.rows += result.rows.length;
      return Promise.resolve(result);
    },
  };
  return opened => ({ ...opened, db: opened.db.withPlugin(plugin) });
}

describeStores(create => {
  test('a save reads and writes what it changes, however many people a server has', async () => {
    await using database = await create();
    const count = { statements: 0, rows: 0 };
    const words = new Map(Array.from({ length: 500 }, (_, n) => [`word ${n}`, `say ${n}`]));
    {
      await using store = await database.open();
      await store.saveWords(GUILD, words);
      for (let n = 0; n < PEOPLE; n++) {
        const userId = String(300000000000000000n + BigInt(n));
        void store.savePerson(GUILD, userId, { volume: 1 });
        void store.saveOptOut(GUILD, userId, true);
      }
      await store.saved(GUILD);
    }
    await using store = await openChanged(database, counting(count));
    const before = await store.guild(GUILD);
    expect([before.people.size, before.optOuts.size, before.words.size]).toEqual([PEOPLE, PEOPLE, 500]);
    const clone = {
      voiceId: VOICE,
      userId: ANA,
      name: 'Ana',
      createdAt: 1,
      audioHash: 'a',
      statementVersion: 1,
    };
    const saves: Record<string, (store: Store) => Promise<unknown>> = {
      'a setting': () => store.saveSettings(GUILD, { speed: 1.5 }),
      'a person': () => store.savePerson(GUILD, ANA, { speed: 1.5 }),
      'an opt-out': () => store.saveOptOut(GUILD, ANA, true),
      'a word more': () => store.saveWords(GUILD, new Map([...words, ['new', 'word']])),
      'a word changed, two fewer': () =>
        store.saveWords(GUILD, new Map([...words].slice(1).with(0, ['word 1', 'otherwise']))),
      'a clone': () => store.clones.save(GUILD, clone, { chosen: true }),
      'a clone gone': () => store.clones.forget(GUILD, VOICE),
      'what is set without waiting': async () => {
        store.rememberSettings(GUILD, { volume: 2 });
        await store.saved(GUILD);
      },
    };
    for (const [what, save] of Object.entries(saves)) {
      count.statements = 0;
      count.rows = 0;
      await save(store);
      expect(count.statements, `${what}: statements`).toBeLessThanOrEqual(8);
      expect(count.rows, `${what}: rows`).toBeLessThanOrEqual(4);
    }

    // What is known by that is what the database has.
    const known = await store.guild(GUILD);
    await store[Symbol.asyncDispose]();
    await using again = await database.open();
    const read = await again.guild(GUILD);
    expect(read).toEqual(known);
    expect(read.people.get(ANA)).toMatchObject({ speed: 1.5, voice: null });
    expect(read.settings).toEqual({ ...guildDefaults, speed: 1.5, volume: 2 });
    expect([read.people.size, read.optOuts.size, read.words.size]).toEqual([PEOPLE + 1, PEOPLE + 1, 499]);
  });

  test('a save of a server that nobody has asked for yet is known with all the rest', async () => {
    await using database = await create();
    {
      await using store = await database.open();
      await store.savePerson(GUILD, BEN, { volume: 3 });
    }
    await using store = await database.open();
    const saved = await store.savePerson(GUILD, ANA, { volume: 1 });
    expect([...saved.people.keys()].sort()).toEqual([ANA, BEN]);
  });
});
