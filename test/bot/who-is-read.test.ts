import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeChannel } from '../sandbox/discord/channel.ts';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import type { Writing } from '../sandbox/discord/written-message.ts';
import { chatGuild, textsHeard } from '../support/chat-guild.ts';
import { jsonFile } from '../support/managed-guild.ts';
import { deleteData, exportedData } from '../support/privacy.ts';
import { addUsers, type Stage, startStage } from '../support/stage.ts';

const PATIENCE_MS = 60_000;

let stage: Stage;
let ana: FakeUser;
let ben: FakeUser;
let mod: FakeUser;

beforeAll(async () => {
  stage = await startStage({ fish: { packets: 15 } }, discord => {
    [ana, ben, mod] = addUsers(discord, 'Ana', 'Ben', 'Mod');
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

/** A server that Ana manages and Mod moderates; Ana and Ben are with the bot in its voice channel. */
function server(name: string, settings: object = {}) {
  const people = { manager: ana, moderator: mod, listeners: [ben] };
  return chatGuild(stage, { name, ...people, settings, commands: ['join'] });
}

function use(guild: FakeGuild, name: string, options = {}, user = ana) {
  return stage.discord.command(user, guild, name, options);
}

function write(guild: FakeGuild, content: string, user = ana, writing: Writing = {}) {
  return stage.discord.message(user, guild.textChannel, content, writing);
}

/** Why a message was not read, as `user` is told. */
function why(guild: FakeGuild, message: { id: string }, user = ana): Promise<string> {
  return use(guild, 'why', { message: message.id }, user).reply();
}

test('only people who are muted are read where a server wants that, however they came to be muted', async () => {
  const { discord } = stage;
  const { guild, listener } = await server('muted', { whose: 'muted' });
  const loud = write(guild, 'Ana has a microphone.');
  discord.muteSelf(ana, guild, true);
  write(guild, 'Ana has switched it off.');
  await textsHeard(stage, listener, 1, PATIENCE_MS);
  discord.mute(guild, ben.id, true);
  write(guild, 'Ben was muted.', ben);
  await textsHeard(stage, listener, 2, PATIENCE_MS); // else Ben's two messages would be said in one breath
  discord.muteSelf(ana, guild, false);
  const again = write(guild, 'Ana is loud again.');
  discord.mute(guild, ben.id, false);
  const free = write(guild, 'Ben may talk.', ben);
  discord.muteSelf(ben, guild, true);
  write(guild, 'Ben is quiet.', ben);
  expect(await textsHeard(stage, listener, 3, PATIENCE_MS)).toEqual([
    'Ana has switched it off.',
    'Ben was muted.',
    'Ben is quiet.',
  ]);
  for (const message of [loud, again]) expect(await why(guild, message)).toMatch(/muted.*Mute yourself/);
  expect(await why(guild, free)).toMatch(/^(?!.*Mute yourself).*muted/);
});

test('what one channel has for itself is not told as the rule of the server', async () => {
  const { guild } = await server('of a channel');
  const role = guild.addRole('Readers');
  guild.setRoles(ben, [role]);
  for (const [own, from] of [
    [{ role: role.id }, ana],
    [{ notRole: role.id }, ben],
    [{ skipPrefix: 'Not' }, ana],
  ] as const) {
    const channels = [{ id: guild.textChannel.id, ...own }];
    await use(guild, 'settings import', jsonFile({ channels })).reply();
    const message = write(guild, 'Not read here.', from);
    for (const user of [ana, ben])
      expect(await why(guild, message, user)).toMatch(
        /^(?!.*[Ii]n this server).*\b[Hh]ere I (read only|don't read)/,
      );
  }
});

test('only those who asked to be read are, until they take it back', async () => {
  const { guild, listener } = await server('on request', { whose: 'optin' });
  const before = write(guild, 'Nobody has asked.', ben);
  expect(await why(guild, before, ben)).toMatch(/Use `\/optin`/);
  expect(await why(guild, before, ana)).not.toMatch(/Use `\/optin`/);
  await use(guild, 'optin', {}, ben).reply();
  write(guild, 'Ben has asked.', ben);
  expect(await textsHeard(stage, listener, 1, PATIENCE_MS)).toEqual(['Ben has asked.']);
  await use(guild, 'optout', {}, ben).reply();
  const out = write(guild, 'Ben has thought better of it.', ben);
  expect(await why(guild, out, ben)).toMatch(/You have asked me not to read you/);
  expect(await deleteData(stage, ben, guild)).toMatch(/I deleted/);
  await use(guild, 'optin').reply();
  const forgotten = write(guild, 'Ben is not known any more.', ben);
  write(guild, 'Ana has asked.');
  expect(await textsHeard(stage, listener, 2, PATIENCE_MS)).toEqual(['Ben has asked.', 'Ana has asked.']);
  expect(await why(guild, forgotten, ben)).toMatch(/Use `\/optin`/);
});

test('a moderator has somebody not read, at once and with what waits, and takes it back', async () => {
  const { guild, listener } = await server('ignored');
  await use(guild, 'pause').reply();
  const waiting = write(guild, 'Ben waits.', ben);
  write(guild, 'Ana waits.');
  expect(await use(guild, 'ignore', { member: ben }, mod).reply()).toContain(`<@${ben.id}>`);
  await use(guild, 'resume').reply();
  const later = write(guild, 'Ben goes on.', ben);
  expect(await textsHeard(stage, listener, 1, PATIENCE_MS)).toEqual(['Ana waits.']);
  for (const message of [waiting, later]) {
    expect(await why(guild, message, ben)).toMatch(/asked me not to read you\. Ask them/);
    expect(await why(guild, message, ana)).toMatch(/moderators.*whoever wrote it/);
  }
  const { servers } = await exportedData(stage, ben, guild);
  expect(servers).toContainEqual(expect.objectContaining({ guildId: guild.id, ignored: true }));
  expect(await deleteData(stage, ben, guild)).toMatch(/I deleted/);
  expect(await why(guild, write(guild, 'Ben has deleted what was his.', ben), ben)).toMatch(
    /not to read you/,
  );
  expect(await use(guild, 'unignore', { member: ana }, mod).reply()).toMatch(/wasn't ignored/);
  expect(await use(guild, 'unignore', { member: ben }, mod).reply()).toMatch(/no longer ignored/);
  write(guild, 'Ben is back.', ben);
  expect(await textsHeard(stage, listener, 2, PATIENCE_MS)).toEqual(['Ana waits.', 'Ben is back.']);
});

test('the bot itself is not ignored, since it reads nothing of its own', async () => {
  const { guild } = await server('itself');
  const member = guild.members.get(stage.discord.applicationId)?.user;
  expect(await use(guild, 'ignore', { member }, mod).reply()).toMatch(/never read what I write/);
  expect(await use(guild, 'unignore', { member }, mod).reply()).toMatch(/wasn't ignored/);
});

test('only moderators ignore people, whatever Discord was told to show them', async () => {
  const { guild } = await server('no moderators');
  for (const name of ['ignore', 'unignore']) {
    await expect(use(guild, name, { member: ana }, ben).reply()).rejects.toThrow(/does not see/);
    const forced = stage.discord.command(ben, guild, name, { member: ana }, { force: true });
    expect(await forced.reply()).toMatch(/moderators/);
    expect(forced.ephemeral).toBe(true);
  }
  expect(await why(guild, write(guild, '; not read'))).toMatch(/begins with `;`/);
});

test('several prefixes, and the one that it was is named', async () => {
  const { guild, listener } = await server('prefixes', { skipPrefix: '; t! p!tts ``' });
  const unread = ['; one', 't!two', 'p!tts three', '``four'].map(text => write(guild, text));
  write(guild, 'p! five');
  expect(await textsHeard(stage, listener, 1, PATIENCE_MS)).toEqual(['p! five']);
  const told = await Promise.all(unread.map(message => why(guild, message)));
  expect(told).toEqual([
    expect.stringContaining('`;`'),
    expect.stringContaining('`t!`'),
    expect.stringContaining('`p!tts`'),
    expect.stringMatching(/begins with/),
  ]);
});

test('a role that is excluded is not read, and both roles are named', async () => {
  const { guild, listener } = await server('roles');
  const readers = guild.addRole('Readers');
  const silent = guild.addRole('Silent');
  guild.setRoles(ben, [readers, silent]);
  await use(guild, 'settings import', jsonFile({ role: readers.id, notRole: silent.id })).reply();
  const excluded = write(guild, 'Ben has both.', ben);
  const without = write(guild, 'Ana has none.');
  guild.setRoles(ben, [readers]);
  write(guild, 'Ben has the right one.', ben);
  expect(await textsHeard(stage, listener, 1, PATIENCE_MS)).toEqual(['Ben has the right one.']);
  expect(await why(guild, excluded, ben)).toContain(`<@&${silent.id}>, and you have it`);
  expect(await why(guild, without, ben)).toContain(`<@&${readers.id}>, and whoever wrote it`);
});

test('of somebody else’s message nobody is told to do what only its author can', async () => {
  const { guild } = await server('somebody else');
  const cleo = stage.discord.addUser('Cleo');
  guild.addMember(cleo);
  const outside = write(guild, 'From outside.', cleo);
  expect(await why(guild, outside, cleo)).toMatch(/You were not in my voice channel\. Join it/);
  expect(await why(guild, outside, ana)).toMatch(
    /^Whoever wrote it was not in my voice channel(?!.*Join it)/,
  );
  expect(await use(guild, 'why', {}, cleo).reply()).toMatch(/Join it/);
});

/** What Ana writes in each of these channels, read or not: the texts that are heard, and why others were not. */
async function readIn(guild: FakeGuild, channels: readonly FakeChannel[]): Promise<readonly string[]> {
  const messages = channels.map(channel => stage.discord.message(ana, channel, `In ${channel.name}.`));
  return Promise.all(
    channels.map((channel, n) =>
      stage.discord.command(ana, guild, 'why', { message: messages[n]?.id ?? '' }, { channel }).reply(),
    ),
  );
}

test('threads of a read channel are read where that is on; private ones as hidden channels are', async () => {
  const { guild, listener } = await server('threads');
  const other = guild.addTextChannel({ name: 'other' });
  const [open, elsewhere] = [guild.textChannel, other].map((parent, n) =>
    guild.addThread(parent, { name: `thread-${n}` }),
  ) as [FakeChannel, FakeChannel];
  const hidden = guild.addThread(guild.textChannel, { name: 'hidden', isPrivate: true });
  const off = await readIn(guild, [open, hidden, elsewhere]);
  expect(off).toEqual([
    expect.stringMatching(/threads/),
    expect.stringMatching(/threads/),
    expect.stringMatching(/don't read this channel/),
  ]);
  await use(guild, 'settings import', jsonFile({ threads: true })).reply();
  expect(await readIn(guild, [hidden, elsewhere])).toEqual([
    expect.stringMatching(/can't see this channel/),
    expect.stringMatching(/don't read this channel/),
  ]);
  await readIn(guild, [open]);
  expect(await textsHeard(stage, listener, 1, PATIENCE_MS)).toEqual(['In thread-0.']);
  // A channel may have it otherwise, and its own settings hold in its threads too.
  const channels = [
    { id: guild.textChannel.id, addedBy: 'admin', threads: false },
    { id: other.id, addedBy: 'admin', threads: true, skipPrefix: 'In' },
  ];
  await use(guild, 'settings import', jsonFile({ channels })).reply();
  expect(await readIn(guild, [open, elsewhere])).toEqual([
    expect.stringMatching(/threads/),
    expect.stringMatching(/begins with `In`/),
  ]);
  // `/join` in a thread has that thread read.
  await stage.discord.command(ana, guild, 'join', {}, { channel: hidden }).reply();
  expect(await readIn(guild, [hidden])).toEqual([expect.stringMatching(/can't see this channel/)]);
});

test('answers of other bots to commands and menus are read where bots are', async () => {
  const { guild, listener } = await server('answers');
  const bot = stage.discord.addUser('Beeper', { bot: true });
  guild.addMember(bot);
  const answers = (to: 'command' | 'menuCommand') => ({ answers: { user: ana, to } });
  expect(await why(guild, write(guild, 'Not yet.', bot, answers('command')))).toMatch(/bot's/);
  await use(guild, 'settings import', jsonFile({ bots: true })).reply();
  write(guild, 'The weather is fine.', bot, answers('command'));
  expect(await textsHeard(stage, listener, 1, PATIENCE_MS)).toEqual(['The weather is fine.']);
  write(guild, 'Saved.', bot, answers('menuCommand'));
  expect(await textsHeard(stage, listener, 2, PATIENCE_MS)).toEqual(['The weather is fine.', 'Saved.']);
});

test('an answer that a bot has to think about is read when it is there, once', async () => {
  const { guild, listener } = await server('thinking', { bots: true });
  const bot = stage.discord.addUser('Thinker', { bot: true });
  guild.addMember(bot);
  const answers = { user: ana, to: 'command', thinking: true } as const;
  const thinking = write(guild, '', bot, { answers });
  write(guild, 'What does it say?');
  await textsHeard(stage, listener, 1, PATIENCE_MS);
  stage.discord.edit(thinking, 'It will rain.');
  await textsHeard(stage, listener, 2, PATIENCE_MS);
  stage.discord.edit(thinking, 'It will not rain.');
  write(guild, 'I see.');
  expect(await textsHeard(stage, listener, 3, PATIENCE_MS)).toEqual([
    'What does it say?',
    'It will rain.',
    'I see.',
  ]);
});
