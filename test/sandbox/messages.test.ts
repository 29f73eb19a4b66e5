import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Events, GatewayIntentBits, type Message, MessageType } from 'discord.js';
import { afterEach, expect, test } from 'vitest';
import { connectGateway, INTENTS } from '../support/gateway-client.ts';
import { until } from '../support/until.ts';
import { type FakeDiscord, startDiscord } from './discord/discord.ts';

const READING = INTENTS.guilds | INTENTS.messages | INTENTS.content;
const { guilds, messages } = INTENTS;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** A server with Ana and Ben in it, and a client that is told of it. */
async function scene(intents: number = READING) {
  const discord = await startDiscord();
  cleanups.push(() => discord[Symbol.asyncDispose]());
  const guild = discord.addGuild();
  const [ana, ben] = [discord.addUser('Ana'), discord.addUser('Ben')];
  for (const user of [ana, ben]) guild.addMember(user);
  const client = await connectGateway(discord, intents);
  cleanups.push(() => client.close());
  return { discord, guild, ana, ben, client, channel: guild.textChannel };
}

/** What the CDN answers. */
async function fetched(discord: FakeDiscord, url: unknown): Promise<{ status: number; bytes: Buffer }> {
  const asked = request(String(url), { ca: readFileSync(discord.caFile), timeout: 30_000 });
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; bytes: Buffer }>();
  asked.on('error', reject).on('response', response => {
    buffer(response).then(bytes => resolve({ status: response.statusCode ?? 0, bytes }), reject);
  });
  asked.end();
  return promise;
}

test('a message is told with its author, member, mentions and place', async () => {
  const { discord, guild, ana, ben, client, channel } = await scene();
  const sent = discord.message(ana, channel, `Hi <@${ben.id}> and \`<@${guild.owner.id}>\`, @everyone`);
  expect(await client.next('MESSAGE_CREATE')).toMatchObject({
    id: sent.id,
    type: 0,
    channel_id: channel.id,
    channel_type: 0,
    guild_id: guild.id,
    content: sent.fields['content'],
    author: { id: ana.id, username: 'ana', global_name: 'Ana' },
    member: { roles: [expect.any(String)], nick: null },
    mentions: [{ id: ben.id, member: { nick: null } }],
    mention_everyone: true,
    mention_roles: [],
    tts: false,
    flags: 0,
    attachments: [],
    embeds: [],
  });
  const [event] = client.told('MESSAGE_CREATE');
  expect(event?.['member']).not.toHaveProperty('user');
  expect(event?.['author']).not.toHaveProperty('bot');
});

test('replies, files, stickers, polls, forwards, silent ones and webhooks look as at Discord', async () => {
  const { discord, guild, ana, ben, client, channel } = await scene();
  const first = discord.message(ana, channel, 'First', { silent: true, tts: true });
  discord.message(ben, channel, '', {
    replyTo: first,
    attachments: [
      { name: 'photo one.png', contentType: 'image/png', bytes: Buffer.from('PNG') },
      { name: 'voice-message.ogg', contentType: 'audio/ogg', size: 200_000, voiceMessage: true },
    ],
  });
  discord.message(ana, channel, '', {
    stickers: [{ name: 'Wave' }],
    poll: { question: 'Tea?', answers: ['Yes', 'No'] },
  });
  discord.message(ana, guild.voiceChannel, '', { forward: { content: 'From afar' } });
  discord.message(ana, channel, 'Deployed', { webhook: { name: 'CI' } });
  const bot = discord.addUser('Echo', { bot: true });
  guild.addMember(bot);
  discord.message(bot, channel, 'Beep');
  await client.next('MESSAGE_CREATE', 5);
  const [silent, reply, sticker, forward, hook, robot] = client.told('MESSAGE_CREATE');
  expect(silent).toMatchObject({ flags: 1 << 12, tts: true });
  expect(reply).toMatchObject({
    type: 19,
    flags: 1 << 13,
    message_reference: { message_id: first.id },
    referenced_message: { id: first.id, content: 'First' },
    mentions: [{ id: ana.id }],
    attachments: [
      { filename: 'photo one.png', content_type: 'image/png', size: 3 },
      { size: 200_000, duration_secs: expect.any(Number), waveform: expect.any(String) },
    ],
  });
  expect(sticker).toMatchObject({
    content: '',
    sticker_items: [{ name: 'Wave' }],
    poll: {
      question: { text: 'Tea?' },
      answers: [{ answer_id: 1, poll_media: { text: 'Yes' } }, { answer_id: 2 }],
    },
  });
  expect(forward).toMatchObject({
    channel_type: 2,
    type: 0,
    content: '',
    flags: 1 << 14,
    message_reference: { type: 1 },
    message_snapshots: [{ message: { content: 'From afar' } }],
  });
  expect(hook).toMatchObject({ webhook_id: expect.any(String), author: { username: 'CI', bot: true } });
  expect(hook).not.toHaveProperty('member');
  expect(robot).toMatchObject({ author: { id: bot.id, bot: true }, member: {} });
  const [photo, voice] = (reply?.['attachments'] ?? []) as { url: string }[];
  expect(photo?.url).toMatch(new RegExp(`^${discord.cdnUrl}/attachments/${channel.id}/\\d+/photo%20one.png`));
  expect(await fetched(discord, photo?.url)).toEqual({ status: 200, bytes: Buffer.from('PNG') });
  expect((await fetched(discord, voice?.url)).bytes.length).toBe(200_000);
  expect((await fetched(discord, photo?.url.replace(/hm=../u, 'hm=zz'))).status).toBe(404);
});

