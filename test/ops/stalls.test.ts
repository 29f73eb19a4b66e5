import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { watchStalls } from '../../src/ops/stalls.ts';
import { until } from '../support/until.ts';

interface Warning {
  readonly msg: string;
  readonly ms: number;
  readonly times: number;
}

function block(ms: number): void {
  for (const from = performance.now(); performance.now() - from < ms; );
}

function watched(warnEachMs: number) {
  const warnings: Warning[] = [];
  const log = pino({ level: 'warn' }, { write: line => void warnings.push(JSON.parse(line) as Warning) });
  return { warnings, watch: watchStalls(log, { warnEachMs }) };
}

test('a loop that stood still is told with how long, and not again within the time for that', async () => {
  const { warnings, watch } = watched(600_000);
  using _ = watch;
  await sleep(100);
  block(600);
  await until('it is told', () => warnings.length > 0);
  expect(warnings[0]?.msg).toMatch(/event loop stood still/);
  expect(warnings[0]?.ms).toBeGreaterThanOrEqual(500);
  await sleep(100);
  block(600);
  await sleep(1_500);
  expect(warnings).toHaveLength(1);
});

test('no stall is missed, whenever it comes', async () => {
  const { warnings, watch } = watched(0);
  using _ = watch;
  for (let number = 1; number <= 8; number += 1) {
    await sleep(95 + 13 * number);
    block(300);
    await until(`stall ${number} is told`, () => warnings.length >= number);
  }
});

test('what came meanwhile is told later, once, with the longest of it', async () => {
  const { warnings, watch } = watched(4_000);
  using _ = watch;
  await sleep(100);
  block(400);
  await until('the first is told', () => warnings.length === 1);
  await sleep(100);
  block(900);
  await sleep(1_200);
  block(400);
  await until('the others are told', () => warnings.length === 2);
  expect(warnings[1]?.ms).toBeGreaterThanOrEqual(800);
  expect(warnings[1]?.times).toBeGreaterThanOrEqual(2);
});
