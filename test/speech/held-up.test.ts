import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { lineOf } from '../support/lines.ts';
import { speechRoom } from '../support/speech-room.ts';
import { until } from '../support/until.ts';
import { useVoiceScene } from '../support/voice-scene.ts';

useVoiceScene();

// What people are told while the line whose turn has come waits for a Fish Audio that lets nobody in.

const TOO_MANY = { status: 429, body: '{"message":"Too Many Requests","status":429}' };
const PATIENCE_MS = 60_000;

type Room = Awaited<ReturnType<typeof speechRoom>>;
const keys = ({ notices }: Room) => notices.map(({ key }) => key);

test('a line that waits some seconds is said, and nobody is told, though that was an outage', async () => {
  const room = await speechRoom({ timings: { heldUpMs: 60_000 } });
  await room.session.settled();
  await until('a spare', () => room.fish.status().spares > 0);
  room.server.behaviour.upgrade = { ...TOO_MANY, times: 3 };
  room.server.dropIdleSockets();
  const line = lineOf('One line.');
  room.session.conversation.say(line);
  await until('the outage', () => room.fish.circuit.outage !== null, PATIENCE_MS);
  await until('it is said', () => line.outcomes.length > 0, PATIENCE_MS);
  expect(line.outcomes).toEqual([null]);
  expect(room.fish.circuit.outage).toBe(null);
  expect(keys(room)).toEqual([]);
});

test('a line that broke off and cannot go on: people are told while they hear nothing, and once when it is over', async () => {
  const room = await speechRoom({ fish: { packets: 100 }, timings: { heldUpMs: 2_000 } });
  const listener = await room.listen();
  await room.session.settled();
  await until('a spare', () => room.fish.status().spares === 1);
  // The line begins by the socket that is open already.
  Object.assign(room.server.behaviour, {
    fault: { kind: 'close', code: 1011, afterPackets: 30 },
    upgrade: TOO_MANY,
  });
  const line = lineOf('A long line that breaks off in the middle.');
  room.session.conversation.say(line);
  await until('people are told', () => room.notices.length > 0, PATIENCE_MS);
  expect(keys(room)).toEqual(['outage.begin']);
  expect(line.outcomes).toEqual([]);
  expect(room.texts()).toHaveLength(1);
  Object.assign(room.server.behaviour, { fault: undefined, upgrade: undefined });
  await until('it is said', () => line.outcomes.length > 0, PATIENCE_MS);
  expect(line.outcomes).toEqual([null]);
  expect(listener.speech().length).toBeGreaterThan(30);
  expect(keys(room)).toEqual(['outage.begin', 'outage.over']);
});

test('while nobody would hear the bot, its line does not wait for Fish Audio', async () => {
  const room = await speechRoom({ timings: { heldUpMs: 100 } });
  await room.session.settled();
  await until('a spare', () => room.fish.status().spares > 0);
  room.server.behaviour.upgrade = TOO_MANY;
  room.server.dropIdleSockets();
  const line = lineOf('One line.');
  room.session.conversation.say(line);
  room.hindrance = 'muted';
  room.session.hearingChanged();
  await until('the outage', () => room.fish.circuit.outage !== null, PATIENCE_MS);
  await sleep(2_500); // it is looked each second
  expect(keys(room)).toEqual([]);
  room.hindrance = null;
  room.session.hearingChanged();
  await until('people are told', () => room.notices.length > 0, PATIENCE_MS);
  expect(keys(room)).toEqual(['outage.begin']);
});
