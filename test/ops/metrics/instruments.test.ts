import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { addFigures } from '../../../src/ops/metrics/instruments.ts';

test('a value that is not known now is left out, and is no zero', async () => {
  const registry = new Registry();
  let pingMs: number | null = null;
  const gauge = { name: 'ping', help: 'Round trip', kind: 'gauge', read: () => pingMs } as const;
  addFigures(registry, [gauge]);
  const samples = async () => (await registry.metrics()).match(/^ping .*$/gm);
  expect(await samples()).toBeNull();
  pingMs = 42;
  expect(await samples()).toEqual(['ping 42']);
  pingMs = null;
  expect(await samples()).toBeNull();
});
