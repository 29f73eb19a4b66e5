import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import type { Listener } from '../sandbox/discord/voice-api.ts';
import type { FishSession } from '../sandbox/fish/session-record.ts';
import { chatGuild } from '../support/chat-guild.ts';
import { Random } from '../support/random.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const PATIENCE_MS = 90_000;
const TEST_MS = 120_000;
/** A packet or two may be on their way when somebody wants silence; a shared machine gets some more. */
const ON_THE_WAY_PACKETS = 25;
const ROUNDS = 12;
const LONG = 'is long enough to be interrupted, since it goes on and on and on for several seconds.';

let stage: Stage;
let ana: FakeUser;
let ben: FakeUser;

beforeAll(async () => {
  stage = await startStage({}, discord => {
    ana = discord.addUser('Ana');
    ben = discord.addUser('Ben');
  });
});
afterAll(() => stage[Symbol.asyncDispose]());
afterEach(() => {
  Object.assign(stage.fish.behaviour, { eventMs: 2, firstAudioMs: 5, realtimeFactor: undefined });
});

/** A server with Ana, who manages it, in its voice channel, where the bot reads. */
function server(name: string, settings: object = {}) {
  const generous = { personBytesPerMinute: 1_000_000, ...settings };
  return chatGuild(stage, { name, manager: ana, others: [ben], settings: generous, commands: ['join'] });
}

function use(guild: FakeGuild, name: string, options = {}, user = ana) {
  return stage.discord.command(user, guild, name, options);
}

function write(guild: FakeGuild, content: string, user = ana) {
  return stage.discord.message(user, guild.textChannel, content);
}

const sessionsOf = (text: string) => stage.fish.sessions.filter(session => session.text.trim() === text);

async function asked(text: string): Promise<FishSession> {
  await until(`Fish Audio is asked for "${text}"`, () => sessionsOf(text).length > 0, PATIENCE_MS);
  const [session] = sessionsOf(text);
  if (!session) throw new Error('it is gone');
  return session;
}

/** How many packets of a text were heard. */
function heardOf(listeners: readonly Listener[], text: string): number {
  const own = new Set(
    sessionsOf(text).flatMap(({ packets }) => packets.map(packet => packet.toString('latin1'))),
  );
  return listeners.flatMap(listener => listener.speech()).filter(packet => own.has(packet.toString('latin1')))
    .length;
}

/** Whether all packets of some session that said `text` were heard. */
function isHeard(listeners: readonly Listener[], text: string): boolean {
  return sessionsOf(text).some(
    ({ ended, packets }) =>
      ended === 'finish' && packets.length > 0 && heardOf(listeners, text) >= packets.length,
  );
}

test(
  'row 35: skip, stop, delete and leave at any moment: silence, no packet of it later, Fish closed, nothing more billed',
  async () => {
    const { guild, listener } = await server('races');
    const random = new Random(35);
    stage.fish.behaviour.eventMs = 120; // about a quarter of real time: Fish is under way when it is cut off
    const done: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const act = random.pick(['skip', 'stop', 'delete', 'leave'] as const);
      // What is skipped is whatever is being heard: here that has to be this line.
      const moment = act === 'skip' ? 'heard' : random.pick(['at once', 'asked', 'heard'] as const);
      const text = `Round ${round} ${LONG}`;
      const message = write(guild, text);
      if (moment !== 'at once') await asked(text);
      const packets = random.whole(1, 60);
      if (moment === 'heard')
        await until('its beginning', () => heardOf([listener], text) >= packets, PATIENCE_MS);
      if (act === 'delete') {
        stage.discord.deleteMessage(message);
        await use(guild, 'queue').reply();
      } else {
        await use(guild, act).reply();
      }
      const before = heardOf([listener], text);
      const after = stage.fish.sessions.length;
      await until(
        'its Fish session is over',
        () => sessionsOf(text).every(({ ended }) => ended),
        PATIENCE_MS,
      );
      if (act === 'leave') await use(guild, 'join').reply();
      const marker = `Marker of round ${round}.`;
      write(guild, marker);
      await until(`${marker} after ${act}, ${moment}`, () => isHeard([listener], marker), PATIENCE_MS);
      expect(heardOf([listener], text) - before, `${act}, ${moment}`).toBeLessThan(ON_THE_WAY_PACKETS);
      expect(sessionsOf(text).filter(session => stage.fish.sessions.indexOf(session) >= after)).toEqual([]);
      done.push(`${act} ${moment}`);
    }
    expect(new Set(done).size).toBeGreaterThan(5);
    const sent = stage.fish.sessions.reduce((sum, { bytes }) => sum + bytes, 0);
    const usage = await use(guild, 'usage').reply();
    expect(usage).toContain(`${sent.toLocaleString('en')} bytes`);
  },
  TEST_MS,
);

