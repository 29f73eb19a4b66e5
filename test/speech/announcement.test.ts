import { expect, test } from 'vitest';
import { LastSpeaker } from '../../src/speech/last-speaker.ts';
import type { Line } from '../../src/speech/line.ts';
import { lineOf } from '../support/lines.ts';
import { type SpeechRoom, speechRoom } from '../support/speech-room.ts';
import { until } from '../support/until.ts';
import { useVoiceScene } from '../support/voice-scene.ts';

useVoiceScene();

const auto: Partial<Line> = { announce: 'auto', source: 'command' };

/** Says lines one after another, each heard before the next. */
async function hear(
  { session }: SpeechRoom,
  ...lines: [userId: string, text: string, parts?: Partial<Line>][]
) {
  for (const [userId, text, parts] of lines) {
    const line = lineOf(text, { userId, ...auto, ...parts });
    session.conversation.say(line);
    await until('it is heard', () => line.outcomes.length > 0);
    expect(line.outcomes).toEqual([null]);
  }
}

test('who speaks is said when the speaker changes, by command and in chat, unless the voice tells', async () => {
  const room = await speechRoom();
  await hear(
    room,
    ['ana', 'One.'],
    ['ana', 'Two.'],
    ['ben', 'Three.', { source: 'chat' }],
    ['ana', 'Four.'],
    ['cat', 'Five.', { telling: true }],
    ['ana', 'Six.'],
    ['ana', 'Seven.', { announce: 'always' }],
    ['ben', 'Eight.', { announce: 'never' }],
    ['ana', 'Neun.', { language: 'de' }],
  );
  expect(room.texts()).toEqual([
    'ana said: One.',
    'Two.',
    'ben said: Three.',
    'ana said: Four.',
    'Five.',
    'ana said: Six.',
    'ana said: Seven.',
    'Eight.',
    'ana sagt: Neun.',
  ]);
  expect(room.counted()).toBe(room.sent());
});

test('who comes has not heard who speaks, and is told; who goes changes nothing', async () => {
  const room = await speechRoom();
  await hear(room, ['ana', 'One.'], ['ana', 'Two.']);
  room.people = 2;
  room.session.companyChanged();
  await hear(room, ['ana', 'Three.'], ['ana', 'Four.']);
  room.people = 1;
  room.session.companyChanged();
  await hear(room, ['ana', 'Five.']);
  room.session.move('900000000000000002');
  await hear(room, ['ana', 'Six.'], ['ana', 'Seven.']);
  expect(room.texts()).toEqual([
    'ana said: One.',
    'Two.',
    'ana said: Three.',
    'Four.',
    'Five.',
    'ana said: Six.',
    'Seven.',
  ]);
});

test('who comes in the middle of a line has not heard its beginning either; nothing is paid for twice', async () => {
  const room = await speechRoom({ fish: { packets: 40 } });
  const lines = ['One.', 'Two.', 'Three.', 'Four.'].map(text => lineOf(text, auto));
  for (const line of lines.slice(0, 2)) room.session.conversation.say(line);
  await until('the second is ready', () => room.texts().length === 2);
  expect(room.session.conversation.lines.current?.text).toBe('One.');
  room.people = 2;
  room.session.companyChanged();
  for (const line of lines.slice(2)) room.session.conversation.say(line);
  await until('all are heard', () => lines.every(({ outcomes }) => outcomes.length > 0));
  expect(room.texts()).toEqual(['ana said: One.', 'Two.', 'ana said: Three.', 'Four.']);
});

test('a line that was cut off at once has not told who speaks: the next does, though it was ready without', async () => {
  const room = await speechRoom({ fish: { packets: 60 } });
  const lines = ['One.', 'Two.'].map(text => lineOf(text, auto));
  for (const line of lines) room.session.conversation.say(line);
  await until('the second is ready', () => room.texts().length === 2 && room.server.openSessions === 0);
  room.session.conversation.skip();
  await until('it is over', () => lines[1]?.outcomes.length === 1);
  expect(lines.map(({ outcomes }) => outcomes)).toEqual([['skipped'], [null]]);
  expect(room.texts()).toEqual(['ana said: One.', 'Two.', 'ana said: Two.']);
  expect(room.counted()).toBe(room.sent());
});

test('after two minutes of silence nobody remembers who spoke', () => {
  let now = 1_000;
  const last = new LastSpeaker(() => now);
  expect(last.known).toBeNull();
  last.heard('ana');
  now += 119_999;
  expect(last.known).toBe('ana');
  now += 1;
  expect(last.known).toBeNull();
  last.heard('ana');
  const begun = now;
  now += 1;
  last.newcomer();
  expect([last.known, last.allHereSince(begun), last.allHereSince(now + 1)]).toEqual([null, false, true]);
});
