import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBot } from '../sandbox/bot.ts';
import type { FakeChannel } from '../sandbox/discord/channel.ts';
import { allComponents } from '../sandbox/discord/component.ts';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import { contentOf, type FakeMessage } from '../sandbox/discord/message.ts';
import { PERMISSION } from '../sandbox/discord/permissions.ts';
import { removeFolder } from '../sandbox/folder.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const MANAGE_GUILD = String(1n << 5n);
const READY_MS = 50_000;
/** Time for a message that should not come, if it comes. */
const STRAY_MS = 500;

let stage: Stage;
let ana: FakeUser;
let ben: FakeUser;
const folder = mkdtempSync(join(tmpdir(), 'parrotfish-welcome-'));
const env = { DATABASE_URL: `file:${folder}/parrotfish.db` };

beforeAll(async () => {
  stage = await startStage({ env }, discord => {
    ana = discord.addUser('Ana');
    ben = discord.addUser('Ben');
  });
  await until('commands', () => stage.discord.registered.length > 0);
});
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  await removeFolder(folder);
});

/** A server of Ana's that the bot is not in yet. */
function server(name: string, locale = 'en-US'): FakeGuild {
  const guild = stage.discord.addGuild({ name, locale, withBot: false });
  guild.addMember(ana, { permissions: MANAGE_GUILD });
  guild.addMember(ben);
  return guild;
}

function systemOf({ systemChannel }: FakeGuild): FakeChannel {
  if (!systemChannel) throw new Error('there is no system channel');
  return systemChannel;
}

const told = (channel: FakeChannel) => stage.discord.messages(channel).map(contentOf);
const forbidden = (permission: bigint) => ({
  id: stage.discord.applicationId,
  type: 1 as const,
  allow: '0',
  deny: String(permission),
});

/** Waits until a server has been welcomed in this channel, and returns the message. */
async function welcomeIn(channel: FakeChannel): Promise<FakeMessage> {
  await until('the welcome', () => told(channel).length === 1);
  const [message] = stage.discord.messages(channel);
  if (!message) throw new Error('no welcome');
  return message;
}

test('a server that invites the bot is welcomed once, in its system channel and language', async () => {
  const { discord } = stage;
  const guild = server('Fische', 'de');
  discord.addBot(guild);
  const text = contentOf(await welcomeIn(systemOf(guild)));
  expect(text).toMatch(/^Hallo! .*\nGeh in einen Sprachkanal, nutze <\/join:\d+> und/);
  expect(text).toMatch(/Fish Audio.*<\/optout:\d+>/);
  expect(text.length).toBeLessThan(600);
  discord.setAvailable(guild, false);
  discord.setAvailable(guild, true);
  discord.removeBot(guild);
  discord.addBot(guild);
  await sleep(STRAY_MS);
  expect(told(systemOf(guild))).toHaveLength(1);
  expect(told(guild.textChannel)).toEqual([]);
});

test('its button opens the settings for those who may manage the server', async () => {
  const { discord } = stage;
  const guild = server('button');
  discord.addBot(guild);
  const message = await welcomeIn(systemOf(guild));
  const [button] = allComponents(message.fields['components']).filter(one => 'custom_id' in one);
  const refused = discord.press(ben, message, String(button?.['custom_id']));
  expect(await refused.reply()).toMatch(/Manage Server/);
  expect(refused.ephemeral).toBe(true);
  const opened = discord.press(ana, message, String(button?.['custom_id']));
  expect(await opened.reply()).toMatch(/Settings/);
  expect(opened.ephemeral).toBe(true);
  expect(told(systemOf(guild))).toEqual([contentOf(message)]);
});

test('without a system channel in which it may write, the first channel in which it may has the welcome', async () => {
  const none = server('none');
  none.systemChannel = null;
  stage.discord.addBot(none);
  await welcomeIn(none.textChannel);
  const guild = server('shut');
  for (const channel of [guild.textChannel, systemOf(guild)])
    guild.setOverwrites(channel, [forbidden(PERMISSION.sendMessages)]);
  const overwrites = { permissionOverwrites: [forbidden(PERMISSION.viewChannel)] };
  const hidden = guild.addTextChannel({ name: 'hidden', ...overwrites });
  const open = guild.addTextChannel({ name: 'open' });
  const further = guild.addTextChannel({ name: 'further' });
  stage.discord.addBot(guild);
  await welcomeIn(open);
  expect([guild.textChannel, systemOf(guild), hidden, further].flatMap(told)).toEqual([]);
});

test('where it may write nowhere, nothing is sent', async () => {
  const guild = server('mute');
  const channels = [guild.textChannel, systemOf(guild)];
  for (const channel of channels) guild.setOverwrites(channel, [forbidden(PERMISSION.sendMessages)]);
  stage.discord.addBot(guild);
  await sleep(STRAY_MS);
  expect(channels.flatMap(told)).toEqual([]);
  expect(stage.bot.output).not.toMatch(/notice not delivered|no channel to tell/);
});

test('after a restart nobody is welcomed again', async () => {
  const { discord, fish } = stage;
  const guild = server('restart');
  discord.addBot(guild);
  await welcomeIn(systemOf(guild));
  await stage.bot[Symbol.asyncDispose]();
  await using again = startBot({ discord, fish, env });
  await discord.ready(READY_MS);
  // Until then, what it is told of is what it begins with, and no invitation.
  await until('it knows all servers', () => again.output.includes('connected to Discord'));
  discord.removeBot(guild);
  discord.addBot(guild);
  const other = server('another');
  discord.addBot(other);
  await welcomeIn(systemOf(other));
  await sleep(STRAY_MS);
  expect(told(systemOf(guild))).toHaveLength(1);
  expect(again.output).not.toMatch(/fault/);
});
