import { expect, test } from 'vitest';
import { numbers, parseShardPlan } from '../../src/shards/plan.ts';

test.each([
  ['auto', { kind: 'all', count: null }],
  ['1', { kind: 'all', count: 1 }],
  ['16', { kind: 'all', count: 16 }],
  ['0-3/16', { kind: 'range', first: 0, last: 3, count: 16 }],
  ['15-15/16', { kind: 'range', first: 15, last: 15, count: 16 }],
  ['shared', { kind: 'shared', count: null }],
  ['shared/16', { kind: 'shared', count: 16 }],
])('%s has a meaning', (text, plan) => {
  expect(parseShardPlan(text)).toEqual(plan);
});

test.each([
  '0',
  '-1',
  '1.5',
  '1e2',
  '99999',
  'all',
  'Auto',
  'auto/16',
  '0-3',
  '0-3/',
  '3/16',
  '4-3/16',
  '0-16/16',
  '0-0/0',
  '0 - 3/16',
  '0-3/16/2',
  'shared/',
  'shared/0',
  'shared/auto',
  'shared 16',
  'SHARED',
  '٣',
])('%s has none', text => {
  expect(parseShardPlan(text)).toBeNull();
});

test('numbers are counted with both ends', () => {
  expect(numbers(2, 4)).toEqual([2, 3, 4]);
  expect(numbers(7, 7)).toEqual([7]);
});
