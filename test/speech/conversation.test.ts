import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { withIds } from '../../src/speech/part-filters.ts';
import { Unsaid } from '../../src/speech/reasons.ts';
import { lineOf, type TestLine } from '../support/lines.ts';
import { speechRoom } from '../support/speech-room.ts';
import { until } from '../support/until.ts';
import { useVoiceScene } from '../support/voice-scene.ts';

useVoiceScene();

const outcomesOf = (lines: readonly TestLine[]) => lines.map(({ outcomes }) => outcomes);
const allOver = (lines: readonly TestLine[]) => until('all are over', () => lines.every(isOver));
const isOver = ({ outcomes }: TestLine) => outcomes.length > 0;

function refusal(act: () => unknown) {
  try {
    act();
    return null;
  } catch (error) {
    if (error instanceof Unsaid) return { reason: error.reason, key: error.key };
    throw error;
  }
}

test('as it was written, bursts in one breath, priority first', async () => {
  const { session, ...room } = await speechRoom({ fish: { packets: 30 } });
  const said = (text: string, userId: string, priority = false) => {
    const line = lineOf(text, { userId, priority });
    session.conversation.say(line);
    return line;
  };
  const lines = [
    said('first', 'ana'),
    said('ready', 'ana'),
    said('one', 'ana'),
    said('two', 'ana'),
    said('hello', 'ben'),
    said('boss', 'cat', true),
    said('hello', 'ben'),
  ];
  expect(session.conversation.stop(['dan'])).toBe(0);
  await allOver(lines);
  expect(outcomesOf(lines)).toEqual(lines.map(() => [null]));
  expect(room.texts()).toEqual(['first', 'boss', 'ready. one. two', 'hello', 'hello']);
});

test('a line that has to wait holds those after it, and nothing is paid for; dropped, it holds nobody', async () => {
  const { session, server, texts } = await speechRoom({ fish: { packets: 10 } });
  const notBefore = performance.now() + 600_000;
  const waits = lineOf('waits', { messageId: '1', notBefore });
  const lines = [lineOf('first', { userId: 'ben' }), waits, lineOf('after', { userId: 'ben' })];
  for (const line of lines) session.conversation.say(line);
  await until('the first is heard', () => isOver(lines[0] as TestLine));
  expect(server.sessions.length).toBe(1);
  expect(session.conversation.lines.waiting.map(({ text }) => text)).toEqual(['waits', 'after']);
  session.conversation.drop('proxied', withIds(new Set(['1'])));
  await allOver(lines);
  expect(outcomesOf(lines)).toEqual([[null], ['proxied'], [null]]);
  expect(texts()).toEqual(['first', 'after']);

  const soon = lineOf('soon', { notBefore: performance.now() + 50 });
  session.conversation.say(soon);
  await allOver([soon]);
  expect(texts()).toEqual(['first', 'after', 'soon']);
});

test('speech gets faster while many wait', async () => {
  const { session, server } = await speechRoom();
  const lines = Array.from({ length: 8 }, (_, i) => lineOf(`line ${i}`, { userId: `user${i}` }));
  for (const line of lines) session.conversation.say(line);
  await allOver(lines);
  const speeds = server.sessions.map(
    ({ request }) => (request['prosody'] as { speed: number } | undefined)?.speed ?? 1,
  );
  expect(speeds.slice(1)).toEqual([1.3, 1.2, 1.1, 1, 1, 1, 1]);
});

test('without listeners nothing is begun or paid for; when they are back it goes on, each line once', async () => {
  const room = await speechRoom({ fish: { packets: 20 } });
  const { session } = room;
  const lines = Array.from({ length: 4 }, (_, i) => lineOf(`line ${i}`, { userId: `user${i}` }));
  for (const line of lines) session.conversation.say(line);
  await until('it speaks', () => room.texts().length > 0);
  room.people = 0;
  session.companyChanged();
  await until('the line is over', () => session.conversation.lines.current === null);
  const paid = room.texts().length;
  expect(paid).toBeLessThanOrEqual(2); // the line being heard, and perhaps the one after it
  const late = lineOf('late', { userId: 'late' });
  session.conversation.say(late);
  await sleep(300);
  expect(room.texts()).toHaveLength(paid);
  room.people = 1;
  session.companyChanged();
  await allOver([...lines, late]);
  expect(room.texts()).toEqual([...lines, late].map(({ text }) => text));
  expect(outcomesOf([...lines, late])).toEqual([[null], [null], [null], [null], [null]]);
});

test('at the cap of the day a command is told each time, the server once', async () => {
  const { session, notices, ...room } = await speechRoom();
  const caps = { messageBytes: 1_000, personBytesPerMinute: 1e9, serverBytesPerDay: 20 };
  const heard = lineOf('0123456789', { caps });
  session.conversation.say(heard);
  await allOver([heard]);
  const attempts = (['command', 'chat', 'command', 'chat'] as const).map((source, i) =>
    refusal(() => session.conversation.say(lineOf(`and more of it ${i}`, { caps, source }))),
  );
  expect(attempts).toEqual(attempts.map(() => ({ reason: 'server-cap', key: 'cap.server' })));
  expect(attempts).toHaveLength(4);
  expect(notices).toMatchObject([{ key: 'cap.server', params: { bytes: 20 } }]);
  expect(room.sent()).toBe(10);
});

