import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ChannelType,
  type ChatInputCommandInteraction,
  Client,
  DiscordAPIError,
  Events,
  GatewayDispatchEvents,
  MessageFlags,
  REST,
  Routes,
} from 'discord.js';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type FakeDiscord, startDiscord } from './discord/discord.ts';
import { until } from '../support/until.ts';

const GUILDS = 1 << 0;
const VOICE_STATES = 1 << 7;
const MESSAGE_CONTENT = 1 << 15;

const HELLO = {
  name: 'hello',
  description: 'Greets',
  options: [
    { type: 3, name: 'text', description: 'What', required: true, max_length: 20 },
    { type: 7, name: 'channel', description: 'Where', channel_types: [2], required: false },
  ],
};

const cleanups: (() => PromiseLike<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function start(options?: Parameters<typeof startDiscord>[0]): Promise<FakeDiscord> {
  const discord = await startDiscord(options);
  cleanups.push(() => discord[Symbol.asyncDispose]());
  return discord;
}

function client(discord: FakeDiscord, intents = GUILDS | VOICE_STATES): Client {
  const made = new Client({ intents, rest: { api: discord.apiUrl, timeout: 5_000 } });
  cleanups.push(() => made.destroy());
  return made;
}

async function loggedIn(discord: FakeDiscord, intents?: number): Promise<Client<true>> {
  const made = client(discord, intents);
  const { promise, resolve } = Promise.withResolvers<Client<true>>();
  made.once(Events.ClientReady, resolve);
  await made.login(discord.token);
  return promise;
}

function rest(discord: FakeDiscord, token = discord.token): REST {
  return new REST({ api: discord.apiUrl, retries: 0 }).setToken(token);
}

/** What a call was refused with. */
async function refusal(call: Promise<unknown>): Promise<[status: number, code: number | string]> {
  try {
    await call;
  } catch (error) {
    if (error instanceof DiscordAPIError) return [error.status, error.code];
    throw error;
  }
  throw new Error('the call was not refused');
}

/** The bot's next command use. */
function nextUse(bot: Client): Promise<ChatInputCommandInteraction> {
  return new Promise(resolve => {
    bot.once(Events.InteractionCreate, use => {
      if (use.isChatInputCommand()) resolve(use);
    });
  });
}

/** A bot in one server with Ana, and the command registered. */
async function scene() {
  const discord = await start();
  const guild = discord.addGuild({ name: 'Home' });
  const ana = discord.addUser('Ana');
  guild.addMember(ana);
  const bot = await loggedIn(discord);
  await bot.rest.put(Routes.applicationCommands(bot.application.id), { body: [HELLO] });
  return { discord, guild, ana, bot };
}

test('discord.js logs in and sees the server, its channels, roles and itself; new servers come later', async () => {
  const { discord, guild, bot } = await scene();
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

test('a command goes to the bot with options, member and channel, and the answer to the person', async () => {
  const { discord, guild, ana, bot } = await scene();
  expect(discord.registered).toMatchObject([{ name: 'hello', application_id: discord.applicationId }]);
  const arriving = nextUse(bot);
  const use = discord.command(ana, guild, 'hello', { text: 'Hi', channel: guild.voiceChannel });
  const seen = await arriving;
  expect(seen.options.getString('text')).toBe('Hi');
  expect(seen.options.getChannel('channel')?.id).toBe(guild.voiceChannel.id);
  expect(seen.inCachedGuild() && seen.member.displayName).toBe('Ana');
  expect(seen.channelId).toBe(guild.textChannel.id);
  expect(seen.appPermissions.has('Speak')).toBe(true);
  expect(use.ephemeral).toBeUndefined();
  const content = 'Hello, @everyone';
  const allowedMentions = { parse: [] };
  const sent = await seen.reply({
    content,
    allowedMentions,
    flags: MessageFlags.Ephemeral,
    withResponse: true,
  });
  expect(sent.resource?.message?.content).toBe(content);
  expect(await use.reply()).toBe(content);
  expect(use.ephemeral).toBe(true);
  expect(await use.firstResponse).toMatchObject({
    type: 4,
    body: { data: { allowed_mentions: { parse: [] } } },
  });
  await seen.editReply('Changed');
  expect(await use.reply()).toBe('Changed');
  await seen.followUp('More');
  expect(use.followUps).toMatchObject([{ content: 'More' }]);
});

test('"thinking", then an edit; a further message right after "thinking" is the answer itself', async () => {
  const { discord, guild, ana, bot } = await scene();
  for (const how of ['editReply', 'followUp'] as const) {
    const arriving = nextUse(bot);
    const use = discord.command(ana, guild, 'hello', { text: how });
    const seen = await arriving;
    await seen.deferReply();
    expect((await use.firstResponse).type).toBe(5);
    await expect(use.reply(50)).rejects.toThrow('no reply');
    await seen[how]({ content: how, flags: [] });
    expect(await use.reply()).toBe(how);
    expect(use.ephemeral).toBe(false);
    expect(use.followUps).toEqual([]);
  }
});

test('"thinking" deleted, then a message for the caller alone: that is the answer', async () => {
  const { discord, guild, ana, bot } = await scene();
  const arriving = nextUse(bot);
  const use = discord.command(ana, guild, 'hello', { text: 'x' });
  const seen = await arriving;
  await seen.deferReply();
  await seen.deleteReply();
  await seen.followUp({ content: 'No.', flags: MessageFlags.Ephemeral });
  expect(await use.reply()).toBe('No.');
  expect(use.ephemeral).toBe(true);
  expect(await refusal(seen.fetchReply())).toEqual([404, 10008]);
});

test('answered twice: 40060; too late: 10062; a wrong token: 50027; before the answer: 10015', async () => {
  const { discord, guild, ana, bot } = await scene();
  let arriving = nextUse(bot);
  discord.command(ana, guild, 'hello', { text: 'x' });
  const seen = await arriving;
  const callback = Routes.interactionCallback(seen.id, seen.token);
  const answer = () => bot.rest.post(callback, { auth: false, body: { type: 4, data: { content: 'Once' } } });
  const original = (token: string) =>
    bot.rest.get(Routes.webhookMessage(bot.application.id, token), { auth: false });
  expect(await refusal(original(seen.token))).toEqual([404, 10015]);
  await answer();
  expect(await refusal(answer())).toEqual([400, 40060]);
  expect(await refusal(original('nobody'))).toEqual([401, 50027]);
  discord.faults.interactionTtlMs = 50;
  arriving = nextUse(bot);
  const use = discord.command(ana, guild, 'hello', { text: 'x' });
  const late = await arriving;
  await sleep(80);
  expect(await refusal(late.reply('Too late'))).toEqual([404, 10062]);
  await expect(use.reply(50)).rejects.toThrow('no reply');
});

test('people can use only what is registered, and only as it is', async () => {
  const { discord, guild, ana } = await scene();
  const refused = (name: string, options: Parameters<FakeDiscord['command']>[3]) =>
    expect(discord.command(ana, guild, name, options).reply(500)).rejects.toThrow(`/${name}`);
  await refused('goodbye', {});
  await refused('hello', {});
  await refused('hello', { text: 'x', other: 1 });
  await refused('hello', { text: 1 });
  await refused('hello', { text: 'x'.repeat(21) });
  await refused('hello', { text: 'x', channel: guild.textChannel });
  expect(() => discord.command(discord.addUser('Stranger'), guild, 'hello')).toThrow('not a member');
});

test('REST is as strict as Discord', async () => {
  const { discord, guild, bot } = await scene();
  const commands = Routes.applicationCommands(bot.application.id);
  const channel = Routes.channelMessages(guild.textChannel.id);
  const put = (...body: object[]) => refusal(bot.rest.put(commands, { body }));
  expect(await refusal(rest(discord, 'wrong').get('/users/@me'))).toEqual([401, 0]);
  expect(await refusal(bot.rest.get('/no/such/route'))).toEqual([404, 0]);
  expect(discord.requests.at(-1)).toMatchObject({ method: 'GET', path: '/no/such/route', status: 404 });
  expect(await refusal(bot.rest.delete(channel))).toEqual([405, 0]);
  expect(await put({ ...HELLO, name: 'Hello' })).toEqual([400, 50035]);
  expect(await put({ ...HELLO, description: '' })).toEqual([400, 50035]);
  expect(await put({ ...HELLO, options: HELLO.options.toReversed() })).toEqual([400, 50035]);
  expect(await put(HELLO, HELLO)).toEqual([400, 50035]);
  expect(await refusal(bot.rest.post(channel, { body: { content: 'x'.repeat(2_001) } }))).toEqual([
    400, 50035,
  ]);
  expect(await refusal(bot.rest.post(channel, { body: { content: '' } }))).toEqual([400, 50006]);
  expect(await refusal(bot.rest.post(Routes.channelMessages('1'), { body: { content: 'x' } }))).toEqual([
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
  expect(await refusal(bot.rest.post(channel, { body: { content: 'x' } }))).toEqual([403, 50013]);
  discord.faults.rest429 = 1;
  expect(await bot.rest.get('/users/@me')).toMatchObject({ id: bot.user.id }); // the library waits and asks again
  expect(discord.requests.slice(-2).map(({ status }) => status)).toEqual([429, 200]);
});

test('files come in a form beside the message', async () => {
  const { discord, guild, bot } = await scene();
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
  const discord = await start();
  prepare(discord);
  await expect(client(discord, intents).login(discord.token)).rejects.toThrow(message);
  expect(discord.identifies).toEqual([]);
});

test('Message Content is accepted where it is enabled; a wrong token and an outage are not logged in', async () => {
  const discord = await start();
  await loggedIn(discord, GUILDS | MESSAGE_CONTENT);
  await expect(client(discord).login('wrong.token.here')).rejects.toThrow(/invalid token/i);
  discord.faults.gatewayBotStatus = { status: 401, times: 1 };
  await expect(client(discord).login(discord.token)).rejects.toThrow(/invalid token/i);
});

test.each([
  ['the socket breaks', (discord: FakeDiscord) => discord.closeGateway(1001)],
  ['Discord asks for it', (discord: FakeDiscord) => discord.reconnectGateway()],
  ['the session is invalid but resumable', (discord: FakeDiscord) => discord.invalidSession(true)],
])('when %s, the bot resumes and is told what it missed, once', async (_, interrupt) => {
  const { discord, guild, ana, bot } = await scene();
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
  const { discord, guild, bot } = await scene();
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
  const { discord, guild, ana, bot } = await scene();
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
  const discord = await start({ voiceServers: 2 });
  const guild = discord.addGuild();
  const bot = await loggedIn(discord);
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
  const discord = await start();
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
