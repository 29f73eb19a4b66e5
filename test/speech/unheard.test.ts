import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { EARSHOT_MS } from '../../src/speech/earshot.ts';
import { LiveWords } from '../../src/speech/live-words.ts';
import type { Session } from '../../src/speech/session.ts';
import { lineOf, type TestLine } from '../support/lines.ts';
import { type SpeechRoom, speechRoom } from '../support/speech-room.ts';
import { until } from '../support/until.ts';
import { BOT, GUILD, useVoiceScene } from '../support/voice-scene.ts';

useVoiceScene();
EARSHOT_MS.paused = 0;

/** For what must not happen: long beside the milliseconds in which it would. */
const A_WHILE_MS = 300;

interface Way {
  readonly name: string;
  readonly begin: (room: SpeechRoom, session?: Session) => void | Promise<void>;
  readonly end: (room: SpeechRoom, session?: Session) => void;
}

/** Why nobody would hear the bot, and how that begins and ends. */
const MUTED: Way = {
  name: 'muted',
  begin(room, session = room.session) {
    room.hindrance = 'muted';
    session.hearingChanged();
  },
  end(room, session = room.session) {
    room.hindrance = null;
    session.hearingChanged();
  },
};
const PAUSED: Way = {
  name: 'paused',
  async begin(room, session = room.session) {
    session.pause();
    await sleep(A_WHILE_MS); // until it has been paused for long
  },
  end: (room, session = room.session) => session.resume(),
};
const ALONE: Way = {
  name: 'alone',
  begin(room, session = room.session) {
    room.people = 0;
    session.companyChanged();
  },
  end(room, session = room.session) {
    room.people = 1;
    session.companyChanged();
  },
};

const isOver = ({ outcomes }: TestLine) => outcomes.length > 0;

/** A line that is said while it is written. */
function liveLine(): { line: TestLine; words: LiveWords } {
  const words = new LiveWords(() => {});
  return { line: lineOf('', { live: words, source: 'command' }), words };
}

test.each([MUTED, PAUSED])(
  'an answer that is being said is sent no further while the bot is $name, holds no slot, and goes on at the next sentence',
  async ({ begin, end }) => {
    const room = await speechRoom({ fish: { packets: 20 } });
    const { line, words } = liveLine();
    room.session.conversation.say(line);
    words.say('The first sentence.', true);
    await until('it is said', () => room.server.sessions[0]?.firstAudioAt !== undefined);
    await begin(room);
    words.say('The second sentence.', true);
    words.say('The third sentence.', true);
    await until('its session has ended', () => room.server.sessions[0]?.ended === 'finish');
    await until('its slot is free', () => room.fish.status().inFlight === 0);
    await sleep(A_WHILE_MS);
    expect(room.texts()).toEqual(['The first sentence.']);
    expect(line.outcomes).toEqual([]);
    end(room);
    words.end(new UserError('nothing-to-say'));
    await until('it is over', () => isOver(line));
    expect(room.texts().join('')).toBe('The first sentence. The second sentence. The third sentence.');
    expect(room.counted()).toBe(room.sent());
    expect(line.outcomes).toEqual([null]);
  },
);

test('an answer whose last sentence was sent before the bot was muted ends when it is heard, with no session for nothing', async () => {
  const room = await speechRoom({ fish: { packets: 20 } });
  const { line, words } = liveLine();
  room.session.conversation.say(line);
  words.say('All there is.', true);
  await until('it is said', () => room.server.sessions[0]?.firstAudioAt !== undefined);
  await MUTED.begin(room);
  await until('its session has ended', () => room.server.sessions[0]?.ended === 'finish');
  words.end(new UserError('nothing-to-say'));
  MUTED.end(room);
  await until('it is over', () => isOver(line));
  expect([line.outcomes, line.failures]).toEqual([[null], []]);
  expect(room.texts()).toEqual(['All there is.']);
});

