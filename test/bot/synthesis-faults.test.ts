import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import { contentOf } from '../sandbox/discord/message.ts';
import type { Listener } from '../sandbox/discord/voice-api.ts';
import type { FishFault } from '../sandbox/fish/fish.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';
import { faultsOf, isHeardToEnd, stretchesHeard } from '../support/words-heard.ts';

let stage: Stage;
let ana: FakeUser;
/** In which each single line fails once. */
let failing: { guild: FakeGuild; listener: Listener };

beforeAll(async () => {
  stage = await startStage(
    {
      fish: { eventMs: 10 },
      preload: [new URL('../support/preload-fish-timings.ts', import.meta.url)],
      env: { FISH_TIMINGS: JSON.stringify({ probeMs: 500, firstAudioMs: 5_000, dialMs: 4_000 }) },
    },
    discord => {
      ana = discord.addUser('Ana');
    },
  );
  failing = await server('failing');
});
afterAll(() => stage[Symbol.asyncDispose]());
afterEach(() => {
  const { behaviour } = stage.fish;
  delete behaviour.fault;
  delete behaviour.faultTimes;
  delete behaviour.upgrade;
  delete behaviour.realtimeFactor;
  behaviour.jitterMs = 0;
  behaviour.maxConcurrency = 5;
});

async function server(name: string) {
  const guild = stage.discord.addGuild({ name });
  guild.addMember(ana);
  return { guild, listener: await stage.discord.join(ana, guild.voiceChannel) };
}

function say(guild: FakeGuild, text: string) {
  return stage.discord.command(ana, guild, 'say', { text });
}

/** Those that said it, with or without who speaks. */
const sessionsOf = (text: string) =>
  stage.fish.sessions.filter(session => session.text.replace(/^Ana said: /, '') === text);

/**
 * Has a line said in the server of the failing lines; resolves when the listener has heard the whole of it there, then
 * a following line, and nothing else. `meanwhile` is awaited before that line.
 */
async function heardOnceWholeInOrder(text: string, meanwhile = async () => {}) {
  const { guild, listener } = failing;
  const from = listener.speech().length;
  await say(guild, text).reply();
  await meanwhile();
  const next = `Then ${stage.fish.sessions.length}.`;
  await say(guild, next).reply();
  await until('both lines', () => isHeardToEnd(sessionsOf(next).at(-1), listener), 60_000);
  const following = sessionsOf(next).at(-1)?.packets ?? [];
  const heard = listener.speech().slice(from, -following.length);
  expect(listener.speech().slice(-following.length)).toEqual(following);
  const sessions = sessionsOf(text);
  expect(faultsOf(sessions[0]?.text.trim() ?? '', sessions, heard)).toEqual([]);
  const stretches = stretchesHeard(sessions, heard);
  expect(stretches.reduce((sum, { from, to }) => sum + to - from, 0)).toBe(heard.length);
  expect(stretches.at(-1)).toMatchObject({ session: sessions.at(-1), to: sessions.at(-1)?.packets.length });
}

const FAULTS: [name: string, fault: FishFault][] = [
  ['closed with 1011 before any audio', { kind: 'close', code: 1011, afterEvents: 0 }],
  ['closed with 1011 after two events', { kind: 'close', code: 1011, afterEvents: 2 }],
  ['closed with 1008 before any audio', { kind: 'close', code: 1008, afterEvents: 0 }],
  ['closed with 1008 after two events', { kind: 'close', code: 1008, afterEvents: 2 }],
  ['closed with 1000 after one event', { kind: 'close', code: 1000, afterEvents: 1 }],
  ['connection reset after two events', { kind: 'close', code: 1006, afterEvents: 2 }],
  ['an error event', { kind: 'error', afterEvents: 1 }],
  ['finish with reason error', { kind: 'finish-error', afterEvents: 1 }],
  ['finish without audio', { kind: 'no-audio' }],
  ['silence before any audio', { kind: 'stall', afterEvents: 0 }],
  ['silence after two events', { kind: 'stall', afterEvents: 2 }],
  ['bytes without sound', { kind: 'soundless', how: 'garbage', afterEvents: 2, everyMs: 300 }],
];

test.each(FAULTS.map(([name, fault], number) => [name, fault, number] as const))(
  'row 12: %s: said once, whole, in order all the same',
  async (_name, fault, number) => {
    const text = `Fault number ${number} of all.`; // has more packets than two events
    stage.fish.behaviour.fault = fault;
    stage.fish.behaviour.faultTimes = 1;
    await heardOnceWholeInOrder(text, () => until('the second try', () => sessionsOf(text).length === 2));
  },
);

