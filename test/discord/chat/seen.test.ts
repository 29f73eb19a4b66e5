import { expect, test } from 'vitest';
import { SeenMessages } from '../../../src/discord/chat/seen.ts';

test('row 9: a message is first once, in each server, whatever the others do', () => {
  const seen = new SeenMessages();
  expect([seen.isFirst('1', 'a'), seen.isFirst('1', 'a'), seen.isFirst('2', 'a')]).toEqual([
    true,
    false,
    true,
  ]);
  for (let i = 0; i < 50_000; i += 1) seen.isFirst('2', `flood ${i}`);
  expect(seen.isFirst('1', 'a')).toBe(false);
  expect(seen.size).toBeLessThanOrEqual(2_001);
});

test('what was told of long ago is forgotten, of silent servers too', () => {
  let now = 0;
  const seen = new SeenMessages(() => now);
  for (let guild = 0; guild < 10; guild += 1) seen.isFirst(`${guild}`, 'a');
  now += 5 * 60_000;
  seen.isFirst('0', 'b');
  now += 6 * 60_000;
  seen.isFirst('10', 'c');
  expect(seen.size).toBe(2);
  expect(seen.isFirst('1', 'a')).toBe(true);
});
