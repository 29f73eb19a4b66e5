import {
  type Client,
  Events,
  GatewayDispatchEvents,
  GatewayIntentBits,
  Locale,
  type Message,
  Routes,
} from 'discord.js';
import { expect, test } from 'vitest';
import { connectGateway, INTENTS } from '../support/gateway-client.ts';
import { until } from '../support/until.ts';
import { app, discordForTest, isChat, loggedIn, nextUse, refusal, useApps } from './app.ts';

const { Guilds, GuildMessages, GuildVoiceStates, MessageContent } = GatewayIntentBits;
const VIEW = (1n << 10n).toString();

useApps();

/** A server with Ana and Ben, and a bot that reads and knows who is in voice. */
async function scene() {
  const discord = await discordForTest();
  const guild = discord.addGuild({ name: 'Home', locale: 'de' });
  const ana = discord.addUser('Ana', { username: 'ana.99' });
  const ben = discord.addUser('Ben', { nameless: true });
  for (const user of [ana, ben]) guild.addMember(user);
  const bot = await loggedIn(discord, [Guilds, GuildMessages, GuildVoiceStates, MessageContent]);
  const seen: Message[] = [];
  bot.on(Events.MessageCreate, message => seen.push(message));
  return { discord, guild, ana, ben, bot, seen };
}

function op4(bot: Client, guildId: string, channelId: string): void {
  const d = { guild_id: guildId, channel_id: channelId, self_mute: false, self_deaf: true };
  bot.ws.shards.first()?.send({ op: 4, d });
}

test('a server becomes unavailable, which takes the bot’s voice, and comes back', async () => {
  const { discord, guild, ana, bot, seen } = await scene();
  op4(bot, guild.id, guild.voiceChannel.id);
  await until('the bot is in voice', () => discord.botVoiceChannel(guild) !== null);
  const removed: string[] = [];
  bot.on(Events.GuildDelete, ({ id }) => removed.push(id));
  discord.setAvailable(guild, false);
  await until('the outage', () => bot.guilds.cache.get(guild.id)?.available === false);
  expect(discord.botVoiceChannel(guild)).toBeNull();
  expect(() => discord.message(ana, guild.textChannel, 'x')).toThrow('unavailable');
  expect(() => discord.command(ana, guild, 'x')).toThrow('unavailable');
  const late = await loggedIn(discord, [Guilds]);
  expect(late.guilds.cache.get(guild.id)?.available).toBe(false);
  discord.setAvailable(guild, true);
  await until('the end of it', () => bot.guilds.cache.get(guild.id)?.available === true);
  discord.message(ana, guild.textChannel, 'Back');
  await until('a message', () => seen.at(-1)?.content === 'Back');
  expect(removed).toEqual([]);
});

test('the bot is thrown out, is told of nothing and may do nothing there; invited again, it is', async () => {
  const { discord, guild, ana, bot, seen } = await scene();
  op4(bot, guild.id, guild.voiceChannel.id);
  await until('the bot is in voice', () => discord.botVoiceChannel(guild) !== null);
  discord.removeBot(guild);
  await until('the end', () => !bot.guilds.cache.has(guild.id));
  expect(discord.botVoiceChannel(guild)).toBeNull();
  discord.message(ana, guild.textChannel, 'Unheard');
  expect(() => discord.command(ana, guild, 'x')).toThrow('not in the server');
  expect(await refusal(bot.rest.get(Routes.channelMessages(guild.textChannel.id)))).toEqual([403, 50001]);
  expect(await refusal(bot.rest.get(Routes.guild(guild.id)))).toEqual([403, 50001]);
  discord.addBot(guild);
  await until('the invitation', () => bot.guilds.cache.has(guild.id));
  discord.message(ana, guild.textChannel, 'Heard');
  await until('a message', () => seen.length > 0);
  expect(seen.map(({ content }) => content)).toEqual(['Heard']);
});

