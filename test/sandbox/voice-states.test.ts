import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, GatewayDispatchEvents } from 'discord.js';
import { expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { discordForTest, hello, loggedIn, useApps } from './app.ts';

useApps();

const GUILDS = 1 << 0;
const VOICE_STATES = 1 << 7;

/** Voice packets that the bot is told of, as `@discordjs/voice` would. */
function voiceUpdates(bot: Client): { t: string; d: Record<string, unknown> }[] {
  const seen: { t: string; d: Record<string, unknown> }[] = [];
  for (const event of [
    GatewayDispatchEvents.VoiceStateUpdate,
    GatewayDispatchEvents.VoiceServerUpdate,
  ] as const)
    bot.ws.on(event, data => seen.push({ t: event, d: { ...data } }));
  return seen;
}

function op4(bot: Client, guildId: string, channelId: string | null): void {
  const d = { guild_id: guildId, channel_id: channelId, self_mute: false, self_deaf: true };
  bot.ws.shards.first()?.send({ op: 4, d });
}

test('op 4: first the state, then the server; leaving says so, and the session ends with the bot', async () => {
  const { discord, guild, bot } = await hello();
  const seen = voiceUpdates(bot);
  op4(bot, guild.id, guild.voiceChannel.id);
  await until('both', () => seen.length === 2);
  const [state, server] = seen;
  expect(state).toMatchObject({
    t: 'VOICE_STATE_UPDATE',
    d: { user_id: bot.user.id, channel_id: guild.voiceChannel.id },
  });
  expect(server).toMatchObject({ t: 'VOICE_SERVER_UPDATE', d: { endpoint: discord.voice[0]?.endpoint } });
  expect(discord.botVoiceChannel(guild)).toBe(guild.voiceChannel.id);
  op4(bot, guild.id, null);
  await until('leaving', () => seen.at(-1)?.d['channel_id'] === null);
  expect(discord.botVoiceChannel(guild)).toBeNull();
  expect(discord.op4Count(guild)).toBe(2);
  discord.faults.serverUpdateFirst = true;
  op4(bot, guild.id, guild.voiceChannel.id);
  await until('both again', () => seen.length === 5);
  expect(seen.slice(-2).map(({ t }) => t)).toEqual(['VOICE_SERVER_UPDATE', 'VOICE_STATE_UPDATE']);
  await bot.destroy();
  await until('the bot is gone', () => discord.botVoiceChannel(guild) === null && discord.connections === 0);
});

test('op 4 is ignored without a word: full, forbidden, unknown, a text channel, or told to', async () => {
  const { discord, guild, ana, bot } = await hello();
  const seen = voiceUpdates(bot);
  const full = guild.addVoiceChannel({ name: 'Full', userLimit: 1 });
  const deny = (1n << 20n).toString();
  const shut = guild.addVoiceChannel({ permissionOverwrites: [{ id: guild.id, type: 0, allow: '0', deny }] });
  await discord.join(ana, full);
  await expect(discord.join(guild.owner, shut)).resolves.toBeDefined(); // owners may
  await until('the people', () => seen.length === 2);
  for (const channel of [full.id, shut.id, guild.textChannel.id, '1']) op4(bot, guild.id, channel);
  op4(bot, '1', full.id);
  discord.faults.ignoreOp4 = true;
  await until('the requests', () => discord.op4Count(guild) === 4);
  op4(bot, guild.id, guild.voiceChannel.id);
  await until('the last request', () => discord.op4Count(guild) === 5);
  await sleep(100);
  expect(seen).toHaveLength(2);
  expect(discord.botVoiceChannel(guild)).toBeNull();
  discord.faults.ignoreOp4 = false;
  await discord.leave(ana, guild);
  op4(bot, guild.id, full.id);
  await until('there is room', () => discord.botVoiceChannel(guild) === full.id);
});

test('an admin moves the bot, Discord moves the call, and an invalid session ends it', async () => {
  const discord = await discordForTest({ voiceServers: 2 });
  const guild = discord.addGuild();
  const bot = await loggedIn(discord, GUILDS | VOICE_STATES);
  const seen = voiceUpdates(bot);
  op4(bot, guild.id, guild.voiceChannel.id);
  await until('the bot is in', () => seen.length === 2);
  const other = guild.addVoiceChannel({ name: 'Other' });
  discord.moveBot(guild, other);
  await until('dragged', () => seen.length === 4);
  expect(seen[2]?.d['channel_id']).toBe(other.id);
  expect(seen[3]?.d['token']).not.toBe(seen[1]?.d['token']);
  const people = (server: number) => discord.voice[server]?.call(other.id).listeners;
  const ana = discord.addUser('Ana');
  guild.addMember(ana);
  await discord.join(ana, other);
  await until('Ana', () => seen.length === 5);
  expect(people(0)?.has(ana.id)).toBe(true);
  seen.pop();
  discord.moveVoiceServer(guild, { to: 1 });
  await until('another server', () => seen.length === 5);
  expect(people(1)?.has(ana.id)).toBe(true);
  expect(seen[4]?.d['endpoint']).toBe(discord.voice[1]?.endpoint);
  discord.moveVoiceServer(guild, { to: 0, viaNull: true });
  await until('back, after none', () => seen.length === 7);
  expect(seen.slice(5).map(({ d }) => d['endpoint'])).toEqual([null, discord.voice[0]?.endpoint]);
  discord.moveBot(guild, null);
  await until('disconnected', () => seen.at(-1)?.d['channel_id'] === null);
  op4(bot, guild.id, guild.voiceChannel.id);
  await until('in again', () => discord.botVoiceChannel(guild) !== null);
  discord.invalidSession(false);
  await until('out', () => discord.botVoiceChannel(guild) === null);
});
