import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { beforeEachPart } from '../../src/walls.ts';
import { fishRoom } from '../support/fish-room.ts';
import { until } from '../support/until.ts';

afterEach(() => beforeEachPart(() => {}));

test('each part of the line to Fish that runs by itself throws once: it costs at most one line, and no more', async () => {
  const thrown = new Set<string>();
  let armed = false;
  beforeEachPart(what => {
    if (!armed || !what.startsWith('fish ') || thrown.has(what)) return;
    thrown.add(what);
    throw new Error(`${what} was made to throw`);
  });
  await using room = await fishRoom(
    { afterFinish: 'keep', eventMs: 5 },
    {
      timings: {
        quietMs: 20,
        pingMs: 30,
        idleMaxAgeMs: 300,
        toldLimitMs: 100,
        guessedLimitMs: 100,
        failingMs: 5_000,
        firstAudioMs: 1_000,
      },
    },
  );
  const { server, fish, log } = room;
  await until('a spare', () => fish.status().spares > 0);
  armed = true;
  let failed = 0;
  for (let line = 0; line < 12; line += 1) {
    const { error } = await room.say({ text: `Line ${line}.` });
    if (error) failed += 1;
    await sleep(60);
    if (line === 6) server.dropIdleSockets();
    if (line === 8) fish.answered({ limit: 3 });
  }
  // One that stalls makes its watchdog bark; the first time it barks in vain.
  server.behaviour.fault = { kind: 'stall', afterEvents: 0 };
  server.behaviour.faultTimes = 1;
  await room.say({ text: 'This one stalls.' });
  await until('sockets have grown old', () => thrown.has('fish idle socket'));
  for (const part of [
    'fish frame',
    'fish pong',
    'fish ping',
    'fish pool',
    'fish idle socket',
    'fish socket closed',
    'fish watchdog',
  ])
    expect([...thrown]).toContain(part);
  for (const part of thrown) expect(log.some(line => line.includes(`"fault":"${part}"`))).toBe(true);
  expect(failed).toBeLessThanOrEqual(1);
  expect((await room.say({ text: 'All is well.' })).error).toBeUndefined();
  await until('nothing is held', () => fish.status().inFlight === 0 && fish.status().waiting === 0);
});
