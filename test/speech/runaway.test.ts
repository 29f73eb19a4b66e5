import { expect, test } from 'vitest';
import { synthesise } from '../../src/speech/synthesis.ts';
import { fishRoom } from '../support/fish-room.ts';
import { until } from '../support/until.ts';

const PACKETS_PER_SECOND = 50;

test('two words with three minutes of sound are cut off, and Fish is left', async () => {
  await using room = await fishRoom({
    voice: 'numbered',
    packets: 180 * PACKETS_PER_SECOND,
    packetsPerEvent: 100,
  });
  let heard = 0;
  const options = { signal: AbortSignal.timeout(15_000), log: room.fish.room.log };
  for await (const packet of synthesise(room.fish, { lane: 'a guild', text: 'Hello there.' }, options))
    heard += Math.sign(packet.length);
  expect(heard).toBeGreaterThan(8 * PACKETS_PER_SECOND);
  expect(heard).toBeLessThan(20 * PACKETS_PER_SECOND);
  await until('the session is gone', () => room.server.openSessions === 0);
  await until('its slot is free', () => room.fish.status().inFlight === 0);
});

test('a long number takes long to say, and is said whole', async () => {
  await using room = await fishRoom({ voice: 'numbered', packets: 12 * PACKETS_PER_SECOND });
  let heard = 0;
  const options = { signal: AbortSignal.timeout(15_000), log: room.fish.room.log };
  for await (const packet of synthesise(room.fish, { lane: 'a guild', text: '8,888,888,888,888' }, options))
    heard += Math.sign(packet.length);
  expect(heard).toBe(12 * PACKETS_PER_SECOND);
});
