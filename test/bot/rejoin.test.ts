import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeUser } from '../sandbox/discord/discord.ts';
import { listeningGuild, timesTold } from '../support/spoken-line.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

/** 8 s of speech, made nearly as fast as it is heard. */
const PACKETS = 400;
/** 4 s, where it is to be heard to its end. */
const FEWER_PACKETS = 200;
const PATIENCE_MS = 90_000;
/** One at once, then after 1, 2, 4 and 8 s. */
const REJOINS = 5;

let stage: Stage;
let ana: FakeUser;

beforeAll(async () => {
  stage = await startStage({ voiceServers: 3, fish: { packets: PACKETS, realtimeFactor: 1.5 } }, discord => {
    ana = discord.addUser('Ana');
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

/** A server in which a long line is being heard, and another waits. */
async function speaking(name: string, { packets = PACKETS, voiceServer = 0 } = {}) {
  const { discord, fish } = stage;
  fish.behaviour.packets = packets;
  const { guild } = await listeningGuild(stage, { name, person: ana, voiceServer });
  const use = (command: string, options = {}) => discord.command(ana, guild, command, options);
  const text = `This is said in ${name}.`;
  const session = () => fish.sessions.find(one => one.text.includes(text));
  /** What people heard of it, at whichever voice server, by its number in the line. */
  const heard = () => {
    const sent = session()?.packets.map(packet => packet.toString('latin1')) ?? [];
    return discord.voice
      .flatMap(server => server.call(guild.voiceChannel.id).listeners.get(ana.id)?.heard ?? [])
      .toSorted((a, b) => a.at - b.at)
      .filter(({ silence }) => !silence)
      .map(({ opus }) => sent.indexOf(opus.toString('latin1')))
      .filter(number => number >= 0); // the line behind it begins at once
  };
  await use('say', { text }).reply();
  await use('say', { text: `Never heard in ${name}.` }).reply();
  await until(`speech in ${name}`, () => heard().length > 10, 60_000);
  const before = discord.op4Count(guild);
  return { guild, use, session, heard, asked: () => discord.op4Count(guild) - before };
}

// This one and the next two take long because of pauses, and none of them is in the way of another.
test.concurrent(
  'row 4: voice refused for ever: five re-joins with growing pauses, one notice; another server joins meanwhile',
  async () => {
    const looping = await Promise.all([4006, 4009].map(code => speaking(`${code} for ever`)));
    const outdated = await speaking('4017 for ever');
    const [first, second] = looping;
    if (!first || !second) throw new Error('no servers');
    stage.voice.faults.identifyCloseOf = {
      [first.guild.id]: 4006,
      [second.guild.id]: 4009,
      [outdated.guild.id]: 4017,
    };
    stage.voice.close(first.guild.id, stage.discord.applicationId, 4006);
    stage.voice.close(second.guild.id, stage.discord.applicationId, 4009);
    stage.voice.close(outdated.guild.id, stage.discord.applicationId, 4017);
    const beside = await speaking('beside the loops');
    expect(first.asked()).toBeLessThanOrEqual(REJOINS);
    for (const one of looping) {
      await until('it gave up', () => timesTold(stage, one.guild, /again and again/) > 0, 40_000);
      expect(one.asked()).toBe(REJOINS + 1); // and then it leaves
      expect(timesTold(stage, one.guild, /again and again/)).toBe(1);
      expect(await one.use('queue').reply()).toBe('The queue is empty.');
    }
    expect(timesTold(stage, outdated.guild, /newer version of its voice encryption/)).toBe(1);
    expect(outdated.asked()).toBe(1); // it leaves
    expect(beside.asked()).toBe(0);
    delete stage.voice.faults.identifyCloseOf;
  },
  PATIENCE_MS,
);

test.concurrent(
  'a voice server that drops each socket on which the session was resumed: few are opened, and in the end people are told',
  async () => {
    const { guild } = await speaking('dropped again and again');
    const { voice, discord } = stage;
    const before = { resumes: voice.resumes, op4: discord.op4Count(guild) };
    let seen = before.resumes;
    const drop = () => voice.close(guild.id, discord.applicationId, 4015);
    drop();
    const dropping = setInterval(() => {
      const settled = voice.resumes > seen || discord.op4Count(guild) > before.op4;
      if (!settled || !voice.call(guild.voiceChannel.id).clients.includes(discord.applicationId)) return;
      seen = voice.resumes;
      drop();
    }, 5);
    try {
      await until('told', () => timesTold(stage, guild, /again and again|phase: signalling/) === 1, 100_000);
    } finally {
      clearInterval(dropping);
    }
    expect(voice.resumes - before.resumes).toBeLessThanOrEqual(20);
    expect(discord.op4Count(guild) - before.op4).toBeLessThanOrEqual(2 * 5 + 1);
  },
  2 * PATIENCE_MS,
);

test.concurrent(
  'Discord takes the voice server away and names no other for a while: people are told once, and the line goes on',
  async () => {
    const { discord } = stage;
    const { guild, heard } = await speaking('without a server', { voiceServer: 1 });
    const late = () => discord.voice.slice(1).reduce((sum, server) => sum + server.late, 0);
    const lateBefore = late();
    discord.moveVoiceServer(guild, { to: 2, viaNull: true, withoutMs: 10_000 });
    await until('told', () => timesTold(stage, guild, /voice server away/) === 1, 30_000);
    await until('the end of the line', () => heard().at(-1) === PACKETS - 1, 60_000);
    expect(PACKETS - heard().length).toBeLessThanOrEqual(late() - lateBefore);
    expect(timesTold(stage, guild, /voice server away/)).toBe(1);
  },
  PATIENCE_MS,
);

test(
  'row 6: limited, call terminated, kicked: no re-join, the queue dropped, Fish closed',
  async () => {
    const [limited, terminated, kicked] = await Promise.all(
      ['limited', 'terminated', 'kicked'].map(name => speaking(name)),
    );
    if (!limited || !terminated || !kicked) throw new Error('no servers');
    stage.voice.close(limited.guild.id, stage.discord.applicationId, 4021);
    stage.voice.close(terminated.guild.id, stage.discord.applicationId, 4022);
    stage.discord.moveBot(kicked.guild, null);
    for (const { guild, session, use, asked } of [limited, terminated, kicked]) {
      await until('Fish is closed', () => session()?.ended === 'client-closed');
      await until(
        'told',
        () => timesTold(stage, guild, /wait before I join|is gone or no longer|was disconnected/) === 1,
      );
      expect(await use('queue').reply()).toBe('The queue is empty.');
      expect(stage.discord.botVoiceChannel(guild)).toBeNull();
      expect(asked()).toBeLessThanOrEqual(1); // it leaves
    }
    expect(stage.fish.sessions.some(({ text }) => text.includes('Never heard in limited'))).toBe(false);
    const asked = limited.asked();
    expect(await limited.use('say', { text: 'Too soon.' }).reply()).toMatch(/in 10 minutes/);
    expect(limited.asked()).toBe(asked);
    expect(await terminated.use('join').reply()).toContain(terminated.guild.voiceChannel.id);
  },
  PATIENCE_MS,
);

test(
  'row 7: the voice server moves in mid-speech, to itself, to another, over none: lost is at most what was on its way, and nothing unencrypted',
  async () => {
    const { discord } = stage;
    const ways = [{ to: 0 }, { to: 1 }, { to: 2, viaNull: true }];
    const late = () => discord.voice.reduce((sum, server) => sum + server.late, 0);
    const lateBefore = late();
    const moved = await Promise.all(
      ways.map(({ to }) => speaking(`moved to ${to}`, { packets: FEWER_PACKETS })),
    );
    for (const [index, way] of ways.entries()) {
      const guild = moved[index]?.guild;
      if (guild) discord.moveVoiceServer(guild, way);
    }
    for (const { guild, heard, asked } of moved) {
      await until('the end of the line', () => heard().at(-1) === FEWER_PACKETS - 1, 60_000);
      expect(heard()).toEqual([...new Set(heard())].toSorted((a, b) => a - b));
      expect(asked()).toBe(0);
      for (const server of discord.voice)
        expect(server.call(guild.voiceChannel.id).listeners.get(ana.id)?.unencrypted ?? 0).toBe(0);
    }
    const lost = moved.reduce((sum, { heard }) => sum + FEWER_PACKETS - heard().length, 0);
    expect(lost).toBeLessThanOrEqual(late() - lateBefore);
  },
  PATIENCE_MS,
);

test(
  'row 7: Discord names the voice server before the bot’s own state: it joins all the same',
  async () => {
    stage.discord.faults.serverUpdateFirst = true;
    try {
      const { heard, asked } = await speaking('in the other order', { packets: FEWER_PACKETS });
      await until('the end of the line', () => heard().at(-1) === FEWER_PACKETS - 1, 60_000);
      expect(heard()).toHaveLength(FEWER_PACKETS);
      expect(asked()).toBe(0);
    } finally {
      stage.discord.faults.serverUpdateFirst = false;
    }
  },
  PATIENCE_MS,
);
