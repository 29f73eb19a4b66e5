import { expect, test } from 'vitest';
import type { FishTimings } from '../../src/fish/timings.ts';
import { clipOf } from '../../src/speech/clip.ts';
import type { FishFault } from '../sandbox/fish/fish.ts';
import { lineOf } from '../support/lines.ts';
import { speechRoom } from '../support/speech-room.ts';
import { until } from '../support/until.ts';
import { useVoiceScene } from '../support/voice-scene.ts';

useVoiceScene();

const MANNER = lineOf('').manner;
const TIMEOUT_MS = 30_000;

async function room(timings: Partial<FishTimings> = {}) {
  const speech = await speechRoom({ fish: { packets: 10, strictVoices: true }, timings });
  const [own = '', servers = ''] = speech.server.library.voices.map(({ _id }) => _id);
  const goneFor: string[] = [];
  const line = (text: string, voice = own, instead: (string | undefined)[] = [servers, undefined]) =>
    lineOf(text, {
      manner: { ...MANNER, voice, instead },
      onVoiceGone: ({ voice }) => void goneFor.push(voice),
    });
  const asked = () => speech.server.sessions.map(({ request }) => request['reference_id'] ?? undefined);
  return { speech, own, servers, goneFor, line, asked };
}

test('a voice that Fish no longer knows: the line is said in the server’s, whole, and each byte is counted', async () => {
  const { speech, own, servers, goneFor, line, asked } = await room();
  const listener = await speech.listen();
  const before = line('In my own voice.');
  speech.session.conversation.say(before);
  await until('it is heard', () => before.outcomes.length > 0);
  speech.server.library.remove(own);
  const first = line('My voice is gone.');
  speech.session.conversation.say(first);
  await until('it is heard', () => first.outcomes.length > 0);
  const second = line('I know by now.');
  speech.session.conversation.say(second);
  await until('it is heard', () => second.outcomes.length > 0);
  expect([before, first, second].flatMap(({ outcomes }) => outcomes)).toEqual([null, null, null]);
  expect([before, first, second].flatMap(({ failures }) => failures)).toEqual([]);
  expect(asked()).toEqual([own, own, servers, servers]);
  expect(goneFor).toEqual([own, own]);
  expect([own, servers].map(id => speech.voiceHealth.failureOf(id))).toEqual(['gone', undefined]);
  await until('all is heard', () => listener.speech().length >= 30);
  expect(listener.speech()).toHaveLength(30);
  expect(speech.counted()).toBe(speech.sent());
});

test('the server’s voice is gone as well: Fish’s own says it', async () => {
  const { speech, own, servers, line, asked } = await room();
  speech.server.library.remove(own);
  speech.server.library.remove(servers);
  const both = line('Nobody is left.');
  speech.session.conversation.say(both);
  await until('it is heard', () => both.outcomes.length > 0);
  expect(both.outcomes).toEqual([null]);
  expect(asked()).toEqual([own, servers, undefined]);
  expect([own, servers].map(id => speech.voiceHealth.failureOf(id))).toEqual(['unknown', 'unknown']);
  expect(speech.counted()).toBe(speech.sent());
});

test('where nothing may stand in its place, it is said in words that there is no such voice', async () => {
  const { speech, own, line } = await room();
  speech.server.library.remove(own);
  const alone = line('Only in this voice.', own, []);
  speech.session.conversation.say(alone);
  await until('it fails', () => alone.outcomes.length > 0);
  expect(alone.failures.map(({ key }) => key)).toEqual(['fish.unknown-voice']);
});

test('who speaks is said again when the voice no longer tells it', async () => {
  const { speech, own, line } = await room();
  speech.voiceHealth.failed(own);
  const told = { ...line('It is me.'), announce: 'auto' as const, telling: true };
  speech.session.conversation.say(told);
  await until('it is heard', () => told.outcomes.length > 0);
  expect(speech.texts()).toEqual(['ana said: It is me.']);
});

const NOTHING_SAID: [name: string, fault: FishFault][] = [
  ['an error event', { kind: 'error', afterEvents: 0, error: 'internal error' }],
  [
    'an error event that says the request is wrong',
    { kind: 'error', afterEvents: 0, error: 'Invalid request' },
  ],
  ['finish with reason error', { kind: 'finish-error', afterEvents: 0 }],
  ['finish without audio', { kind: 'no-audio' }],
];

test.each(NOTHING_SAID)(
  '%s in a voice that has never spoken: one try, then the next voice says it, and it is told once',
  async (_, fault) => {
    const { speech, own, servers, goneFor, line, asked } = await room();
    speech.server.behaviour.fault = fault;
    speech.server.behaviour.faultTimes = 1;
    const first = line('Said all the same.');
    speech.session.conversation.say(first);
    await until('it is heard', () => first.outcomes.length > 0);
    expect(first.outcomes).toEqual([null]);
    expect(first.failures).toEqual([]);
    expect(asked()).toEqual([own, servers]);
    expect(goneFor).toEqual([own]);
    expect(speech.voiceHealth.failureOf(own)).toBe('silent');
    expect(speech.counted()).toBe(speech.sent());
    const second = line('Not tried again for a while.');
    speech.session.conversation.say(second);
    await until('it is heard', () => second.outcomes.length > 0);
    expect(asked()).toEqual([own, servers, servers]);
  },
);