test(
  'row 35: what was written before /stop, and not taken up yet, is stopped as well',
  async () => {
    const { guild, listener } = await server('stop behind');
    // The bot may be quick enough to have begun one of them before it is told to stop.
    const begun = new Map<string, number>();
    for (let round = 0; round < 5; round += 1) {
      const text = `Written before the stop, number ${round}.`;
      write(guild, text);
      await use(guild, 'stop').reply();
      begun.set(text, heardOf([listener], text));
    }
    write(guild, 'The end.');
    await until('the end', () => isHeard([listener], 'The end.'), PATIENCE_MS);
    for (const [text, before] of begun) {
      expect(isHeard([listener], text), text).toBe(false);
      expect(heardOf([listener], text) - before, text).toBeLessThan(ON_THE_WAY_PACKETS);
    }
  },
  TEST_MS,
);

test(
  'row 39: everyone leaves mid-utterance: Fish is closed, nothing is begun, and what waits is said when somebody is back',
  async () => {
    const { guild, listener } = await server('all leave');
    stage.fish.behaviour.realtimeFactor = 0.9;
    const text = `The line of somebody who leaves ${LONG}`;
    write(guild, text);
    const waiting = write(guild, 'This one waits for them.');
    const session = await asked(text);
    await until('its beginning', () => heardOf([listener], text) > 10, PATIENCE_MS);
    await stage.discord.leave(ana, guild);
    await until('Fish is closed', () => session.ended !== undefined, PATIENCE_MS);
    expect(session.ended).toBe('client-closed');
    expect(sessionsOf('This one waits for them.').filter(({ ended }) => ended === 'finish')).toEqual([]);
    stage.fish.behaviour.realtimeFactor = undefined;
    const again = await stage.discord.join(ana, guild.voiceChannel);
    await until('what waited', () => isHeard([listener, again], 'This one waits for them.'), PATIENCE_MS);
    expect(await use(guild, 'why', { message: waiting.id }).reply()).toMatch(/did read/);
  },
  TEST_MS,
);

test(
  'row 39: a line of which nothing was heard when all left is said when somebody is back, and once',
  async () => {
    const { guild, listener } = await server('not heard yet');
    stage.fish.behaviour.firstAudioMs = 3_000;
    const text = 'Nobody has heard any of this.';
    write(guild, text);
    const session = await asked(text);
    await stage.discord.leave(ana, guild);
    await until('Fish is closed', () => session.ended !== undefined, PATIENCE_MS);
    expect(session.ended).toBe('client-closed');
    stage.fish.behaviour.firstAudioMs = 5;
    const again = await stage.discord.join(ana, guild.voiceChannel);
    await until('it is heard', () => isHeard([listener, again], text), PATIENCE_MS);
    expect(sessionsOf(text).map(({ ended }) => ended)).toEqual(['client-closed', 'finish']);
  },
  TEST_MS,
);

test(
  'row 39: when nobody comes back the bot leaves, and tells what became of what waited',
  async () => {
    const { guild, listener } = await server('nobody comes back', { leaveAfter: 5 });
    stage.fish.behaviour.realtimeFactor = 0.9;
    const text = `The last line of this evening ${LONG}`;
    const cut = write(guild, text);
    const waiting = write(guild, 'Nobody hears this.');
    await until('its beginning', () => heardOf([listener], text) > 10, PATIENCE_MS);
    await stage.discord.leave(ana, guild);
    await until('the bot is gone', () => stage.discord.botVoiceChannel(guild) === null, PATIENCE_MS);
    const why = (message: { id: string }) => use(guild, 'why', { message: message.id }).reply();
    expect(await why(cut)).toMatch(/Everybody had left/);
    expect(await why(waiting)).toMatch(/left the voice channel/);
  },
  TEST_MS,
);