test('Message Content is withdrawn: closed with 4014, then and at the next log-in; REST keeps it back', async () => {
  const { discord, guild, ana, bot } = await scene();
  guild.botPermissions = ((1n << 10n) | (1n << 16n)).toString();
  const other = await connectGateway(discord, INTENTS.guilds | INTENTS.messages);
  const codes: number[] = [];
  bot.on(Events.ShardDisconnect, ({ code }) => codes.push(code));
  discord.withdrawMessageContent();
  await until('the end', () => codes.length > 0);
  expect(codes).toEqual([4014]);
  await expect(loggedIn(discord, [Guilds, MessageContent])).rejects.toThrow(/disallowed intents/i);
  const sent = discord.message(ana, guild.textChannel, 'Secret');
  expect(await other.next('MESSAGE_CREATE')).toMatchObject({ content: '' }); // asked for no more than it may have
  const path = `/channels/${guild.textChannel.id}/messages/${sent.id}`;
  expect(await other.call('GET', path)).toMatchObject({ status: 200, json: { content: '' } });
  other.close();
});

test('channels, threads, roles, overwrites and names: the bot learns what it may know', async () => {
  const { discord, guild, ana, ben, bot, seen } = await scene();
  const here = bot.guilds.cache.get(guild.id);
  expect(here?.preferredLocale).toBe('de');
  guild.locale = 'ko';
  await until('the language', () => here?.preferredLocale === Locale.Korean);
  const role = guild.addRole('DJ', { mentionable: true });
  guild.setRoles(ana, [role]);
  guild.setNick(ana, 'Queen');
  const hidden = guild.addTextChannel({ name: 'hidden' });
  guild.setOverwrites(hidden, [{ id: ben.id, type: 1, allow: '0', deny: VIEW }]);
  const thread = guild.addThread(hidden, { name: 'Talk' });
  expect(guild.mayRead(ana.id, thread)).toBe(true);
  expect(guild.mayRead(ben.id, thread)).toBe(false); // as its channel
  expect(() => discord.message(ben, thread, 'x')).toThrow('may not write');
  discord.message(ana, thread, `<@&${role.id}> <@${ben.id}>`);
  await until('a message', () => seen.length === 1);
  const [message] = seen;
  expect(message?.member?.displayName).toBe('Queen');
  expect(message?.author.username).toBe('ana.99');
  expect(message?.member?.roles.cache.has(role.id)).toBe(true);
  expect(message?.mentions.roles.first()?.name).toBe('DJ');
  expect(message?.mentions.users.first()?.displayName).toBe('ben'); // has no global name
  expect(message?.channel.isThread() && message.channel.parentId).toBe(hidden.id);
  const seenHidden = here?.channels.cache.get(hidden.id);
  const overwrites = seenHidden && 'permissionOverwrites' in seenHidden && seenHidden.permissionOverwrites;
  expect(overwrites && overwrites.cache.get(ben.id)?.deny.has('ViewChannel')).toBe(true);
  expect((await here?.members.fetch(ben.id))?.joinedTimestamp).toBeGreaterThan(0);
  expect(await refusal(bot.rest.get(Routes.guildMember(guild.id, '1')))).toEqual([404, 10007]);
  guild.deleteRole(role);
  guild.deleteChannel(hidden);
  await until('both are gone', () => !here?.channels.cache.has(hidden.id) && !here?.roles.cache.has(role.id));
  const late = await loggedIn(discord, [Guilds]);
  expect(late.channels.cache.has(thread.id)).toBe(false);
});

test('events of members need an intent, but for the bot’s own', async () => {
  const { discord, guild, ana } = await scene();
  const client = await connectGateway(discord, INTENTS.guilds);
  guild.setNick(ana, 'Queen');
  const passing = discord.addUser('Passing');
  guild.addMember(passing);
  guild.removeMember(passing);
  guild.setNick(guild.member(discord.applicationId).user, 'Polly');
  await client.next('GUILD_MEMBER_UPDATE');
  expect(client.told('GUILD_MEMBER_UPDATE')).toMatchObject([{ nick: 'Polly' }]);
  expect(client.told('GUILD_MEMBER_REMOVE')).toEqual([]);
  client.close();
});

