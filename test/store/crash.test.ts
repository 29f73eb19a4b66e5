import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { describeStores, GUILD } from '../support/store.ts';
import { StoreProcess } from '../support/store-process.ts';

// Databases, and processes of their own, take what they take on a loaded machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const KILLS = 20;
const LONGEST_RUN_MS = 150;
const STARTERS = 4;

describeStores(create => {
  test('whatever was saved survives kill -9 at any moment', { timeout: 120_000 }, async () => {
    await using database = await create();
    let saved = 5;
    for (let kill = 0; kill < KILLS; kill++) {
      await using child = new StoreProcess('save', database.url, { first: saved + 1 });
      await child.lines(2); // open, and the first save
      await sleep(Math.random() * LONGEST_RUN_MS);
      await child.kill();
      const acknowledged = Number(child.said.at(-1));
      await using store = await database.open();
      expect(store.problem).toBeNull();
      const { settings, people, words } = await store.guild(GUILD);
      const word = Number(words.get('number'));
      // One more may have been saved that the child could not say any more.
      expect(word).toBeGreaterThanOrEqual(acknowledged);
      expect(settings.leaveAfter - word).toBeOneOf([0, 1]);
      expect([((word + 1) % 200) / 10, (word % 200) / 10]).toContain(
        people.get('200000000000000009')?.volume,
      );
      saved = settings.leaveAfter;
    }
    expect(saved).toBeGreaterThan(KILLS);
    expect(database.logged.join('')).not.toMatch(/"level":"(error|fatal)"/);
  });

  test('several processes start at once on nothing: all get the data, or one where it is SQLite', async () => {
    await using database = await create();
    const starters = Array.from({ length: STARTERS }, () => new StoreProcess('open', database.url));
    try {
      for (const starter of starters) await starter.lines(1);
      const others = database.kind === 'sqlite' ? 'held' : 'open';
      expect(starters.flatMap(({ said }) => said).sort()).toEqual([others, others, others, 'open']);
    } finally {
      for (const starter of starters) await starter[Symbol.asyncDispose]();
    }
    await using store = await database.open();
    expect((await store.saveSettings(GUILD, { speed: 1.5 })).settings.speed).toBe(1.5);
  });
});
