import { expect, test } from 'vitest';
import { Outages } from '../../src/speech/outages.ts';
import { fishRoom } from '../support/fish-room.ts';
import { until } from '../support/until.ts';

const QUICK = { timings: { probeMs: 100, slowProbeMs: 100, failingMs: 100 } };

test.each([
  { quietMs: 60_000, told: ['outage.begin', 'outage.over'] },
  { quietMs: 0, told: Array.from({ length: 3 }, () => ['outage.begin', 'outage.over']).flat() },
])('an outage that comes and goes is told as one pair in $quietMs ms', async ({ quietMs, told }) => {
  await using room = await fishRoom({}, QUICK);
  using outages = new Outages(room.fish.circuit, { quietMs });
  const keys: string[] = [];
  const meet = () => outages.met('a guild', ({ key }) => void keys.push(key));
  for (let outage = 0; outage < 3; outage += 1) {
    room.server.behaviour.upgrade = { status: 402, body: '' };
    room.server.dropIdleSockets();
    await until('the outage', () => room.fish.circuit.outage !== null);
    for (let line = 0; line < 5; line += 1) meet();
    delete room.server.behaviour.upgrade;
    await until('it is over', () => room.fish.circuit.outage === null && room.fish.status().spares > 0);
  }
  expect(keys).toEqual(told);
});

test('whoever met the failures on the way to an outage is told of it; whoever noticed nothing is not', async () => {
  await using room = await fishRoom({ fault: { kind: 'error', afterEvents: 0 } }, QUICK);
  using outages = new Outages(room.fish.circuit);
  const told: string[] = [];
  outages.met('long ago', () => told.push('long ago'));
  for (let line = 0; !room.fish.circuit.outage; line += 1) {
    await room.say({ text: `Line ${line}.` });
    if (line === 0) outages.met('first', ({ key }) => void told.push(`first ${key}`));
    await new Promise(resolve => setTimeout(resolve, 60));
  }
  expect(told).toEqual(['first outage.begin']);
});
