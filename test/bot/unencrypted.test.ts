import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { FakeUser } from '../sandbox/discord/discord.ts';
import { listeningGuild, timesTold } from '../support/spoken-line.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

/** 1 s of speech in each line. */
const PACKETS = 50;
const PATIENCE_MS = 90_000;
const AN_AGE_MS = 600_000;
/** What people are told while no encryption group forms, and when the bot gives up. */
const TROUBLE = /encryption doesn/;
const GIVEN_UP = /for ten minutes \(phase: encryption\), so I left/;

let stage: Stage;
let ana: FakeUser;

beforeAll(async () => {
  stage = await startStage({ meddling: true, fish: { packets: PACKETS } }, discord => {
    ana = discord.addUser('Ana');
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

beforeEach(() => {
  delete stage.voice.faults.noDave;
});

const pauses = (...unencrypted: number[]) => stage.meddle({ do: 'call timings', timings: { unencrypted } });

/** A server in which Ana listens and uses the commands. */
async function server(name: string) {
  const { guild, listener } = await listeningGuild(stage, { name, person: ana });
  const use = (command: string, options = {}) => stage.discord.command(ana, guild, command, options);
  const sessionsOf = (text: string) => stage.fish.sessions.filter(one => one.text.includes(text));
  /** Whether all of these were heard, whole and one after another, and nothing else was. */
  const heard = (...texts: string[]) => {
    const packets = texts.flatMap(text => sessionsOf(text).flatMap(session => session.packets));
    const speech = listener.speech();
    return speech.length === packets.length && packets.every((packet, at) => speech[at]?.equals(packet));
  };
  return {
    guild,
    listener,
    use,
    say: (text: string) => use('say', { text }).reply(60_000),
    sessionsOf,
    heard,
  };
}

test(
  'encryption that does not form: told once, all is held and nothing paid for, and heard in order when it forms',
  async () => {
    await pauses(0, ...Array<number>(10).fill(500)); // each try takes five seconds more
    const { guild, listener, say, use, sessionsOf, heard } = await server('held');
    stage.voice.faults.noDave = true;
    expect(await say('One is held.')).toContain('phase: encryption');
    for (const text of ['Two is held.', 'Three is held.'])
      expect(await say(text)).toContain('phase: encryption');
    await until('told', () => timesTold(stage, guild, TROUBLE) > 0, 60_000);
    const asked = stage.discord.op4Count(guild);
    await until('tried again, twice', () => stage.discord.op4Count(guild) >= asked + 4, 40_000);
    expect(timesTold(stage, guild, TROUBLE)).toBe(1);
    expect(await use('queue').reply()).toContain('Three');
    expect(sessionsOf('Two is held.')).toEqual([]);
    expect(sessionsOf('Three is held.')).toEqual([]);
    expect(listener.speech()).toEqual([]);
    delete stage.voice.faults.noDave;
    await until('all is heard', () => heard('One is held.', 'Two is held.', 'Three is held.'), 40_000);
    for (const text of ['One is held.', 'Two is held.', 'Three is held.'])
      expect(sessionsOf(text)).toHaveLength(1);
    expect(listener.unencrypted).toBe(0);
    expect(timesTold(stage, guild, TROUBLE)).toBe(1);
    expect(await say('Four is said at once.')).not.toContain('encryption');
  },
  PATIENCE_MS,
);

test(
  'the group of a call in which the bot is heard is lost: the line goes on where it was, when there is one again',
  async () => {
    await pauses(0, 500, 500, 500, 500);
    const { guild, listener, say, heard } = await server('lost');
    await say('Said before.');
    await until('heard', () => heard('Said before.'), 60_000);
    stage.voice.faults.noDave = true;
    stage.voice.close(guild.id, stage.discord.applicationId, 4006);
    await until('told', () => timesTold(stage, guild, TROUBLE) > 0, 60_000);
    expect(await say('Said after.')).toContain('phase: encryption');
    delete stage.voice.faults.noDave;
    await until('the rest is heard', () => heard('Said before.', 'Said after.'), 40_000);
    expect(listener.unencrypted).toBe(0);
    expect(timesTold(stage, guild, TROUBLE)).toBe(1);
  },
  PATIENCE_MS,
);

test(
  'a group that forms late, while the bot waits before its next join: heard at once',
  async () => {
    await pauses(0, AN_AGE_MS);
    const { guild, say, heard } = await server('late');
    stage.voice.faults.noDave = true;
    await say('It comes late.');
    await until('told', () => timesTold(stage, guild, TROUBLE) > 0, 60_000);
    const asked = stage.discord.op4Count(guild);
    stage.voice.enrol(guild.id, stage.discord.applicationId);
    await until('heard', () => heard('It comes late.'), 60_000);
    expect(stage.discord.op4Count(guild)).toBe(asked);
  },
  PATIENCE_MS,
);

test(
  'encryption that never forms: in the end the bot leaves and says so, and what waited is dropped',
  async () => {
    await pauses(0, 100);
    const { guild, listener, say, use } = await server('never');
    stage.voice.faults.noDave = true;
    await say('Never heard.');
    await until('it gave up', () => timesTold(stage, guild, GIVEN_UP) > 0, 40_000);
    expect(timesTold(stage, guild, TROUBLE)).toBe(1);
    expect(stage.discord.op4Count(guild)).toBe(6); // three joins, each of which it left
    expect(stage.discord.botVoiceChannel(guild)).toBeNull();
    expect(await use('queue').reply()).toBe('The queue is empty.');
    expect(listener.speech()).toEqual([]);
    const sent = stage.voice.call(guild.voiceChannel.id).datagrams;
    expect(sent.filter(({ silence }) => !silence)).toEqual([]);
  },
  PATIENCE_MS,
);
