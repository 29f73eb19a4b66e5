import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeChannel } from '../sandbox/discord/channel.ts';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import { contentOf } from '../sandbox/discord/message.ts';
import { chatGuild, textsHeard } from '../support/chat-guild.ts';
import { deleteData, exportedData } from '../support/privacy.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const PATIENCE_MS = 90_000;
/** In this time the bot would have followed somebody. */
const WOULD_HAVE_COME_MS = 2_000;
/** In this time it would have done so too when it has followed somebody a moment ago. */
const WOULD_COME_AGAIN_MS = 7_000;

let stage: Stage;
let manager: FakeUser;
let ana: FakeUser;
let ben: FakeUser;

beforeAll(async () => {
  stage = await startStage({ fish: { packets: 10 } }, discord => {
    manager = discord.addUser('Manager');
    ana = discord.addUser('Ana');
    ben = discord.addUser('Ben');
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

/** A guild in which nobody is in a voice channel yet. */
async function scene(name: string, settings: object = { follow: true }) {
  const { discord } = stage;
  const { guild } = await chatGuild(stage, { name, manager, others: [ana, ben], settings });
  await discord.leave(manager, guild);
  const use = (user: FakeUser, command: string, options = {}) =>
    discord.command(user, guild, command, options).reply();
  return { guild, use };
}

const place = (guild: FakeGuild) => stage.discord.botVoiceChannel(guild);

async function comesTo(guild: FakeGuild, channel: FakeChannel) {
  await until('the bot comes', () => place(guild) === channel.id, PATIENCE_MS);
}

const said = (channel: FakeChannel) => stage.discord.messages(channel).map(contentOf);

test('where the server does not allow it nobody is followed', async () => {
  const { guild, use } = await scene('off', {});
  expect(await use(ana, 'follow', { on: true })).toMatch(/don't follow anyone/);
  expect(await use(ana, 'follow', { on: false })).toMatch(/don't follow you/);
  await stage.discord.join(ana, guild.voiceChannel);
  await sleep(WOULD_HAVE_COME_MS);
  expect(place(guild)).toBeNull();
});

test('the bot comes when somebody enters who wants that, says what it reads, and reads', async () => {
  const { discord } = stage;
  const { guild, use } = await scene('comes');
  expect(await use(ana, 'follow', { on: true })).toMatch(/From now on I come/);
  const listener = await discord.join(ana, guild.voiceChannel);
  await comesTo(guild, guild.voiceChannel);
  await until('it says so', () => said(guild.voiceChannel).length > 0, PATIENCE_MS);
  const [told = '', ...more] = said(guild.voiceChannel);
  for (const part of [`<#${guild.voiceChannel.id}>`, 'Fish Audio', '`/optout`']) expect(told).toContain(part);
  expect(more).toEqual([]);
  discord.message(ana, guild.voiceChannel, 'Hello.');
  expect(await textsHeard(stage, listener, 1, PATIENCE_MS)).toEqual(['Hello.']);

  await use(ana, 'leave');
  await sleep(WOULD_HAVE_COME_MS);
  expect(place(guild), 'sent away, it stays away while she is there').toBeNull();
  await discord.leave(ana, guild);
  await discord.join(ana, guild.voiceChannel);
  await comesTo(guild, guild.voiceChannel);

  await use(ana, 'leave');
  await use(ana, 'follow', { on: false });
  await discord.leave(ana, guild);
  await discord.join(ana, guild.voiceChannel);
  await sleep(WOULD_HAVE_COME_MS);
  expect(place(guild), 'not followed any more').toBeNull();
});

test('it stays with people; where it is alone it goes along; it does not flap', async () => {
  const { discord } = stage;
  const { guild, use } = await scene('several');
  const [one, two, three] = [guild.voiceChannel, guild.addVoiceChannel(), guild.addVoiceChannel()];
  await use(ana, 'follow', { on: true });
  await use(ben, 'follow', { on: true });
  await discord.join(ana, one);
  await comesTo(guild, one);
  await discord.join(ben, two);
  await sleep(WOULD_COME_AGAIN_MS);
  expect(place(guild), 'it stays with Ana').toBe(one.id);
  await discord.join(ana, three);
  await comesTo(guild, three);
  await until('it says so there', () => said(three).length > 0, PATIENCE_MS);
  const before = discord.op4Count(guild);
  for (let round = 0; round < 4; round += 1) {
    await discord.join(ana, one);
    await discord.join(ben, three);
    await discord.join(ana, three);
    await discord.join(ben, two);
  }
  await sleep(WOULD_COME_AGAIN_MS);
  expect(place(guild)).toBe(three.id);
  expect(discord.op4Count(guild) - before, 'moves of the bot').toBeLessThanOrEqual(2);
});

test('it goes nowhere where it may not, and follows nobody else', async () => {
  const { discord } = stage;
  const { guild, use } = await scene('not allowed');
  const deny = [{ id: discord.applicationId, type: 1, allow: '0', deny: String(1n << 20n) }] as const;
  const closed = guild.addVoiceChannel({ permissionOverwrites: deny });
  await use(ana, 'follow', { on: true });
  await discord.join(ben, guild.voiceChannel);
  await discord.join(ana, closed);
  await sleep(WOULD_HAVE_COME_MS);
  expect(place(guild)).toBeNull();
  expect(discord.op4Count(guild)).toBe(0);
});

test('who is followed stands in their data, and is not any more once that is deleted', async () => {
  const { discord } = stage;
  const { guild, use } = await scene('deleted');
  await use(ben, 'follow', { on: true });
  const { servers } = await exportedData(stage, ben, guild);
  expect(servers.filter(server => 'guildId' in server && server.guildId === guild.id)).toMatchObject([
    { settings: { follow: true } },
  ]);
  await deleteData(stage, ben, guild);
  await discord.join(ben, guild.voiceChannel);
  await sleep(WOULD_HAVE_COME_MS);
  expect(place(guild)).toBeNull();
});
