import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeChannel } from '../sandbox/discord/channel.ts';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import { PERMISSION } from '../sandbox/discord/permissions.ts';
import { jsonFile } from '../support/managed-guild.ts';
import { type Stage, startStage } from '../support/stage.ts';

const MANAGE_GUILD = String(1n << 5n);

let stage: Stage;
let ana: FakeUser;
let ben: FakeUser;

beforeAll(async () => {
  stage = await startStage({ fish: { packets: 15 } }, discord => {
    ana = discord.addUser('Ana');
    ben = discord.addUser('Ben');
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

/** A server with Ana, who manages it, in its voice channel, with the bot; Ben is a member and elsewhere. */
async function server(name: string): Promise<FakeGuild> {
  const { discord } = stage;
  const guild = discord.addGuild({ name });
  guild.addMember(ana, { permissions: MANAGE_GUILD });
  guild.addMember(ben);
  await discord.join(ana, guild.voiceChannel);
  await use(guild, 'join').reply();
  return guild;
}

function use(guild: FakeGuild, name: string, options = {}, user = ana) {
  return stage.discord.command(user, guild, name, options);
}

/** Ana writes a message that is not read, for the sign with which it begins. */
function unread(channel: FakeChannel) {
  return stage.discord.message(ana, channel, '; a quiet word');
}

/** All ways to name a message. */
function namesOf(message: { id: string }, channel: FakeChannel): readonly string[] {
  const { id, guildId } = channel;
  return [
    message.id,
    `${id}-${message.id}`,
    `https://discord.com/channels/${guildId}/${id}/${message.id}`,
    `https://ptb.discord.com/channels/${guildId}/${id}/${message.id}`,
  ];
}

/** What Ana or Ben is told in this server, for each way to name the message. */
async function told(guild: FakeGuild, message: { id: string }, channel: FakeChannel, user = ana) {
  const answers = namesOf(message, channel).map(name => use(guild, 'why', { message: name }, user).reply());
  return [...new Set(await Promise.all(answers))];
}

const NOTHING = /I know nothing of that message/;

test('of a message of another server nothing is told, as of one that never was', async () => {
  const [here, there] = [await server('here'), await server('there')];
  const message = unread(there.textChannel);
  expect(await told(there, message, there.textChannel)).toEqual([expect.stringMatching(/begins with/)]);
  const answers = await told(here, message, there.textChannel);
  expect(answers).toEqual([expect.stringMatching(NOTHING)]);
  const never = { id: String(BigInt(message.id) + 1n) };
  expect(await told(here, never, here.textChannel)).toEqual(answers);
  const own = unread(here.textChannel);
  const elsewhere = `https://discord.com/channels/${there.id}/${here.textChannel.id}/${own.id}`;
  expect(await use(here, 'why', { message: own.id }).reply()).toMatch(/begins with/);
  expect(await use(here, 'why', { message: elsewhere }).reply()).toBe(answers[0]);
  const mixed = `https://discord.com/channels/${here.id}/${here.textChannel.id}/${message.id}`;
  expect(await use(here, 'why', { message: mixed }).reply()).toBe(answers[0]);
});

test('a message of the bot itself is called that, and not one that a setting would let it read', async () => {
  const guild = await server('own');
  const joined = use(guild, 'join');
  await joined.reply();
  const { message } = joined;
  if (!message) throw new Error('there is an answer');
  expect(await stage.discord.messageMenu(ana, message, 'Why not read?').reply()).toBe(
    "That is a message of mine. I don't read my own.",
  );
});

test.each([
  ['may not see', PERMISSION.viewChannel],
  ['may not read what was written before', PERMISSION.readMessageHistory],
])('nothing is told of a channel that the caller %s', async (_what, denied) => {
  const guild = await server('hidden');
  const overwrites = [{ id: ben.id, type: 1, allow: '0', deny: String(denied) }] as const;
  const hidden = guild.addTextChannel({ name: 'hidden', permissionOverwrites: overwrites });
  const thread = guild.addThread(hidden);
  for (const channel of [hidden, thread]) {
    await stage.discord.command(ana, guild, 'join', {}, { channel }).reply();
    const message = unread(channel);
    expect(await told(guild, message, channel)).toEqual([expect.stringMatching(/begins with/)]);
    const answers = await told(guild, message, channel, ben);
    expect(answers).toEqual([expect.stringMatching(NOTHING)]);
    expect(await told(guild, { id: String(BigInt(message.id) + 1n) }, channel, ben)).toEqual(answers);
  }
});

test('the chat of a voice channel is for those who may enter it', async () => {
  const guild = await server('voice');
  const denied = { id: ben.id, type: 1, allow: '0', deny: String(PERMISSION.connect) } as const;
  const message = unread(guild.voiceChannel);
  expect(await told(guild, message, guild.voiceChannel, ben)).toEqual([expect.stringMatching(/begins with/)]);
  guild.setOverwrites(guild.voiceChannel, [denied]);
  expect(await told(guild, message, guild.voiceChannel, ben)).toEqual([expect.stringMatching(NOTHING)]);
});

test('who lost sight of a channel after writing is told nothing of others’ messages there', async () => {
  const guild = await server('lost');
  const message = unread(guild.textChannel);
  expect(await told(guild, message, guild.textChannel, ben)).toHaveLength(1);
  const elsewhere = guild.addTextChannel({ name: 'elsewhere' });
  const denied = { id: ben.id, type: 1, allow: '0', deny: String(PERMISSION.viewChannel) } as const;
  guild.setOverwrites(guild.textChannel, [denied]);
  const asked = { message: message.id };
  const answer = stage.discord.command(ben, guild, 'why', asked, { channel: elsewhere });
  expect(await answer.reply()).toMatch(NOTHING);
});

test('a link that names another channel than the message’s is no way to it', async () => {
  const guild = await server('wrong channel');
  const message = unread(guild.textChannel);
  const link = `https://discord.com/channels/${guild.id}/${guild.voiceChannel.id}/${message.id}`;
  expect(await use(guild, 'why', { message: link }).reply()).toMatch(NOTHING);
});

test('written just before the bot is sent away, and told of together with that: it left before their turn', async () => {
  const { discord } = stage;
  const guild = await server('sent away');
  await use(guild, 'pause').reply();
  // What happens until the bot has resumed comes all at once.
  discord.reconnectGateway();
  const written = ['One.', 'Two.', 'Three.'].map(text => discord.message(ana, guild.textChannel, text));
  await use(guild, 'leave').reply();
  await use(guild, 'join').reply();
  for (const message of written)
    expect(await use(guild, 'why', { message: message.id }).reply()).toMatch(/I left the voice channel/);
});

test('who writes more at once than may be said for them in a minute is not told that they have said a lot', async () => {
  const guild = await server('a minute');
  await use(guild, 'settings import', jsonFile({ personBytesPerMinute: 30, announce: 'never' })).reply();
  const long = stage.discord.message(ana, guild.textChannel, 'This has more than thirty bytes.');
  expect(await use(guild, 'why', { message: long.id }).reply()).toMatch(/^By itself .* Write it shorter/);
  expect(await use(guild, 'why', { message: long.id }, ben).reply()).toMatch(/^By itself .* minute\.$/);
  stage.discord.message(ana, guild.textChannel, 'This has twenty bytes');
  const more = stage.discord.message(ana, guild.textChannel, 'Another twenty bytes.');
  expect(await use(guild, 'why', { message: more.id }).reply()).toMatch(/^You had said a lot/);
});
