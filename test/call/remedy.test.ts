import { expect, test } from 'vitest';
import { closeRemedy, rejoinRemedy } from '../../src/call/remedy.ts';

const still = () => 0.5; // no jitter

test('re-joins at once, then after 1, 2, 4 and 8 seconds, then never again', () => {
  const pauses = [0, 1, 2, 3, 4].map(attempt => rejoinRemedy(attempt, 'closed', still));
  expect(pauses).toEqual([0, 1_000, 2_000, 4_000, 8_000].map(pauseMs => ({ pauseMs })));
  expect(rejoinRemedy(5, 'udp', still)).toEqual({ end: 'udp' });
});

test('the pauses vary by a fifth, so that guilds do not re-join in step', () => {
  expect(rejoinRemedy(1, 'closed', () => 0)).toEqual({ pauseMs: 800 });
  expect(rejoinRemedy(1, 'closed', () => 1)).toEqual({ pauseMs: 1_200 });
});

test('codes that Discord calls final are final', () => {
  expect(closeRemedy(4017, 0)).toEqual({ end: 'outdated' });
  expect(closeRemedy(4021, 0)).toEqual({ end: 'limited' });
  expect(closeRemedy(4022, 0)).toEqual({ end: 'gone' });
});

test('after 4014 Discord has five seconds to say where the bot belongs', () => {
  expect(closeRemedy(4014, 0)).toEqual({ pauseMs: 5_000 });
});

test('other codes are re-joined', () => {
  for (const code of [4006, 4009, 4011, 4012, 4015, 1006, undefined])
    expect(closeRemedy(code, 0)).toHaveProperty('pauseMs');
});