test('a message is changed, deleted, told twice; and only those write who may', async () => {
  const { discord, guild, ana, client, channel } = await scene();
  const sent = discord.message(ana, channel, 'Helo', { times: 2 });
  discord.edit(sent, 'Hello');
  discord.deleteMessage(sent);
  await client.next('MESSAGE_DELETE');
  expect(client.events.slice(-4).map(({ t, d }) => [t, d['id'], d['content']])).toEqual([
    ['MESSAGE_CREATE', sent.id, 'Helo'],
    ['MESSAGE_CREATE', sent.id, 'Helo'],
    ['MESSAGE_UPDATE', sent.id, 'Hello'],
    ['MESSAGE_DELETE', sent.id, undefined],
  ]);
  expect(client.told('MESSAGE_UPDATE')[0]?.['edited_timestamp']).toEqual(expect.any(String));
  const deny = (1n << 11n).toString();
  const muted = guild.addTextChannel({
    permissionOverwrites: [{ id: ana.id, type: 1, allow: '0', deny }],
  });
  expect(() => discord.message(ana, muted, 'x')).toThrow('may not write');
  expect(() => discord.message(ana, channel, ' ')).toThrow('empty');
  expect(() => discord.message(discord.addUser('Stranger'), channel, 'x')).toThrow('not a member');
  const hidden = guild.addTextChannel({
    permissionOverwrites: [{ id: discord.applicationId, type: 1, allow: '0', deny: (1n << 10n).toString() }],
  });
  discord.message(ana, hidden, 'The bot does not see this');
  discord.message(ana, channel, 'Last');
  expect(await client.next('MESSAGE_CREATE', 2)).toMatchObject({ content: 'Last' });
  expect(discord.messages(hidden)).toHaveLength(1);
});

test('without Message Content there is no text but where the bot is meant; without Messages nothing', async () => {
  const { discord, ana, client, channel } = await scene(guilds | messages);
  const first = discord.message(ana, channel, 'Secret', {
    attachments: [{ name: 'a.txt' }],
    poll: { question: 'Q', answers: ['A'] },
  });
  discord.message(ana, channel, `<@${discord.applicationId}> open`, { replyTo: first });
  discord.message(ana, channel, '', { forward: { content: 'Hidden' } });
  await client.next('MESSAGE_CREATE', 2);
  const [bare, open, forward] = client.told('MESSAGE_CREATE');
  expect(bare).toMatchObject({ content: '', attachments: [], author: { id: ana.id } });
  expect(bare).not.toHaveProperty('poll');
  expect(open).toMatchObject({
    content: `<@${discord.applicationId}> open`,
    referenced_message: { content: '' },
  });
  expect(forward).toMatchObject({ message_snapshots: [{ message: { content: '' } }] });
  const deaf = await connectGateway(discord, guilds);
  cleanups.push(() => deaf.close());
  discord.message(ana, channel, 'Anybody?');
  discord.edit(first, 'Nobody');
  discord.addGuild();
  await deaf.next('GUILD_CREATE', 1);
  expect(deaf.events.filter(({ t }) => t.startsWith('MESSAGE'))).toEqual([]);
});

