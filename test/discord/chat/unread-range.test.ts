import { expect, test } from 'vitest';
import { unreadRange } from '../../../src/discord/chat/unread-range.ts';

const NOW = Date.UTC(2026, 10, 28);
/** The id of what was written so many milliseconds before now. */
const idOf = (msAgo: number) => String(BigInt(NOW - msAgo - Date.UTC(2015, 0)) << 22n);
const [long, half, late] = [idOf(60_000), idOf(15_000), idOf(5_000)];
const alive = { wasKilled: false, now: NOW };
const killed = { wasKilled: true, now: NOW };

test('after a move it is what was left, and what is newer than the mark, but for what is older than 30 s', () => {
  const range = unreadRange({ guildId: '1', newest: half, leftOpen: [idOf(20_000), long] }, alive);
  expect(range?.after).toBe(BigInt(idOf(30_000)));
  const ids = [idOf(20_000), idOf(18_000), half, late];
  expect(ids.map(id => range?.holds(id))).toEqual([true, false, false, true]);
  expect(unreadRange({ guildId: '1', newest: late, leftOpen: [half] }, alive)?.after).toBe(BigInt(half) - 1n);
  expect(unreadRange({ guildId: '1', newest: half, leftOpen: [] }, alive)?.after).toBe(BigInt(half));
  expect(unreadRange({ guildId: '1', newest: '0', leftOpen: [] }, alive)?.after).toBe(BigInt(idOf(30_000)));
});

test('after a kill it is what the process cannot have said, and nothing where it may have gone on speaking', () => {
  const mark = { guildId: '1', newest: half, leftOpen: null };
  expect(unreadRange(mark, killed)?.after).toBe(BigInt(idOf(13_000)));
  expect(unreadRange({ ...mark, newest: long }, killed)?.after).toBe(BigInt(idOf(30_000)));
  expect(unreadRange(mark, alive)).toBeNull();
});