test('several people come, move and go in voice, and are seen at log-in', async () => {
  const { discord, guild, ana, ben, bot } = await scene();
  const other = guild.addVoiceChannel({ name: 'Other' });
  await Promise.all([discord.join(ana, guild.voiceChannel), discord.join(ben, guild.voiceChannel)]);
  const members = () => bot.guilds.cache.get(guild.id)?.voiceStates.cache;
  await until('both', () => members()?.size === 2);
  await discord.join(ben, other);
  await until('a move', () => members()?.get(ben.id)?.channelId === other.id);
  const late = await loggedIn(discord, [Guilds, GuildVoiceStates]);
  const states = late.guilds.cache.get(guild.id)?.voiceStates.cache;
  expect([states?.get(ana.id)?.channelId, states?.get(ben.id)?.channelId]).toEqual([
    guild.voiceChannel.id,
    other.id,
  ]);
  guild.removeMember(ben);
  await discord.leave(ana, guild);
  await until('nobody', () => [...(members()?.values() ?? [])].every(({ channelId }) => !channelId));
});

test('a message is told twice, and again after a resume; a forward carries the message it forwards', async () => {
  const { discord, guild, ana, bot, seen } = await scene();
  const told: string[] = [];
  bot.ws.on(GatewayDispatchEvents.MessageCreate, ({ id }) => told.push(id));
  const first = discord.message(ana, guild.textChannel, 'First', { times: 2, stickers: [{ name: 'Wave' }] });
  await until('twice', () => told.length === 2);
  let resumed = false;
  bot.on(Events.ShardResume, () => (resumed = true));
  discord.closeGateway(1001);
  const missed = discord.message(ana, guild.textChannel, 'Missed');
  await until('the resume', () => resumed);
  discord.tellAgain(first);
  discord.message(ana, guild.voiceChannel, '', { forward: first });
  await until('all', () => told.length === 5);
  expect(told.slice(0, 4)).toEqual([first.id, first.id, missed.id, first.id]);
  const forward = seen.at(-1);
  expect(forward?.reference).toMatchObject({ messageId: first.id, channelId: guild.textChannel.id });
  expect(forward?.messageSnapshots.first()?.content).toBe('First');
  expect(forward?.messageSnapshots.first()?.stickers.first()?.name).toBe('Wave');
  expect(() => discord.message(ana, guild.textChannel, 'Look', { forward: first })).toThrow('stands alone');
  discord.message(ana, guild.textChannel, '1', { webhook: { name: 'CI' } });
  discord.message(ana, guild.textChannel, '2', { webhook: { name: 'CI' } });
  await until('the webhook', () => seen.at(-1)?.content === '2');
  expect(seen.at(-1)?.webhookId).toBe(seen.at(-2)?.webhookId);
});

test('the bot answers a message only where it may read the history', async () => {
  const { discord, guild, ana, bot } = await scene();
  const asked = discord.message(ana, guild.textChannel, 'Well?');
  const post = (message_id: string) =>
    bot.rest.post(Routes.channelMessages(guild.textChannel.id), {
      body: { content: 'Yes.', message_reference: { message_id } },
    });
  expect(await refusal(post(asked.id))).toEqual([400, 160002]);
  guild.botPermissions = ((1n << 10n) | (1n << 11n) | (1n << 16n)).toString();
  expect(await refusal(post('1'))).toEqual([400, 50035, 'REPLIES_UNKNOWN_MESSAGE']);
  expect(await post(asked.id)).toMatchObject({ type: 19, referenced_message: { content: 'Well?' } });
});

test('what the bot answers after it was thrown out still arrives', async () => {
  const { discord, guild, ana, bot } = await app();
  const arriving = nextUse(bot, isChat);
  const use = discord.command(ana, guild, 'panel');
  const seen = await arriving;
  await seen.reply('Bye');
  discord.removeBot(guild);
  await seen.editReply('Bye, all');
  expect(await use.reply()).toBe('Bye, all');
});
