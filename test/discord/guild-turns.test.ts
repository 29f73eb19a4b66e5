import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { GuildTurns } from '../../src/discord/guild-turns.ts';

test('in a server one thing is taken up after another, whatever each waits for, and a failure stops nothing', async () => {
  const turns = new GuildTurns();
  const done: string[] = [];
  const task = (name: string, ms: number) => async () => {
    await sleep(ms);
    done.push(name);
    if (name === 'b') throw new Error('b');
  };
  const all = [
    turns.take('1', task('a', 30)),
    turns.take('1', task('b', 20)),
    turns.take('2', task('other', 0)),
    turns.take('1', task('c', 0)),
  ];
  const ends = await Promise.allSettled(all);
  expect(done).toEqual(['other', 'a', 'b', 'c']);
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
});
