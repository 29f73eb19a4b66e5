import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import { listeningGuild, spokenLine, timesTold } from '../support/spoken-line.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

/** 6 s of speech, so that a dead path is found before the end, and 3 s where nothing has to be. */
const PACKETS = 300;
const FEWER_PACKETS = 150;
const PATIENCE_MS = 60_000;
/** A probe in 1 s, and three of them unanswered 1.5 s later: the real times are 14 s and 4.5 s. */
const QUICK = { probe: 1_000, probeAgain: 500, deadPath: 120_000, discovery: 200 };

let stage: Stage;
let ana: FakeUser;

beforeAll(async () => {
  stage = await startStage({ meddling: true, fish: { packets: PACKETS } }, discord => {
    ana = discord.addUser('Ana');
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

beforeEach(async () => {
  for (const fault of Object.keys(stage.voice.faults)) Reflect.deleteProperty(stage.voice.faults, fault);
  stage.fish.behaviour.packets = PACKETS;
  await stage.meddle({ do: 'call timings', timings: QUICK });
});

/** Waits until a probe has been answered: before, nothing can be concluded where the next ones are not. */
const untilProbed = (guild: FakeGuild) =>
  until('probed', () => stage.voice.call(guild.voiceChannel.id).probed > 0, 60_000);

const speaking = (name: string) => spokenLine(stage, { name, person: ana });

test(
  'row 23: a half-open voice socket is dropped and resumed: nothing is lost, nobody re-joins',
  async () => {
    stage.voice.heartbeatMs = 500;
    stage.fish.behaviour.packets = FEWER_PACKETS;
    try {
      const { guild, listener, packets } = await speaking('frozen');
      const before = stage.voice.resumes;
      stage.voice.freeze(guild.id, stage.discord.applicationId);
      await until('resumed', () => stage.voice.resumes > before, 60_000);
      await until('the whole line', () => listener.speech().length >= FEWER_PACKETS, 60_000);
      expect(listener.speech()).toEqual(packets());
      expect(stage.discord.op4Count(guild)).toBe(1);
    } finally {
      stage.voice.heartbeatMs = 13_750;
    }
  },
  PATIENCE_MS,
);

test(
  'a resume of the voice session that is never answered ends in a re-join',
  async () => {
    stage.voice.faults.noResumed = true;
    const { guild, listener, untilEnd } = await speaking('resumed never');
    stage.voice.kill(guild.id, stage.discord.applicationId);
    await until('joined anew', () => stage.discord.op4Count(guild) >= 3, 60_000);
    await untilEnd();
    expect(listener.speech().length).toBeGreaterThanOrEqual(PACKETS - stage.voice.late);
    expect(stage.discord.op4Count(guild)).toBe(3); // in, and out and in
  },
  PATIENCE_MS,
);

test(
  'row 22: datagrams are lost during speech: the dead path is found, one re-join, heard again',
  async () => {
    const { guild, untilEnd } = await speaking('dead path');
    await untilProbed(guild);
    stage.voice.faults.blackHole = true;
    await until('joined anew', () => stage.discord.op4Count(guild) >= 3, 60_000);
    delete stage.voice.faults.blackHole;
    await untilEnd();
    expect(stage.discord.op4Count(guild)).toBe(3);
  },
  PATIENCE_MS,
);

test(
  'row 22: datagrams are lost before the first word: the path is found dead as well',
  async () => {
    const { guild, listener } = await listeningGuild(stage, { name: 'dead at first', person: ana });
    await stage.discord.command(ana, guild, 'join').reply();
    await untilProbed(guild);
    stage.voice.faults.blackHole = true;
    await stage.discord.command(ana, guild, 'say', { text: 'Nobody hears this at first.' }).reply();
    await until('joined anew', () => stage.discord.op4Count(guild) >= 3, 60_000);
    delete stage.voice.faults.blackHole;
    await until('speech', () => listener.speech().length > 20, 60_000);
  },
  PATIENCE_MS,
);

test(
  'row 22: datagrams stay lost: one re-join, then people are told once, and it goes on by itself after the pause',
  async () => {
    const { guild, listener } = await speaking('stays dead');
    await untilProbed(guild);
    await stage.meddle({ do: 'call timings', timings: { deadPath: 8_000 } });
    stage.voice.faults.blackHole = true;
    await until('told', () => timesTold(stage, guild, /every two minutes/) > 0, 60_000);
    const heard = listener.speech().length;
    expect(stage.discord.op4Count(guild)).toBe(3);
    await sleep(1_000);
    expect(stage.discord.op4Count(guild)).toBe(3);
    delete stage.voice.faults.blackHole;
    await until('speech', () => listener.speech().length > heard, 60_000);
    expect(timesTold(stage, guild, /every two minutes/)).toBe(1);
  },
  PATIENCE_MS,
);

test.each(['noRepeatedDiscovery', 'noLateDiscovery'] as const)(
  'a Discord that does not go on answering discovery (%s) gives no sign, and none is taken from it',
  async fault => {
    stage.voice.faults[fault] = true;
    stage.voice.faults.discoveryDelayMs = 2.5 * QUICK.discovery; // it is asked again before the first answer
    stage.fish.behaviour.packets = FEWER_PACKETS;
    const { guild, listener, packets } = await speaking(fault);
    await until('the whole line', () => listener.speech().length >= FEWER_PACKETS, 60_000);
    expect(listener.speech()).toEqual(packets());
    expect(stage.discord.op4Count(guild)).toBe(1);
    // The bot is still in the channels of the tests before, and finds the paths there dead.
    const told = () =>
      stage.bot.output
        .split('\n')
        .filter(
          line =>
            line.includes(guild.id) &&
            line.includes('whether speech reaches the voice server cannot be seen'),
        );
    await until('it is in the log', () => told().length > 0, 60_000);
    expect(told()).toHaveLength(1);
  },
  PATIENCE_MS,
);