test('ten thousand messages of a thousand people are told in order, within seconds', async () => {
  const { discord, guild, client, channel } = await scene();
  const people = Array.from({ length: 1_000 }, (_, index) => discord.addUser(`Person ${index}`));
  for (const person of people) guild.addMember(person);
  for (let index = 0; index < 10_000; index += 1) {
    const person = people[index % people.length];
    if (person) discord.message(person, channel, `Message ${index}`);
  }
  await until('all', () => client.events.length >= 10_000);
  const contents = client.told('MESSAGE_CREATE').map(({ content }) => content);
  expect(contents).toEqual(Array.from({ length: 10_000 }, (_, index) => `Message ${index}`));
});

test('discord.js reads them', async () => {
  const { discord, ana, ben, channel } = await scene();
  const bot = new Client({
    intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.MessageContent],
    rest: { api: discord.apiUrl, timeout: 30_000 },
  });
  cleanups.push(() => bot.destroy());
  const seen: Message[] = [];
  bot.on(Events.MessageCreate, message => seen.push(message));
  await bot.login(discord.token);
  await until('the log-in', () => bot.isReady());
  const first = discord.message(ana, channel, `Hello <@${ben.id}>`);
  discord.message(ben, channel, 'Hi', { replyTo: first, attachments: [{ name: 'a.mp3' }] });
  discord.message(ana, channel, '', {
    stickers: [{ name: 'Wave' }],
    forward: { content: 'Far', attachments: [{ name: 'b.png', contentType: 'image/png' }] },
  });
  await until('three messages', () => seen.length === 3);
  const [hello, reply, forward] = seen;
  expect(hello?.cleanContent).toBe('Hello @Ben');
  expect(hello?.member?.displayName).toBe('Ana');
  expect(reply?.type).toBe(MessageType.Reply);
  expect(reply?.mentions.repliedUser?.id).toBe(ana.id);
  expect(reply?.attachments.first()?.url).toContain(discord.cdnUrl);
  expect(forward?.messageSnapshots.first()?.content).toBe('Far');
  expect(forward?.messageSnapshots.first()?.attachments.first()?.name).toBe('b.png');
  expect(forward?.stickers.first()?.name).toBe('Wave');
});

test('the bot reacts where it may, once, and no faster than Discord lets it', async () => {
  const { discord, guild, ana, client, channel } = await scene();
  const sent = discord.message(ana, channel, 'Hi');
  const path = (emoji = '⚠️', id = sent.id) =>
    `/channels/${channel.id}/messages/${id}/reactions/${encodeURIComponent(emoji)}/@me`;
  expect(await client.call('PUT', path())).toMatchObject({ status: 403, json: { code: 50013 } });
  // 64 is Add Reactions, 65536 Read Message History.
  guild.botPermissions = String(BigInt(guild.botPermissions) | 64n | 65_536n);
  const react = async (target: string) => {
    for (;;) {
      const answer = await client.call('PUT', target);
      if (answer.status !== 429) return answer;
      expect(answer.json['retry_after']).toBeGreaterThan(0);
      await sleep(Number(answer.json['retry_after']) * 1_000);
    }
  };
  expect((await react(path())).status).toBe(204);
  expect((await react(path())).status).toBe(204);
  expect(discord.reactions(sent)).toHaveLength(1);
  expect(await react(path('Hi'))).toMatchObject({ status: 400, json: { code: 10014 } });
  expect(await react(path('⚠️', '123456789012345678'))).toMatchObject({ status: 404, json: { code: 10008 } });
  const many = await Promise.all(Array.from({ length: 20 }, () => client.call('PUT', path('👍'))));
  expect(many.map(({ status }) => status)).toContain(429);
});
