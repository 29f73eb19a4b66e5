import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import {
  Client,
  CommandInteraction,
  ComponentInteraction,
  type VoiceConnection,
} from '@projectdysnomia/dysnomia';
import { afterEach, expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { startDiscord } from './discord/discord.ts';

/** A client by other authors than discord.js', voice included, proves that the sandbox speaks Discord's protocol. */

const GUILDS = 1 << 0;
const VOICE_STATES = 1 << 7;
const MESSAGES = 1 << 9;
const MESSAGE_CONTENT = 1 << 15;
const EPHEMERAL = 1 << 6;
const HELLO = { name: 'hello', description: 'Greets', type: 1 } as const;
/** 20 ms of Opus (TOC: CELT, fullband, mono), told apart by their last byte. */
const PACKETS = Array.from({ length: 50 }, (_, index) => Buffer.from([0xf8, 1, 2, 3, 4, 5, 6, index]));

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function scene() {
  const discord = await startDiscord();
  cleanups.push(() => discord[Symbol.asyncDispose]());
  const guild = discord.addGuild({ name: 'Home' });
  const ana = discord.addUser('Ana');
  guild.addMember(ana);
  const { hostname: domain, port } = new URL(discord.apiUrl);
  const bot = new Client(`Bot ${discord.token}`, {
    gateway: { intents: GUILDS | VOICE_STATES | MESSAGES | MESSAGE_CONTENT, autoreconnect: false },
    rest: { domain, port: Number(port), https: false, baseURL: '/api/v10' },
    voice: { opusOnly: true, ws: { ca: await readFile(discord.caFile) } },
  });
  const errors: unknown[] = [];
  bot.on('error', error => errors.push(error));
  cleanups.push(() => bot.disconnect({ reconnect: false }));
  const ready = new Promise<void>(resolve => {
    bot.once('ready', resolve);
  });
  await bot.connect();
  await ready;
  return { discord, guild, ana, bot, errors };
}

test('Dysnomia logs in, registers a command and answers it', async () => {
  const { discord, guild, ana, bot, errors } = await scene();
  expect(bot.user.id).toBe(discord.applicationId);
  expect(bot.guilds.get(guild.id)?.channels.get(guild.textChannel.id)?.name).toBe('general');
  await bot.bulkEditCommands([HELLO]);
  expect(discord.registered).toMatchObject([{ name: 'hello' }]);
  bot.on('interactionCreate', use => {
    if (!(use instanceof CommandInteraction)) return;
    use
      .defer(EPHEMERAL)
      .then(() => use.editOriginalMessage({ content: 'Hello!', allowedMentions: { everyone: false } }))
      .catch((error: unknown) => errors.push(error));
  });
  const use = discord.command(ana, guild, 'hello');
  expect(await use.reply()).toBe('Hello!');
  expect(use.ephemeral).toBe(true);
  await bot.createMessage(guild.textChannel.id, 'Notice');
  expect(discord.requests.at(-1)).toMatchObject({ method: 'POST', status: 200, body: { content: 'Notice' } });
  expect(errors).toEqual([]);
});

test('Dysnomia joins voice and is heard, end-to-end encrypted', async () => {
  const { discord, guild, ana, bot, errors } = await scene();
  const listener = await discord.join(ana, guild.voiceChannel);
  const connection: VoiceConnection = await bot.joinVoiceChannel(guild.voiceChannel.id, { selfDeaf: true });
  expect(discord.botVoiceChannel(guild)).toBe(guild.voiceChannel.id);
  await until('the encrypted group', () => listener.privacyCode !== null);
  connection.play(Readable.from(PACKETS), { format: 'opusPackets' });
  await until('all is heard', () => listener.speech().length >= PACKETS.length);
  expect(listener.speech()).toEqual(PACKETS);
  expect(listener.undecryptable + listener.unencrypted).toBe(0);
  bot.leaveVoiceChannel(guild.voiceChannel.id);
  await until('the bot is gone', () => discord.botVoiceChannel(guild) === null);
  expect(errors).toEqual([]);
});

test('Dysnomia reads what people write, and its button is pressed', async () => {
  const { discord, guild, ana, bot, errors } = await scene();
  const read: string[] = [];
  bot.on('messageCreate', ({ author, content, attachments }) => {
    if (!author.bot) read.push(`${author.username}: ${content} +${attachments.size}`);
  });
  bot.on('interactionCreate', use => {
    if (use instanceof ComponentInteraction)
      use.editParent({ content: 'Pressed', components: [] }).catch((error: unknown) => errors.push(error));
  });
  discord.message(ana, guild.textChannel, 'Hi', { attachments: [{ name: 'a.png' }] });
  await until('the message', () => read.length === 1);
  expect(read).toEqual(['ana: Hi +1']);
  const button = { type: 2, style: 1, label: 'Press', custom_id: 'press' } as const;
  await bot.createMessage(guild.textChannel.id, {
    content: 'Press',
    components: [{ type: 1, components: [button] }],
  });
  const [, posted] = discord.messages(guild.textChannel);
  if (!posted) throw new Error('nothing was posted');
  expect(await discord.press(ana, posted, 'press').reply()).toBe('Pressed');
  expect(errors).toEqual([]);
});
