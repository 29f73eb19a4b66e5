import { expect, test } from 'vitest';
import { lineMemoryOf } from '../../../src/discord/lines/line-memory.ts';
import { ANA, BEN, GUILD, testSqlite } from '../../support/store.ts';
import { failing, openChanged } from '../../support/store-faults.ts';

test('nothing is kept of somebody from their opt-out on, also where it could not be saved yet', async () => {
  await using database = testSqlite();
  let broken = false;
  await using store = await openChanged(
    database,
    failing(() => broken),
  );
  const recordNow = () => store.cached(GUILD);
  const own = lineMemoryOf({ id: ANA }, recordNow);
  const bens = lineMemoryOf({ id: BEN }, recordNow);
  const bensOfHers = lineMemoryOf({ id: BEN, speakerId: ANA }, recordNow);
  expect(own.allowed()).toBe(false); // nobody knows yet who has opted out
  await store.guild(GUILD);
  expect([own, bens, bensOfHers].map(memory => memory.allowed())).toEqual([true, true, true]);
  broken = true;
  await expect(store.saveOptOut(GUILD, ANA, true)).rejects.toMatchObject({ problem: 'full' });
  expect([own, bens, bensOfHers].map(memory => memory.allowed())).toEqual([false, true, false]);
  broken = false;
  await store.saveSettings(GUILD, { cache: false });
  expect(bens.allowed()).toBe(false);
});

test('a voice is somebody’s own from the moment on when it is kept', async () => {
  await using database = testSqlite();
  await using store = await database.open();
  const memory = lineMemoryOf({ id: ANA }, () => store.cached(GUILD));
  await store.guild(GUILD);
  expect(memory.isPrivate('mine')).toBe(false);
  const clone = {
    voiceId: 'mine',
    userId: ANA,
    name: 'mine',
    createdAt: 1,
    audioHash: '',
    statementVersion: 1,
  };
  await store.clones.save(GUILD, clone, { chosen: false });
  expect(memory.isPrivate('mine')).toBe(true);
});
