import { once } from 'node:events';
import { ChannelType, Events, REST, Routes } from 'discord.js';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { until } from '../support/until.ts';
import { button, clientOf, discordForTest, HELLO, hello, loggedIn, refusal, row, useApps } from './app.ts';
import type { FakeDiscord } from './discord/discord.ts';

useApps();

const GUILDS = 1 << 0;
const VOICE_STATES = 1 << 7;
const MESSAGE_CONTENT = 1 << 15;

function rest(discord: FakeDiscord, token = discord.token): REST {
  return new REST({ api: discord.apiUrl, retries: 0 }).setToken(token);
}

/** Status and code of a refusal. */
const refused = async (call: Promise<unknown>) => (await refusal(call)).slice(0, 2);

test('discord.js logs in and sees the server, its channels, roles and itself; new servers come later', async () => {
  const { discord, guild, bot } = await hello();
  await discord.ready(100);
  expect(bot.user.id).toBe(discord.applicationId);
  expect(bot.user.bot).toBe(true);
  const seen = bot.guilds.cache.get(guild.id);
  expect(seen?.name).toBe('Home');
  expect(seen?.members.me?.id).toBe(discord.applicationId);
  expect(seen?.channels.cache.get(guild.voiceChannel.id)?.type).toBe(ChannelType.GuildVoice);
  const me = seen?.members.me;
  expect(me && seen?.channels.cache.get(guild.voiceChannel.id)?.permissionsFor(me).has('Speak')).toBe(true);
  guild.botPermissions = '0';
  await until('the role changes', () => !seen?.members.me?.permissions.has('Speak'));
  const later = discord.addGuild({ name: 'Later' });
  await until('the new server', () => bot.guilds.cache.get(later.id)?.name === 'Later');
  expect(discord.lastIdentify?.intents).toBe(GUILDS | VOICE_STATES);
  expect(discord.connections).toBe(1);
});

test('REST is as strict as Discord', async () => {
  const { discord, guild, bot } = await hello();
  const commands = Routes.applicationCommands(bot.application.id);
  const channel = Routes.channelMessages(guild.textChannel.id);
  const put = (...body: object[]) => refused(bot.rest.put(commands, { body }));
  expect(await refused(rest(discord, 'wrong').get('/users/@me'))).toEqual([401, 0]);
  expect(await refused(bot.rest.get('/no/such/route'))).toEqual([404, 0]);
  expect(discord.requests.at(-1)).toMatchObject({ method: 'GET', path: '/no/such/route', status: 404 });
  expect(await refused(bot.rest.delete(channel))).toEqual([405, 0]);
  expect(await put({ ...HELLO, name: 'Hello' })).toEqual([400, 50035]);
  expect(await put({ ...HELLO, description: '' })).toEqual([400, 50035]);
  expect(await put({ ...HELLO, options: HELLO.options.toReversed() })).toEqual([400, 50035]);
  expect(await put(HELLO, HELLO)).toEqual([400, 50035]);
  expect(await refused(bot.rest.post(channel, { body: { content: 'x'.repeat(2_001) } }))).toEqual([
    400, 50035,
  ]);
  for (const content of ['', ' \n'])
    expect(await refused(bot.rest.post(channel, { body: { content } }))).toEqual([400, 50006]);
  const half = await fetch(`${discord.apiUrl}/v10${channel}`, {
    method: 'POST',
    headers: {
      authorization: `Bot ${discord.token}`,
      'content-type': 'application/json',
      'user-agent': 'DiscordBot (half a character)',
    },
    body: JSON.stringify({ content: 'x', components: [row(button('\ud83d'))] }),
  });
  expect(half.status).toBe(500);
  expect(await refused(bot.rest.post(Routes.channelMessages('1'), { body: { content: 'x' } }))).toEqual([
    404, 10003,
  ]);
  const text = bot.channels.cache.get(guild.textChannel.id);
  if (!text?.isSendable()) throw new Error('the channel cannot be written to');
  const sent = await text.send({ content: 'Notice', allowedMentions: { parse: [] } });
  expect(sent.author.id).toBe(bot.user.id);
  await sent.edit('Changed');
  expect(discord.requests.at(-1)).toMatchObject({
    method: 'PATCH',
    status: 200,
    body: { content: 'Changed' },
  });
  guild.botPermissions = (1n << 10n).toString();
  expect(await refused(bot.rest.post(channel, { body: { content: 'x' } }))).toEqual([403, 50013]);
  discord.faults.rest429 = 1;
  expect(await bot.rest.get('/users/@me')).toMatchObject({ id: bot.user.id }); // the library waits and asks again
  expect(discord.requests.slice(-2).map(({ status }) => status)).toEqual([429, 200]);
});