test('row 12: all audio but no end: said once, whole, without a second try', async () => {
  const text = 'This line never ends.';
  stage.fish.behaviour.fault = { kind: 'never-finish' };
  stage.fish.behaviour.faultTimes = 1;
  await heardOnceWholeInOrder(text);
  expect(sessionsOf(text)).toHaveLength(1);
});

test('row 12: a line that cannot be said is told to whoever asked, once, and the next one is heard', async () => {
  const { guild, listener } = await server('gives up');
  const text = 'This line always fails.';
  stage.fish.behaviour.fault = { kind: 'no-audio' };
  const use = say(guild, text);
  await use.reply();
  await until('the notice', () => use.followUps.length > 0, 60_000);
  delete stage.fish.behaviour.fault;
  expect(sessionsOf(text)).toHaveLength(2);
  await say(guild, 'The next line.').reply();
  await until(
    'the next line',
    () => listener.speech().length >= (sessionsOf('The next line.')[0]?.packets.length || 1),
  );
  expect(use.followUps).toHaveLength(1);
  expect(JSON.stringify(use.followUps)).toMatch(/Fish Audio/);
});

test.each([
  [401, '{"message":"Invalid Token","status":401}', 1, /FISH_API_KEY/],
  [402, '{"message":"Invalid api key or insufficient balance","status":402}', 1, /credit/],
  [503, 'Service Unavailable', 4, /trouble/],
])(
  'row 10: Fish refuses with %i: told in words, after the right number of tries',
  async (status, body, tries, words) => {
    const { guild } = await server(`refused ${status}`);
    const before = stage.fish.handshakes.length;
    stage.fish.behaviour.upgrade = { status, body };
    stage.fish.dropIdleSockets();
    const use = say(guild, `Refused with ${status}.`);
    await until('it is told', () => use.messages.map(contentOf).some(text => words.test(text)), 60_000);
    const attempts = stage.fish.handshakes.length - before;
    expect(attempts).toBeGreaterThanOrEqual(1);
    expect(attempts).toBeLessThanOrEqual(tries + 2); // one may be the spare's, and one a probe
    delete stage.fish.behaviour.upgrade;
    await until('it works again', async () => {
      return /, working/.test(await stage.discord.command(ana, guild, 'status').reply());
    });
  },
  30_000,
);

test('row 5: Fish slower than real time, with jitter: every packet, in order, none cut', async () => {
  stage.fish.behaviour.realtimeFactor = 0.7;
  stage.fish.behaviour.jitterMs = 400;
  await heardOnceWholeInOrder('Slow speech is whole.');
}, 90_000);

test('five paused guilds with long lines hold no slot of Fish', async () => {
  const guilds = await Promise.all(Array.from({ length: 5 }, (_, index) => server(`long ${index}`)));
  stage.fish.behaviour.packets = 4_500;
  await Promise.all(
    guilds.flatMap(({ guild }, index) => [
      stage.discord.command(ana, guild, 'join').reply(),
      stage.discord.command(ana, guild, 'pause').reply(),
      say(guild, `Long line ${index}.`).reply(),
      say(guild, `Line behind it ${index}.`).reply(),
    ]),
  );
  await until(
    'Fish is done with the long lines',
    () => stage.fish.sessions.length >= 5 && stage.fish.openSessions === 0,
  );
  delete stage.fish.behaviour.packets;
  const { guild, listener } = await server('short');
  await say(guild, 'A short one.').reply();
  await until('it is heard', () => isHeardToEnd(sessionsOf('A short one.').at(-1), listener));
}, 90_000);

test('seven guilds at once with five slots, one of them paused: nobody waits for it', async () => {
  const guilds = await Promise.all(Array.from({ length: 7 }, (_, index) => server(`crowd ${index}`)));
  const [first] = guilds;
  if (!first) throw new Error('no guilds');
  await say(first.guild, 'Soon paused.').reply();
  await until('speech', () => first.listener.speech().length > 2);
  await stage.discord.command(ana, first.guild, 'pause').reply();
  const lines = guilds.map(({ guild }, index) => ({
    guild,
    text: `Crowd line number ${index} of them all.`,
  }));
  await Promise.all(lines.map(({ guild, text }) => say(guild, text).reply()));
  await until('six are heard', () =>
    lines.slice(1).every(({ text }, index) => {
      const [session] = sessionsOf(text);
      return (
        session?.ended === 'finish' &&
        (guilds[index + 1]?.listener.speech().length ?? 0) >= session.packets.length
      );
    }),
  );
  await until('every slot is free', () => stage.fish.openSessions === 0);
  expect(stage.fish.peakSessions).toBeLessThanOrEqual(5);
}, 90_000);
