import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeChannel } from '../sandbox/discord/channel.ts';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import { contentOf } from '../sandbox/discord/message.ts';
import { PERMISSION } from '../sandbox/discord/permissions.ts';
import { chatGuild } from '../support/chat-guild.ts';
import { timesTold } from '../support/spoken-line.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const PATIENCE_MS = 60_000;
/** A guild may call the bot so often within a minute. */
const CALLS_A_MINUTE = 20;
/** A disconnection is told after half a second, when it is known that it is no outage. */
const TOLD_MS = 1_500;

let stage: Stage;
let ana: FakeUser;
let ben: FakeUser;

beforeAll(async () => {
  stage = await startStage({ fish: { packets: 50 } }, discord => {
    ana = discord.addUser('Ana');
    ben = discord.addUser('Ben');
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

const server = (name: string) => chatGuild(stage, { name, manager: ana, others: [ben] });

function use(guild: FakeGuild, name: string, options = {}, user = ana) {
  return stage.discord.command(user, guild, name, options).reply();
}

/** A server whose bot was called to a voice channel that is going to be deleted. */
async function called(name: string) {
  const { guild } = await server(name);
  const doomed = guild.addVoiceChannel({ name: 'Doomed' });
  await stage.discord.join(ana, doomed);
  await use(guild, 'join');
  return { guild, doomed };
}

test(
  'a pause does not go along when the bot is called to another channel',
  async () => {
    const { guild } = await server('paused');
    await use(guild, 'join');
    await use(guild, 'pause');
    await until('the pause is told', () => timesTold(stage, guild, /-# ⏸️/) === 1);
    const elsewhere = guild.addVoiceChannel({ name: 'Elsewhere' });
    await stage.discord.leave(ana, guild);
    const listener = await stage.discord.join(ben, elsewhere);
    expect(await use(guild, 'say', { text: 'Can you hear me?' }, ben)).not.toMatch(/paused/);
    await until('it is heard', () => listener.speech().length === 50, PATIENCE_MS);
    await until('nothing shows a pause', () => timesTold(stage, guild, /-# ⏸️/) === 0);
  },
  PATIENCE_MS,
);

test(
  'who calls the bot to and fro is asked to let it rest, since all servers share Discord’s limit',
  async () => {
    const { guild } = await server('to and fro');
    const elsewhere = guild.addVoiceChannel({ name: 'Elsewhere' });
    await stage.discord.leave(ana, guild);
    const answers: string[] = [];
    for (let call = 0; call < CALLS_A_MINUTE + 5; call += 1)
      answers.push(await use(guild, 'join', { channel: call % 2 === 0 ? elsewhere : guild.voiceChannel }));
    expect(answers.at(-1)).toMatch(/let me rest/);
    expect(stage.discord.op4Count(guild)).toBe(CALLS_A_MINUTE);
  },
  PATIENCE_MS,
);

test(
  'a voice channel that is deleted while the gateway is away: people are told so at once, and nobody asks for it again',
  async () => {
    const { guild, doomed } = await called('deleted unseen');
    stage.discord.invalidSession(false);
    guild.deleteChannel(doomed);
    await until('told', () => timesTold(stage, guild, /is gone or no longer/) === 1, 40_000);
    expect(timesTold(stage, guild, /phase/)).toBe(0);
    expect(await use(guild, 'queue')).toBe('The queue is empty.');
  },
  PATIENCE_MS,
);

test(
  'Discord tells of the disconnection before it tells that the channel was deleted: people are told that it is gone',
  async () => {
    const { guild, doomed } = await called('deleted afterwards');
    stage.discord.moveBot(guild, null);
    guild.deleteChannel(doomed);
    await until('told', () => timesTold(stage, guild, /is gone or no longer/) === 1);
    expect(timesTold(stage, guild, /was disconnected/)).toBe(0);
  },
  PATIENCE_MS,
);

test(
  'row 38: no permission to speak, a full channel, one that is deleted meanwhile: a reason, and no stuck state',
  async () => {
    const guild = stage.discord.addGuild({ name: 'closed doors' });
    guild.addMember(ana);
    const deny = [
      { id: stage.discord.applicationId, type: 1, allow: '0', deny: String(PERMISSION.speak) },
    ] as const;
    const mute = guild.addVoiceChannel({ name: 'Mute', permissionOverwrites: deny });
    const full = guild.addVoiceChannel({ name: 'Full', userLimit: 1 });
    const doomed = guild.addVoiceChannel({ name: 'Doomed' });
    await stage.discord.join(ana, mute);
    expect(await use(guild, 'say', { text: 'Hi.' })).toMatch(/lack permission there \(\*\*Speak\*\*\)/);
    await stage.discord.join(ana, full);
    expect(await use(guild, 'say', { text: 'Hi.' })).toMatch(/is full \(1 of 1\)/);
    await stage.discord.join(ana, doomed);
    stage.discord.faults.ignoreOp4 = true;
    const say = use(guild, 'say', { text: 'Hi.' });
    await until('it tries to join', () => stage.discord.op4Count(guild) > 0);
    guild.deleteChannel(doomed);
    expect(await say).toMatch(/voice channel is gone/);
    stage.discord.faults.ignoreOp4 = false;
    const listener = await stage.discord.join(ana, guild.voiceChannel);
    await use(guild, 'say', { text: 'Here at last.' });
    await until('it is heard', () => listener.speech().length === 50, PATIENCE_MS);
  },
  PATIENCE_MS,
);

test(
  'a bot that is disconnected while it joins: whoever called it has that as the answer, and nobody is told it once more',
  async () => {
    const { guild } = await server('sent away at the door');
    stage.voice.faults.noDiscoveryReply = true;
    try {
      const answer = use(guild, 'join');
      await until('it is seen', () => stage.discord.botVoiceChannel(guild) !== null);
      stage.discord.moveBot(guild, null);
      expect(await answer).toMatch(/was disconnected/);
      await sleep(TOLD_MS);
      expect(timesTold(stage, guild, /was disconnected/)).toBe(0);
    } finally {
      delete stage.voice.faults.noDiscoveryReply;
    }
  },
  PATIENCE_MS,
);

test(
  'called, sent away and called again before a slow Discord has answered the first call: it comes and stays',
  async () => {
    const { guild, listener } = await server('slow');
    stage.discord.faults.op4LateMs = 1_500;
    try {
      const first = use(guild, 'join');
      await until('it is asked for', () => stage.discord.op4Count(guild) === 1);
      await use(guild, 'leave');
      const second = use(guild, 'join');
      expect(await first).toMatch(/sent away/);
      expect(await second).toContain(guild.voiceChannel.id);
      stage.discord.message(ana, guild.textChannel, 'Here you are.');
      await until('it is heard', () => listener.speech().length === 50, PATIENCE_MS);
      expect(timesTold(stage, guild, /was disconnected/)).toBe(0);
    } finally {
      delete stage.discord.faults.op4LateMs;
    }
  },
  PATIENCE_MS,
);

test(
  'after a /leave that Discord has answered, a disconnection is one',
  async () => {
    const { guild } = await server('answered');
    for (const name of ['join', 'leave', 'join']) await use(guild, name);
    stage.discord.moveBot(guild, null);
    await until('told', () => timesTold(stage, guild, /was disconnected/) === 1);
    expect(stage.discord.botVoiceChannel(guild)).toBeNull();
  },
  PATIENCE_MS,
);

test(
  'people are told things where /join was used last, since only that is read',
  async () => {
    const { guild } = await server('joined again');
    const later = guild.addTextChannel({ name: 'later' });
    await use(guild, 'join');
    await stage.discord.command(ana, guild, 'join', {}, { channel: later }).reply();
    stage.discord.mute(guild, stage.discord.applicationId, true);
    const toldIn = (channel: FakeChannel) =>
      stage.discord.messages(channel).filter(message => /muted/.test(contentOf(message))).length;
    await until('told', () => timesTold(stage, guild, /muted/) > 0);
    expect(toldIn(later)).toBe(1);
    expect(toldIn(guild.textChannel)).toBe(0);
  },
  PATIENCE_MS,
);