test('files come in a form beside the message', async () => {
  const { discord, guild, bot } = await hello();
  guild.botPermissions = ((1n << 10n) | (1n << 11n) | (1n << 15n)).toString();
  const files = [{ name: 'a.ogg', data: Buffer.from('OggS') }];
  const body = { content: 'A file', allowed_mentions: { parse: [] } };
  const sent = await bot.rest.post(Routes.channelMessages(guild.textChannel.id), { body, files });
  expect(sent).toMatchObject({ content: 'A file', attachments: [{ filename: 'a.ogg', size: 4 }] });
  expect(discord.requests.at(-1)).toMatchObject({
    body,
    files: [{ field: 'files[0]', bytes: Buffer.from('OggS') }],
  });
});

test.each([
  [
    'the gateway is told to',
    GUILDS,
    /Authentication failed/,
    (discord: FakeDiscord) => (discord.faults.identifyClose = 4004),
  ],
  [
    'Message Content is not enabled',
    GUILDS | MESSAGE_CONTENT,
    /disallowed intents/i,
    (discord: FakeDiscord) => (discord.faults.messageContentIntent = false),
  ],
  ['Members was never enabled', GUILDS | (1 << 1), /disallowed intents/i, () => undefined],
  ['the intents do not exist', 1 << 18, /invalid intents/i, () => undefined],
])('IDENTIFY is refused when %s', async (_, intents, message, prepare) => {
  const discord = await discordForTest();
  prepare(discord);
  await expect(clientOf(discord, intents).login(discord.token)).rejects.toThrow(message);
  expect(discord.identifies).toEqual([]);
});

test('Message Content is accepted where it is enabled; a wrong token and an outage are not logged in', async () => {
  const discord = await discordForTest();
  await loggedIn(discord, GUILDS | MESSAGE_CONTENT);
  await expect(clientOf(discord, GUILDS).login('wrong.token.here')).rejects.toThrow(/invalid token/i);
  discord.faults.restRefusals = { path: /^\/gateway\/bot$/u, status: 401, code: 0, times: 1 };
  await expect(clientOf(discord, GUILDS).login(discord.token)).rejects.toThrow(/invalid token/i);
});

test.each([
  ['the socket breaks', (discord: FakeDiscord) => discord.closeGateway(1001)],
  ['Discord asks for it', (discord: FakeDiscord) => discord.reconnectGateway()],
  ['the session is invalid but resumable', (discord: FakeDiscord) => discord.invalidSession(true)],
])('when %s, the bot resumes and is told what it missed, once', async (_, interrupt) => {
  const { discord, guild, ana, bot } = await hello();
  let resumed = 0;
  bot.on(Events.ShardResume, () => (resumed += 1));
  const moves: (string | null)[] = [];
  bot.on(Events.VoiceStateUpdate, (__, { channelId }) => moves.push(channelId));
  interrupt(discord);
  await discord.join(ana, guild.voiceChannel);
  await discord.leave(ana, guild);
  await until('the resume', () => resumed === 1);
  await until('what was missed', () => moves.length >= 2);
  expect(moves).toEqual([guild.voiceChannel.id, null]);
  expect(discord.identifies).toHaveLength(1);
  expect(discord.connections).toBe(1);
});

/** What a client sends that speaks the gateway's protocol by hand, and the code it is closed with. */
async function closeCode(
  discord: FakeDiscord,
  messages: readonly (object | string)[],
  query = 'v=10&encoding=json',
) {
  const socket = new WebSocket(
    `${discord.apiUrl.replace('http', 'ws').replace('/api', '/gateway')}?${query}`,
  );
  const closed = once(socket, 'close', { signal: AbortSignal.timeout(30_000) });
  await once(socket, 'open');
  for (const message of messages)
    socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  const [code] = await closed;
  return code as number;
}

test('the gateway closes on whatever Discord would close on', async () => {
  const discord = await discordForTest();
  const { token } = discord;
  const identify = { op: 2, d: { token, intents: GUILDS, properties: {} } };
  const join = { op: 4, d: { guild_id: '1', channel_id: '2', self_mute: false, self_deaf: true } };
  const beat = { op: 1, d: null };
  expect(await closeCode(discord, [identify, { op: 99, d: {} }])).toBe(4001);
  expect(await closeCode(discord, ['no JSON'])).toBe(4002);
  expect(await closeCode(discord, [identify, { ...join, d: { ...join.d, channel_id: 2 } }])).toBe(4002);
  expect(await closeCode(discord, [join])).toBe(4003);
  expect(await closeCode(discord, [{ ...identify, d: { ...identify.d, token: 'x' } }])).toBe(4004);
  expect(await closeCode(discord, [identify, identify])).toBe(4005);
  expect(await closeCode(discord, [identify, ...Array.from({ length: 120 }, () => beat)])).toBe(4008);
  expect(await closeCode(discord, [{ ...identify, d: { ...identify.d, shard: [1, 1] } }])).toBe(4010);
  expect(await closeCode(discord, [identify], 'v=9&encoding=json')).toBe(4012);
});