test('lines that wait together never pass the cap together: announcements and second tries count', async () => {
  const { session, server, notices, ...room } = await speechRoom({ fish: { packets: 20 } });
  const caps = { messageBytes: 1_000, personBytesPerMinute: 1e9, serverBytesPerDay: 50 };
  server.behaviour.fault = { kind: 'no-audio' };
  server.behaviour.faultTimes = 1;
  const lines = ['ana', 'ben', 'cat'].map(userId =>
    lineOf('0123456789', { userId, caps, announce: 'auto', source: 'command' }),
  );
  for (const line of lines) session.conversation.say(line);
  await allOver(lines);
  // "ana said: 0123456789" is 20 bytes, and was sent twice.
  expect(room.sent()).toBe(40);
  expect(room.counted()).toBe(40);
  expect(outcomesOf(lines)).toEqual([[null], ['server-cap'], ['server-cap']]);
  expect(lines.map(({ failures }) => failures.map(({ key }) => key))).toEqual([
    [],
    ['cap.server'],
    ['cap.server'],
  ]);
  expect(notices).toEqual([]);
});

test('a second try that would pass the cap is not made', async () => {
  const { session, server, ...room } = await speechRoom();
  const caps = { messageBytes: 1_000, personBytesPerMinute: 1e9, serverBytesPerDay: 15 };
  server.behaviour.fault = { kind: 'no-audio' };
  const line = lineOf('0123456789', { caps });
  session.conversation.say(line);
  await allOver([line]);
  expect(line.outcomes).toEqual(['server-cap']);
  expect([room.sent(), room.counted()]).toEqual([10, 10]);
});

test('what costs nothing is never stopped by the budget', async () => {
  const room = await speechRoom({ budget: { dailyUsd: 0, usdPerMillionBytes: 0 } });
  const line = lineOf('free');
  room.session.conversation.say(line);
  await allOver([line]);
  expect(line.outcomes).toEqual([null]);
  expect(room.counted()).toBe(4);
});

test('a restart: the line being heard ends, who waits is told so, and no more is taken', async () => {
  const { session, ...room } = await speechRoom({ fish: { packets: 30 } });
  const lines = ['one', 'two', 'three'].map(text => lineOf(text, { source: 'command' }));
  for (const line of lines) session.conversation.say(line);
  await until('it speaks', () => room.texts().length > 0);
  const drained = session.drain(8_000);
  expect(refusal(() => session.conversation.say(lineOf('late')))?.reason).toBe('restarting');
  await drained;
  expect(outcomesOf(lines)).toEqual([[null], ['restarting'], ['restarting']]);
  expect(lines.map(({ failures }) => failures.map(({ key }) => key))).toEqual([
    [],
    ['restarting'],
    ['restarting'],
  ]);
});

test('a restart waits for a long line only so long, and for none that is paused', async () => {
  const room = await speechRoom({ fish: { packets: 1_000 } });
  const paused = room.open('800000000000000002');
  paused.pause();
  const lines = [lineOf('long', { source: 'command' }), lineOf('paused', { source: 'command' })];
  for (const [index, session] of [room.session, paused].entries())
    session.conversation.say(lines[index] ?? lineOf(''));
  await until('both are synthesised', () => lines.every(({ text }) => room.texts().includes(text)));
  const from = performance.now();
  await Promise.all([room.session.drain(500), paused.drain(60_000)]);
  expect(performance.now() - from).toBeLessThan(10_000);
  expect(outcomesOf(lines)).toEqual([['restarting'], ['restarting']]);
  expect(lines.map(({ failures }) => failures.length)).toEqual([1, 1]);
});

test('left alone for long enough, it leaves, and what waited has its reason', async () => {
  const room = await speechRoom({ leaveAfterMs: 100 });
  room.people = 0;
  const line = lineOf('nobody hears this', { source: 'command' });
  room.session.conversation.say(line);
  room.session.companyChanged();
  await room.session.ended;
  expect(line.outcomes).toEqual(['left']);
  expect(line.failures).toEqual([]);
  expect(room.texts()).toEqual([]);
  expect(refusal(() => room.session.conversation.say(lineOf('late')))?.reason).toBe('not-here');
});

test('nothing is heard of what is silenced in a pause, though the pause ends at the same moment', async () => {
  const { session, ...room } = await speechRoom({
    fish: { packets: 40, packetsPerEvent: 20, eventMs: 2_000 },
  });
  const listener = await room.listen();
  await session.settled();
  session.pause();
  const [silenced, next] = [lineOf('silenced'), lineOf('next')];
  session.conversation.say(silenced);
  await until('its beginning is there', () => (room.server.sessions.at(0)?.packets.length ?? 0) > 0);
  await sleep(200); // by then the bot has it
  session.conversation.skip();
  session.resume();
  session.conversation.say(next);
  await allOver([silenced, next]);
  const packets = room.server.sessions.find(({ text }) => text.includes('next'))?.packets ?? [];
  await until('it is heard', () => listener.speech().length >= packets.length);
  expect(listener.speech().map(String)).toEqual(packets.map(String));
});
