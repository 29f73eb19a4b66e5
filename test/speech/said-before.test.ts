import { expect, test } from 'vitest';
import type { LineMemory } from '../../src/speech/cache.ts';
import { clipOf } from '../../src/speech/clip.ts';
import { lineOf } from '../support/lines.ts';
import { type SpeechRoom, speechRoom } from '../support/speech-room.ts';
import { until } from '../support/until.ts';
import { useVoiceScene } from '../support/voice-scene.ts';

useVoiceScene();

const MEMORY: LineMemory = {
  people: ['ana'],
  speakerId: 'ana',
  isPrivate: () => false,
  allowed: () => true,
};

/** Has the words said, to their end. */
async function say(room: SpeechRoom, text: string, session = room.session): Promise<void> {
  const line = lineOf(text, { memory: MEMORY, source: 'command' });
  session.conversation.say(line);
  await until('it is over', () => line.outcomes.length > 0);
  expect([line.outcomes, line.failures]).toEqual([[null], []]);
}

test('said again: the packets of the first time, no session, nothing spent, and it is in the ledger', async () => {
  const room = await speechRoom({ fish: { packets: 10 } });
  const listener = await room.listen();
  for (const _ of [1, 2, 3]) await say(room, 'lol');
  expect(room.texts().map(text => text.trim())).toEqual(['lol']);
  await until('all is heard', () => listener.speech().length >= 30);
  const first = room.server.sessions[0]?.packets ?? [];
  expect(listener.speech()).toEqual([...first, ...first, ...first]);
  expect(room.counted()).toBe(room.sent());
  const cached = room.ledger.flatMap(entry => entry.cached ?? []);
  expect(cached).toEqual([
    { lines: 1, bytes: 3 },
    { lines: 1, bytes: 3 },
  ]);
  expect(room.tally.lines.get('said')).toBe(3);
  // Each server has a memory of its own.
  const other = room.open('800000000000000002');
  await room.listen('800000000000000002');
  await say(room, 'lol', other);
  expect(room.texts()).toHaveLength(2);
});

test('a rendition with a seam is not kept, and neither is a damaged one', async () => {
  const room = await speechRoom({ fish: { packets: 10 } });
  await room.listen();
  room.server.behaviour.fault = { kind: 'no-audio' };
  room.server.behaviour.faultTimes = 1;
  await say(room, 'It needs two tries.');
  expect(room.texts()).toHaveLength(2);
  await say(room, 'It needs two tries.'); // the first that is kept
  expect(room.texts()).toHaveLength(3);
  await say(room, 'It needs two tries.');
  expect(room.texts()).toHaveLength(3);
});

test('a line from memory is held where nobody would hear it, and counts for the person’s minute', async () => {
  const room = await speechRoom({ fish: { packets: 10 } });
  await room.listen();
  await say(room, 'brb');
  room.hindrance = 'muted';
  room.session.hearingChanged();
  const caps = { messageBytes: 1_000, personBytesPerMinute: 9, serverBytesPerDay: 1e9 };
  const line = lineOf('brb', { memory: MEMORY, source: 'command', caps });
  room.session.conversation.say(line);
  expect(() =>
    room.session.conversation.say(lineOf('brbs', { memory: MEMORY, source: 'command', caps })),
  ).toThrow('cap.person');
  expect(line.outcomes).toEqual([]);
  room.hindrance = null;
  room.session.hearingChanged();
  await until('it is over', () => line.outcomes.length > 0);
  expect(room.texts()).toHaveLength(1);
});

test('a file is always said anew, and is not kept', async () => {
  const room = await speechRoom({ fish: { packets: 10 } });
  await room.listen();
  await say(room, 'gg');
  const { fish, budget, voiceHealth, tally, cache, session } = room;
  const means = { guildId: session.guildId, fish, budget, voiceHealth, tally, cache, log: fish.room.log };
  for (const text of ['gg', 'wp'])
    await clipOf(lineOf(text, { memory: MEMORY }), means, AbortSignal.timeout(30_000));
  expect(room.texts().map(text => text.trim())).toEqual(['gg', 'gg', 'wp']);
  expect([cache.hits, cache.figures.renditions]).toEqual([0, 1]);
});
