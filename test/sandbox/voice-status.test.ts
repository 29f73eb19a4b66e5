import { afterEach, expect, test } from 'vitest';
import { connectGateway, INTENTS } from '../support/gateway-client.ts';
import { startDiscord } from './discord/discord.ts';

const REQUEST_CHANNEL_INFO = 43;
const VOICE_STATES = 1 << 7;
const SET_VOICE_CHANNEL_STATUS = 1n << 48n;
const MANAGE_CHANNELS = 1n << 4n;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function scene() {
  const discord = await startDiscord();
  cleanups.push(() => discord[Symbol.asyncDispose]());
  const guild = discord.addGuild();
  const client = await connectGateway(discord, INTENTS.guilds | VOICE_STATES);
  cleanups.push(() => client.close());
  const { voiceChannel } = guild;
  const put = (status: unknown, channel = voiceChannel) =>
    client.call('PUT', `/channels/${channel.id}/voice-status`, { status });
  const allow = (bits: bigint) => {
    guild.botPermissions = String(BigInt(guild.botPermissions) | bits);
  };
  return { discord, guild, client, voiceChannel, put, allow };
}

test('who is in the channel needs one permission to set its status, who is not needs another one too', async () => {
  const { discord, guild, client, voiceChannel, put, allow } = await scene();
  expect(await put('Hi')).toMatchObject({ status: 403, json: { code: 50013 } });
  allow(SET_VOICE_CHANNEL_STATUS);
  expect(await put('Hi')).toMatchObject({ status: 403, json: { code: 50013 } });
  client.send(4, { guild_id: guild.id, channel_id: voiceChannel.id, self_mute: false, self_deaf: true });
  await client.next('VOICE_STATE_UPDATE');
  expect((await put('Hi')).status).toBe(204);
  expect(discord.voiceStatus(voiceChannel)).toBe('Hi');
  client.send(4, { guild_id: guild.id, channel_id: null, self_mute: false, self_deaf: true });
  await client.next('VOICE_STATE_UPDATE', 1);
  expect((await put('Hello')).status).toBe(403);
  allow(MANAGE_CHANNELS);
  expect((await put(null)).status).toBe(204);
  const told = { id: voiceChannel.id, guild_id: guild.id };
  expect(client.told('VOICE_CHANNEL_STATUS_UPDATE')).toEqual([
    { ...told, status: 'Hi' },
    { ...told, status: null },
  ]);
});

test('a status is a text of at most 500 characters, in a voice channel', async () => {
  const { guild, put, allow } = await scene();
  allow(SET_VOICE_CHANNEL_STATUS | MANAGE_CHANNELS);
  for (const wrong of [1, undefined, 'a'.repeat(501)])
    expect(await put(wrong), String(wrong)).toMatchObject({ status: 400, json: { code: 50035 } });
  expect((await put('a'.repeat(500))).status).toBe(204);
  for (const channel of [guild.textChannel, guild.addVoiceChannel({ stage: true })])
    expect(await put('Hi', channel)).toMatchObject({ status: 400, json: { code: 50024 } });
});

test('the gateway tells the statuses of a server to who asks', async () => {
  const { discord, guild, client, voiceChannel } = await scene();
  discord.setVoiceStatus(voiceChannel, 'Game night');
  client.send(REQUEST_CHANNEL_INFO, { guild_id: guild.id, fields: ['status'] });
  expect(await client.next('CHANNEL_INFO')).toEqual({
    guild_id: guild.id,
    channels: [{ id: voiceChannel.id, status: 'Game night' }],
  });
});
