import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { GUILD, type TestDatabase } from './store.ts';
import { StoreProcess } from './store-process.ts';

const LONGEST_RUN_MS = 150;

/**
 * Kills a process with SIGKILL while it saves one number after another, `kills` times at random moments, and fails if
 * the database then lacks anything that the process had said is saved.
 */
export async function killSaves(database: TestDatabase, kills: number): Promise<void> {
  let saved = 5;
  for (let kill = 0; kill < kills; kill++) {
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
    expect([((word + 1) % 200) / 10, (word % 200) / 10]).toContain(people.get('200000000000000009')?.volume);
    saved = settings.leaveAfter;
  }
  expect(saved).toBeGreaterThan(kills);
  expect(database.logged.join('')).not.toMatch(/"level":"(error|fatal)"/);
}