test.each([
  ['is in the channel', undefined],
  ['is in the channel but bots that come and go', 100],
])('an answer that is being said is sent no further while nobody %s', async (_, everyMs) => {
  const room = await speechRoom({ fish: { packets: 20 } });
  const { line, words } = liveLine();
  room.session.conversation.say(line);
  words.say('The first sentence.', true);
  await until('it is said', () => room.server.sessions[0]?.firstAudioAt !== undefined);
  await ALONE.begin(room);
  const bots = everyMs && setInterval(() => room.session.companyChanged(), everyMs);
  words.say('The second sentence.', true);
  try {
    await until(
      'it is let go',
      () => isOver(line) || room.session.conversation.lines.current === null,
      10_000,
    );
  } finally {
    clearInterval(bots);
  }
  words.end(new UserError('nothing-to-say'));
  await sleep(A_WHILE_MS);
  expect(room.sent()).toBe('The first sentence.'.length);
});

test.each([MUTED, PAUSED, ALONE])(
  'a line that waits for its turn at Fish Audio is not sent when that comes while the bot is $name',
  async ({ begin, end }) => {
    const room = await speechRoom({ fish: { packets: 50, maxConcurrency: 1 } });
    await until('the limit is known', () => room.fish.status().limit === 1);
    const slot = await room.fish.room.slots.acquire('another guild', new AbortController().signal);
    const line = lineOf('waits for its turn');
    room.session.conversation.say(line);
    await until('it waits', () => room.fish.status().waiting === 1);
    await begin(room);
    slot.release();
    await sleep(A_WHILE_MS);
    expect(room.texts()).toEqual([]);
    expect(room.fish.status()).toMatchObject({ inFlight: 0, waiting: 0 });
    end(room);
    await until('it is said', () => isOver(line));
    expect(room.texts()).toEqual(['waits for its turn']);
  },
);

test('what waits while the bot is paused is not sent, the line after the one being heard neither', async () => {
  const room = await speechRoom({ fish: { packets: 50 } });
  const lines = ['ana', 'ben', 'cat'].map(userId => lineOf(`said by ${userId}`, { userId }));
  await PAUSED.begin(room);
  for (const line of lines) room.session.conversation.say(line);
  await sleep(A_WHILE_MS);
  expect(room.texts()).toEqual([]);
  PAUSED.end(room);
  await until('all are said', () => lines.every(isOver));
  expect(room.texts()).toEqual(lines.map(({ text }) => text));
});

test.each([MUTED, PAUSED])(
  'a line that broke off at Fish Audio is not sent once more while the bot is $name',
  async ({ begin, end }) => {
    const room = await speechRoom({
      fish: { packets: 100, realtimeFactor: 0.5, fault: { kind: 'close', code: 1011, afterEvents: 5 } },
    });
    room.server.behaviour.faultTimes = 1;
    room.server.behaviour.packetsPerEvent = 10;
    const line = lineOf('Broken off in the middle.');
    room.session.conversation.say(line);
    await until('it is said', () => room.server.sessions[0]?.firstAudioAt !== undefined);
    await begin(room);
    await until('it breaks off', () => room.server.sessions[0]?.ended === 'server-closed');
    await sleep(A_WHILE_MS);
    expect(room.texts()).toHaveLength(1);
    end(room);
    await until('it is said', () => isOver(line));
    expect(line.outcomes).toEqual([null]);
    expect(room.texts()).toHaveLength(2);
  },
);

test('a restart does not wait for a line that nobody hears because the connection is lost', async () => {
  const { connecting } = EARSHOT_MS;
  EARSHOT_MS.connecting = A_WHILE_MS;
  try {
    const room = await speechRoom({ fish: { packets: 1_000 } });
    const listener = await room.listen();
    const line = lineOf('twenty seconds', { source: 'command' });
    room.session.conversation.say(line);
    await until('it is heard', () => listener.speech().length > 0);
    room.voice.faults.noHello = true; // no connection comes about any more
    room.voice.evict(GUILD, BOT);
    await until('it is lost', () => room.session.status().state !== 'audible');
    await sleep(3 * A_WHILE_MS);
    const from = performance.now();
    await room.session.drain(60_000);
    expect(performance.now() - from).toBeLessThan(10_000);
    expect(line.outcomes).toEqual(['restarting']);
  } finally {
    EARSHOT_MS.connecting = connecting;
  }
});