test.each(NOTHING_SAID)(
  '%s in a voice that has spoken, once: the same voice says it at the second try',
  async (name, fault) => {
    const { speech, own, goneFor, line, asked } = await room();
    speech.voiceHealth.spoke(own);
    speech.server.behaviour.fault = fault;
    speech.server.behaviour.faultTimes = 1;
    const one = line('A bad moment.');
    speech.session.conversation.say(one);
    await until('it is heard', () => one.outcomes.length > 0);
    expect(one.outcomes).toEqual([null]);
    const isWrong = name.includes('wrong'); // what Fish calls wrong is not asked for again
    expect(asked().slice(0, 2)).toEqual(isWrong ? [own, asked()[1]] : [own, own]);
    expect(goneFor).toEqual(isWrong ? [own] : []);
  },
);

test('a close that refuses (1008), once: the same voice says it, and nothing is counted for the first try', async () => {
  const { speech, own, goneFor, line, asked } = await room();
  speech.server.behaviour.fault = { kind: 'close', code: 1008, afterEvents: 0 };
  speech.server.behaviour.faultTimes = 1;
  const one = line('A bad moment.');
  speech.session.conversation.say(one);
  await until('it is heard', () => one.outcomes.length > 0);
  expect(one.outcomes).toEqual([null]);
  expect(asked()).toEqual([own, own]);
  expect(goneFor).toEqual([]);
  expect(speech.counted()).toBe(Buffer.byteLength('A bad moment.'));
});

test('a close that refuses (1008), each time: another voice is tried, and then Fish is said to have trouble', async () => {
  const { speech, own, servers, goneFor, line, asked } = await room({ repeatMs: 500 });
  speech.server.behaviour.fault = { kind: 'close', code: 1008, afterEvents: 0 };
  const failing = line('Refused for long.');
  speech.session.conversation.say(failing);
  await until('it fails', () => failing.outcomes.length > 0);
  expect(failing.outcomes).toEqual(['fish-trouble']);
  expect(new Set(asked())).toEqual(new Set([own, servers]));
  expect(goneFor).toEqual([]);
  expect(speech.counted()).toBe(0);
});

test('a close that refuses because there are too many sessions: the line waits, and is said', async () => {
  const { speech, own, line, asked } = await room({ repeatMs: 0 });
  const reason = 'Concurrency limit exceeded';
  Object.assign(speech.server.behaviour, { fault: { kind: 'close', code: 1008, afterEvents: 0, reason } });
  speech.server.behaviour.faultTimes = 2;
  const one = line('In a moment.');
  speech.session.conversation.say(one);
  await until('it is heard', () => one.outcomes.length > 0);
  expect(one.outcomes).toEqual([null]);
  expect(asked()).toEqual([own, own, own]);
});

test.each<[name: string, fault: FishFault]>([
  ['a close', { kind: 'close', code: 1006, afterPackets: 20 }],
  ['an error event', { kind: 'error', afterEvents: 2, error: 'internal error' }],
  ['finish with reason error', { kind: 'finish-error', afterEvents: 2 }],
])('%s in the middle of the first line of a voice: the same voice says the rest', async (_, fault) => {
  const { speech, own, goneFor, line, asked } = await room();
  Object.assign(speech.server.behaviour, { fault, faultTimes: 1, packets: undefined, packetsPerEvent: 10 });
  const first = line('One two three four five six.');
  speech.session.conversation.say(first);
  await until('it is heard', () => first.outcomes.length > 0);
  expect(first.outcomes).toEqual([null]);
  expect(asked()).toEqual([own, own]);
  expect(goneFor).toEqual([]);
  expect(speech.counted()).toBe(speech.sent());
});

test('Fish gives up for a reason of its own: people are told that it has trouble, not that the voice is wrong', async () => {
  const { speech, line } = await room();
  speech.server.behaviour.fault = { kind: 'finish-error', afterEvents: 1, message: 'internal error' };
  const failing = line('Broken twice.');
  speech.session.conversation.say(failing);
  await until('it fails', () => failing.outcomes.length > 0);
  expect(failing.outcomes).toEqual(['fish-trouble']);
});

test('Fish says nothing in any voice: no more than two are tried, and it is told what is wrong', async () => {
  const { speech, own, servers, goneFor, line, asked } = await room();
  speech.server.behaviour.fault = { kind: 'no-audio' };
  const failing = line('In no voice at all.');
  speech.session.conversation.say(failing);
  await until('it fails', () => failing.outcomes.length > 0);
  expect(failing.outcomes).toEqual(['fish-no-audio']);
  expect(new Set(asked())).toEqual(new Set([own, servers]));
  expect(goneFor).toEqual([]);
  expect(speech.voiceHealth.isUnusable(own)).toBe(false);
});

test('what was said is not taken for what Fish says', async () => {
  const { speech, line } = await room();
  speech.server.behaviour.fault = { kind: 'error', afterEvents: 0, error: 'cannot say: Reference not found' };
  speech.server.behaviour.faultTimes = 1;
  const echoed = line('Reference not found, he said.');
  speech.session.conversation.say(echoed);
  await until('it is heard', () => echoed.outcomes.length > 0);
  expect(echoed.outcomes).toEqual([null]);
});

test('a file is made in the same way', async () => {
  const { speech, own, servers, goneFor, line, asked } = await room();
  speech.server.library.remove(own);
  const { fish, budget, voiceHealth, tally, cache } = speech;
  const log = fish.room.log;
  const options = { guildId: speech.session.guildId, fish, budget, voiceHealth, tally, cache, log };
  const packets = await clipOf(line('As a file.'), options, AbortSignal.timeout(TIMEOUT_MS));
  expect(packets).toHaveLength(10);
  expect(asked()).toEqual([own, servers]);
  expect(goneFor).toEqual([own]);
  expect(speech.counted()).toBe(speech.sent());
});
