import { afterEach, expect, test, vi } from 'vitest';
import { MARK_EVERY_MS, ReadMarks, type ReadMarksOptions } from '../../../src/discord/chat/read-marks.ts';
import type { ReadMark } from '../../../src/store/kept/kept-facts.ts';

afterEach(() => void vi.useRealTimers());

/** The marks of a process that is in voice channels of the guilds `here`, and what it has written of them. */
function scene(here: readonly string[], written: ReadMark[] = []) {
  vi.useFakeTimers();
  const kept: ReadMarksOptions['kept'] = {
    of: async ids => ids.flatMap(id => written.findLast(({ guildId }) => guildId === id) ?? []),
    remember: mark => void written.push(mark),
    forget: () => {},
  };
  const sessions = { get: (id: string) => (here.includes(id) ? ({} as never) : undefined) };
  return { marks: new ReadMarks({ kept, sessions }), written };
}

const message = (id: number, guildId = 'a') => ({ id: String(id), guildId });
const running = (newest: number, guildId = 'a') => ({ guildId, newest: String(newest), leftOpen: null });

test('a mark is written with the first message, then once a second, and only where the bot is in a voice channel', () => {
  const { marks, written } = scene(['a', 'b']);
  marks.arrived(message(100));
  expect(written).toEqual([running(100)]);
  for (const id of [102, 101]) marks.arrived(message(id)); // the ids count, and not the order in which they come
  marks.arrived(message(50, 'b'));
  marks.arrived(message(60, 'elsewhere'));
  expect(written.splice(0)).toEqual([running(100), running(50, 'b')]);
  vi.advanceTimersByTime(MARK_EVERY_MS);
  expect(written.splice(0)).toEqual([running(102)]);
  vi.advanceTimersByTime(MARK_EVERY_MS);
  marks.arrived(message(103));
  expect(written).toEqual([running(103)]);
});

test('what waits is left to the next process when the shard moves, and to nobody when it does not', () => {
  const { marks, written } = scene(['a', 'b']);
  for (const id of [1, 2, 3, 4]) marks.arrived(message(id));
  marks.decided(message(1));
  expect(marks.isLeft(message(2), 'restarting')).toBe(false);
  marks.moving(['a', 'elsewhere']);
  marks.decided(message(3)); // such as a line that began before
  marks.arrived(message(5));
  const reasons = ['restarting', 'not-here', 'skipped'] as const;
  expect(reasons.map(reason => marks.isLeft(message(5), reason))).toEqual([true, true, false]);
  expect(marks.isLeft(message(3), 'restarting')).toBe(false);
  written.splice(0);
  marks.gone(['a', 'b', 'elsewhere']);
  expect(written).toEqual([{ guildId: 'a', newest: '5', leftOpen: ['2', '4', '5'] }]);
  vi.advanceTimersByTime(MARK_EVERY_MS);
  expect(written).toHaveLength(1);
});

test('while it is found out what was left, the mark of the former process stays, and once is enough', async () => {
  const left = { guildId: 'a', newest: '7', leftOpen: ['6'] };
  const { marks, written } = scene(['a'], [left]);
  expect([marks.seeksHeritage('a'), marks.seeksHeritage('a'), marks.isSought('a')]).toEqual([
    true,
    false,
    true,
  ]);
  expect(await marks.heritage('a')).toEqual(left);
  marks.arrived(message(9));
  vi.advanceTimersByTime(MARK_EVERY_MS);
  expect(written).toEqual([left]);
  marks.settled('a', '8');
  expect([marks.isSought('a'), marks.seeksHeritage('a')]).toEqual([false, false]);
  expect(written.at(-1)).toEqual(running(9));
  marks.gone(['a']);
  expect(marks.seeksHeritage('a')).toBe(true); // it has come back from another process
  marks.moving(['a']);
  marks.gone(['a']);
  expect(written).toHaveLength(2);
});
