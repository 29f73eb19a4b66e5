import { expect, test, vi } from 'vitest';
import { killSaves } from '../support/kill-saves.ts';
import { describeStores, GUILD } from '../support/store.ts';
import { StoreProcess } from '../support/store-process.ts';

// Databases, and processes of their own, take what they take on a loaded machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const STARTERS = 3;

describeStores(create => {
  test('whatever was saved survives kill -9 at any moment (short form)', { timeout: 120_000 }, async () => {
    await using database = await create();
    await killSaves(database, 4);
  });

  test('several processes start at once on nothing: all get the data, or one where it is SQLite', async () => {
    await using database = await create();
    const starters = Array.from({ length: STARTERS }, () => new StoreProcess('open', database.url));
    try {
      for (const starter of starters) await starter.lines(1);
      const others = database.kind === 'sqlite' ? 'held' : 'open';
      expect(starters.flatMap(({ said }) => said).sort()).toEqual([others, others, 'open']);
    } finally {
      for (const starter of starters) await starter[Symbol.asyncDispose]();
    }
    await using store = await database.open();
    expect((await store.saveSettings(GUILD, { speed: 1.5 })).settings.speed).toBe(1.5);
  });
});
