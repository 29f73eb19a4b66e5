import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import type { FakeMessage } from '../sandbox/discord/message.ts';
import { PERMISSION } from '../sandbox/discord/permissions.ts';
import type { Writing } from '../sandbox/discord/written-message.ts';
import { chatGuild, textsHeard } from '../support/chat-guild.ts';
import { addUsers, type Stage, startStage } from '../support/stage.ts';

const PATIENCE_MS = 60_000;
const PLURALKIT = '466378653216014359';
const NOT_WANTED = /doesn't want to be read/;

let stage: Stage;
let ana: FakeUser;
let ben: FakeUser;
let mod: FakeUser;
let pluralKit: FakeUser;

beforeAll(async () => {
  stage = await startStage({ fish: { packets: 15 } }, discord => {
    [ana, ben, mod] = addUsers(discord, 'Ana', 'Ben', 'Mod');
    pluralKit = discord.addUser('PluralKit', { bot: true, id: PLURALKIT });
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

/** A server in which Ben, Ana and the bot are in the voice channel, and Mod is not. */
async function server(name: string, settings: object = {}) {
  const people = { manager: ana, moderator: mod, listeners: [ben] };
  const scene = await chatGuild(stage, { name, ...people, settings, commands: ['join'] });
  scene.guild.addMember(pluralKit, { permissions: String(PERMISSION.manageMessages) });
  return scene;
}

function write(guild: FakeGuild, content: string, user: FakeUser, writing: Writing = {}): FakeMessage {
  return stage.discord.message(user, guild.textChannel, content, writing);
}

function menu(message: FakeMessage, entry = 'Read aloud', user = ana): Promise<string> {
  return stage.discord.messageMenu(user, message, entry).reply();
}

test('what a proxy bot says for somebody who opted out is not said for others either', async () => {
  const { guild, listener } = await server('proxied');
  await stage.discord.command(ben, guild, 'optout').reply();
  write(guild, 'L: I am not read.', ben);
  const webhook = { name: 'Luna', applicationId: PLURALKIT };
  const copy = write(guild, 'I am not read.', pluralKit, { webhook });
  for (const entry of ['Read aloud', 'Save as audio']) expect(await menu(copy, entry)).toMatch(NOT_WANTED);
  write(guild, 'Ana is read.', ana);
  expect(await textsHeard(stage, listener, 1, PATIENCE_MS)).toEqual(['Ana is read.']);
});

test('what waits of that falls silent as soon as whoever wrote it opts out', async () => {
  const { guild, listener } = await server('waiting');
  const webhook = { name: 'Luna', applicationId: PLURALKIT };
  const first = write(guild, 'L: I was read.', ben);
  const copy = write(guild, 'I was read.', pluralKit, { webhook });
  stage.discord.deleteMessage(first);
  await textsHeard(stage, listener, 1, PATIENCE_MS);
  await stage.discord.command(ana, guild, 'pause').reply();
  await menu(copy);
  write(guild, '', ana, { forward: copy });
  await stage.discord.command(ana, guild, 'queue').reply();
  await stage.discord.command(ben, guild, 'optout').reply();
  await stage.discord.command(ana, guild, 'resume').reply();
  write(guild, 'Ana is read.', ana);
  expect(await textsHeard(stage, listener, 2, PATIENCE_MS)).toEqual(['I was read.', 'Ana is read.']);
});

test('what others forward of somebody who opted out, or is ignored, is not said', async () => {
  const { guild, listener } = await server('forwarded');
  const earlier = write(guild, 'I was read.', ben);
  await textsHeard(stage, listener, 1, PATIENCE_MS);
  await stage.discord.command(ben, guild, 'optout').reply();
  const later = write(guild, 'I am not read.', ben);
  for (const forward of [earlier, later]) {
    const copy = write(guild, '', ana, { forward });
    expect(await menu(copy)).toMatch(NOT_WANTED);
  }
  await stage.discord.command(ben, guild, 'optin').reply();
  await stage.discord.command(mod, guild, 'ignore', { member: ben }).reply();
  write(guild, '', ana, { forward: later });
  write(guild, 'Ana is read.', ana);
  expect(await textsHeard(stage, listener, 2, PATIENCE_MS)).toEqual(['I was read.', 'Ana is read.']);
});

test('who wrote what is forwarded is asked of Discord where it is long ago; where nobody knows, it is not said', async () => {
  const scene = { manager: ana, listeners: [ben] };
  const { guild, listener } = await chatGuild(stage, { name: 'long ago', ...scene });
  guild.botPermissions = String(BigInt(guild.botPermissions) | PERMISSION.readMessageHistory);
  const { guild: elsewhere } = await chatGuild(stage, { name: 'elsewhere', ...scene });
  const ofBen = write(guild, 'I am not read.', ben);
  const ofAna = write(guild, 'I was written long ago.', ana);
  const webhook = { name: 'Luna', applicationId: PLURALKIT };
  const proxied = write(guild, 'I am not read either.', pluralKit, { webhook });
  const gone = write(guild, 'Nobody knows whose I was.', ben);
  // The bot was in no voice channel, so that it knows of these no more than of others after an hour.
  await stage.discord.command(ana, guild, 'join').reply();
  write(guild, '', ana, { forward: ofBen });
  expect(await textsHeard(stage, listener, 1, PATIENCE_MS)).toEqual(['forwarded, I am not read.']);
  await stage.discord.command(ben, guild, 'optout').reply();
  stage.discord.deleteMessage(gone);
  expect(await menu(proxied)).toMatch(/can't find out who wrote/);
  for (const forward of [ofBen, proxied, gone]) {
    const copy = write(guild, '', ana, { forward });
    expect(await menu(copy)).toMatch(forward === ofBen ? NOT_WANTED : /can't find out who wrote/);
  }
  write(guild, '', ana, { forward: ofAna });
  write(guild, '', ana, { forward: write(elsewhere, 'I come from elsewhere.', ben) });
  const heard = await textsHeard(stage, listener, 3, PATIENCE_MS);
  expect(heard.slice(1)).toEqual(['forwarded, I was written long ago.', 'forwarded, I come from elsewhere.']);

  const asked = () => stage.discord.requests.filter(({ path }) => path.endsWith(`/messages/${ofBen.id}`));
  const before = asked();
  expect(before).not.toEqual([]);
  stage.discord.message(ana, guild.addTextChannel({ name: 'unread' }), '', { forward: ofBen });
  await stage.discord.command(ana, guild, 'leave').reply();
  write(guild, '', ana, { forward: ofBen });
  await stage.discord.command(ana, guild, 'join').reply(); // It has its turn after the message.
  expect(asked(), 'Discord is not asked where nothing is read').toEqual(before);
});

test('who wrote what is forwarded is not asked of Discord where whoever forwards it is not read anyway', async () => {
  const scene = { manager: ana, moderator: mod, listeners: [ben] };
  const { guild, listener } = await chatGuild(stage, { name: 'asked last', ...scene });
  guild.botPermissions = String(BigInt(guild.botPermissions) | PERMISSION.readMessageHistory);
  const old = write(guild, 'I was written long ago.', ana);
  await stage.discord.command(ana, guild, 'join').reply();
  await stage.discord.command(ben, guild, 'optout').reply();
  const refused = [
    write(guild, '', mod, { forward: old }), // not in the voice channel
    write(guild, '', ben, { forward: old }), // opted out
    write(guild, '', ana, { forward: old, silent: true }),
  ];
  const reasons = [/voice channel/, /not to read them/, /@silent/];
  for (const [index, message] of refused.entries())
    expect(await stage.discord.command(ana, guild, 'why', { message: message.id }).reply()).toMatch(
      reasons[index] ?? '',
    );
  const asked = () => stage.discord.requests.filter(({ path }) => path.endsWith(`/messages/${old.id}`));
  expect(asked()).toEqual([]);
  write(guild, '', ana, { forward: old });
  expect(await textsHeard(stage, listener, 1, PATIENCE_MS)).toEqual(['forwarded, I was written long ago.']);
  expect(asked()).toHaveLength(1);
});

test('whom moderators ignore, and what holds a blocked word, nobody else has read aloud', async () => {
  const { guild, listener } = await server('against the rules', { blockedWords: ['darn'] });
  await stage.discord.command(mod, guild, 'ignore', { member: ben }).reply();
  expect(await menu(write(guild, 'I am ignored.', ben))).toMatch(/moderators/);
  await stage.discord.command(mod, guild, 'unignore', { member: ben }).reply();
  expect(await menu(write(guild, 'Oh darn.', ben))).toMatch(/word/);
  write(guild, 'Ana is read.', ana);
  expect(await textsHeard(stage, listener, 1, PATIENCE_MS)).toEqual(['Ana is read.']);
});

test('a blocked word is not said by way of a thread’s name, an emoji or the dictionary', async () => {
  const { guild, listener } = await server('names', { blockedWords: ['darn'] });
  const thread = guild.addThread(guild.textChannel, { name: 'darn-it' });
  const add = (say: string) =>
    stage.discord.command(ben, guild, 'dictionary add', { word: 'brb', say }).reply();
  expect(await add('oh darn')).toMatch(/word/);
  await add('be right back');
  write(guild, '<:DarnIt:123456789012345678> it is', ben);
  write(guild, `brb in <#${thread.id}>`, ben);
  expect(await textsHeard(stage, listener, 1, PATIENCE_MS)).toEqual(['be right back in a channel']);
});
