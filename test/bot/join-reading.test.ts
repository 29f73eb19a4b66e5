import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import { contentOf } from '../sandbox/discord/message.ts';
import { PERMISSION } from '../sandbox/discord/permissions.ts';
import type { Listener } from '../sandbox/discord/voice-api.ts';
import { chatGuild, textsHeard } from '../support/chat-guild.ts';
import { linesHeard } from '../support/heard.ts';
import { jsonFile } from '../support/managed-guild.ts';
import { exportedSettings, setInPanel } from '../support/panel.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const PATIENCE_MS = 60_000;
const TEST_MS = 90_000;

let stage: Stage;
let ana: FakeUser;
let ben: FakeUser;

beforeAll(async () => {
  stage = await startStage({ fish: { packets: 10 } }, discord => {
    ana = discord.addUser('Ana');
    ben = discord.addUser('Ben');
  });
});
afterAll(() => stage[Symbol.asyncDispose]());
afterEach(() => {
  stage.discord.faults.ignoreOp4 = false;
});

/** A server with Ana (who manages it) and Ben in its voice channel, where nobody speaks of themselves. */
function server(name: string, settings: object = {}) {
  return chatGuild(stage, { name, manager: ana, listeners: [ben], settings });
}

function use(guild: FakeGuild, name: string, options = {}, user = ana) {
  return stage.discord.command(user, guild, name, options);
}

function write(guild: FakeGuild, content: string, user = ana, channel = guild.textChannel) {
  return stage.discord.message(user, channel, content);
}

function heard(listener: Listener, count: number): Promise<readonly string[]> {
  return textsHeard(stage, listener, count, PATIENCE_MS);
}

const why = (guild: FakeGuild, message: { id: string }) => use(guild, 'why', { message: message.id }).reply();

test('what is written from the moment of /join on is read, where it was used and in the voice channel’s chat; what was written before is not', async () => {
  const { guild, listener } = await server('from /join on');
  const early = write(guild, 'Too early.');
  const join = use(guild, 'join');
  write(guild, 'At once.', ben);
  write(guild, 'In the voice channel.', ana, guild.voiceChannel);
  await sleep(15);
  write(guild, 'A moment later.', ben);
  const elsewhere = write(guild, 'In another channel.', ben, guild.addTextChannel({ name: 'other' }));
  expect(await join.reply()).toContain('Fish Audio');
  write(guild, 'When it is there.');
  expect(await heard(listener, 4)).toEqual([
    'At once.',
    'In the voice channel.',
    'A moment later.',
    'When it is there.',
  ]);
  expect(await why(guild, early)).toMatch(/know nothing/);
  expect(await why(guild, elsewhere)).toMatch(/channel/);
});

test('a channel keeps what is set for it, however often /join is used there', async () => {
  const { guild, listener } = await server('own manner');
  await use(guild, 'join').reply();
  const own = { id: guild.textChannel.id, addedBy: 'join', announce: 'always', speed: 1.5 };
  await use(guild, 'settings import', jsonFile({ channels: [own] })).reply();
  await use(guild, 'join').reply();
  const { channels } = await exportedSettings({ discord: stage.discord, guild, user: ana });
  expect(channels).toContainEqual(own);
  write(guild, 'Hello.');
  expect(await heard(listener, 1)).toEqual(['Ana said: Hello.']);
});

test('/join has room for its channels beside as many as administrators may add', async () => {
  const { guild, listener } = await server('many channels');
  const channels = Array.from({ length: 50 }, (_, n) => guild.addTextChannel({ name: `c${n}` }).id);
  await use(guild, 'settings import', jsonFile({ channels })).reply();
  expect(await use(guild, 'join').reply()).toContain(`<#${guild.textChannel.id}>`);
  write(guild, 'Here too.');
  expect(await heard(listener, 1)).toEqual(['Here too.']);
  const exported = await exportedSettings({ discord: stage.discord, guild, user: ana });
  expect(exported['channels']).toHaveLength(52);
  expect(await use(guild, 'settings import', jsonFile(exported)).reply()).toMatch(/Nothing changed/);
  const one = guild.addTextChannel({ name: 'one more' }).id;
  expect(await use(guild, 'settings import', jsonFile({ channels: [...channels, one] })).reply()).toContain(
    'channels',
  );
});

test('who comes to know that the bot reads is told whom it reads, where that is not everybody', async () => {
  const { guild } = await server('not everybody');
  const { id: dj } = guild.addRole('DJ');
  const answerWith = async (settings: object) => {
    await use(guild, 'settings import', jsonFile(settings)).reply();
    return await use(guild, 'join').reply();
  };
  expect(await answerWith({ whose: 'optin' })).toContain('only those who have asked for it with `/optin`');
  expect(await answerWith({ whose: 'muted', role: dj })).toMatch(
    new RegExp(`only people who are muted in voice\\.\nI read only those with the role <@&${dj}>\\.\n`),
  );
  const { id } = guild.textChannel;
  const open = { id, addedBy: 'admin', whose: 'everyone' };
  expect(await answerWith({ role: null, channels: [open] })).not.toContain('only');
});

test('a /join elsewhere takes the reading along at once', async () => {
  const { guild, listener } = await server('elsewhere');
  await use(guild, 'join').reply();
  const other = guild.addTextChannel({ name: 'other' });
  const join = stage.discord.command(ana, guild, 'join', {}, { channel: other });
  await sleep(15);
  const old = write(guild, 'Where it was read before.');
  write(guild, 'Where it is read now.', ben, other);
  await join.reply();
  expect(await heard(listener, 1)).toEqual(['Where it is read now.']);
  expect(await why(guild, old)).toMatch(/channel/);
});

test(
  'where the bot cannot get in, what was written meanwhile has its reason, people are told, and nothing is read later',
  async () => {
    const { guild } = await server('never in');
    stage.discord.faults.ignoreOp4 = true;
    const join = use(guild, 'join');
    const lost = [write(guild, 'Nobody hears this.', ben), write(guild, 'Nor this.')];
    expect(await join.reply()).toMatch(/signalling/);
    stage.discord.faults.ignoreOp4 = false;
    for (const message of lost) expect(await why(guild, message)).toMatch(/couldn't get into/);
    const notices = stage.discord.messages(guild.textChannel).map(contentOf);
    expect(notices.filter(text => text.includes('signalling'))).toHaveLength(1);
    expect(await use(guild, 'say', { text: 'Here I am.' }).reply()).toMatch(/Saying/);
    expect(await why(guild, write(guild, 'Not asked to read.'))).toMatch(/channel/);
  },
  TEST_MS,
);

test('a bot that comes by itself has read all since the first word that brought it', async () => {
  const { guild, listener } = await server('by itself', { autoJoin: true });
  stage.discord.message(ben, guild.voiceChannel, 'Come here.');
  stage.discord.message(ana, guild.voiceChannel, 'And stay.');
  await sleep(15);
  stage.discord.message(ben, guild.voiceChannel, 'Please.');
  expect(await heard(listener, 3)).toEqual(['Come here.', 'And stay.', 'Please.']);
});

test('a bot that comes by itself leaves a channel where nobody is with it any more, and stays where people are', async () => {
  const { guild } = await server('left alone', { autoJoin: true });
  const elsewhere = guild.addVoiceChannel({ name: 'Elsewhere' });
  await use(guild, 'join').reply();
  const bens = await stage.discord.join(ben, elsewhere);
  stage.discord.message(ben, elsewhere, 'Ana has it.');
  await use(guild, 'status').reply();
  expect(stage.discord.botVoiceChannel(guild)).toBe(guild.voiceChannel.id);
  await stage.discord.leave(ana, guild);
  stage.discord.message(ben, elsewhere, 'Now come to me.');
  expect(await heard(bens, 1)).toEqual(['Now come to me.']);
});

const COMING = { page: 'manners', group: 'coming' };

test('auto-join: the bot comes when somebody in a voice channel writes where it reads, and not after /leave', async () => {
  const { guild, listener } = await server('auto');
  const { discord } = stage;
  await use(guild, 'join').reply();
  await setInPanel({ discord, guild, user: ana }, COMING, { toggles: ['autoJoin'] });
  expect(await use(guild, 'leave').reply()).toContain('left');
  write(guild, 'Nobody comes.');
  discord.message(ana, guild.voiceChannel, 'Still nobody.');
  await use(guild, 'status').reply();
  expect(discord.botVoiceChannel(guild)).toBeNull();

  const fresh = await server('auto at once');
  await setInPanel({ discord, guild: fresh.guild, user: ana }, COMING, { toggles: ['autoJoin'] });
  discord.message(ana, fresh.guild.voiceChannel, 'Here I am.');
  expect(await heard(fresh.listener, 1)).toEqual(['Here I am.']);
  expect(linesHeard(stage.fish, [listener])).toEqual([]);
});

test.each([
  ['without the permission to speak', 'Speak', /lack permission there \(\*\*Speak\*\*\).*admin/],
  ['without the permission to enter', 'Connect', /lack permission there \(\*\*Connect\*\*\).*admin/],
  ['with neither of them', 'both', /lack permission there \(\*\*Connect\*\*, \*\*Speak\*\*\).*admin/],
  ['where it is full', 'full', /is full \(1 of 1\).*[Mm]ake room/],
])('auto-join %s: people are told once, where they wrote, what to do', async (how, lacks, words) => {
  const { guild, listener } = await server(`shut ${how}`);
  const { discord } = stage;
  const settings = { autoJoin: true, channels: [guild.textChannel.id] };
  await use(guild, 'settings import', jsonFile(settings)).reply();
  const full = lacks === 'full' ? guild.addVoiceChannel({ name: 'Full', userLimit: 1 }) : null;
  const channel = full ?? guild.voiceChannel;
  const { connect, speak } = PERMISSION;
  const deny = String(lacks === 'Speak' ? speak : lacks === 'Connect' ? connect : connect | speak);
  const overwrites = [{ id: discord.applicationId, type: 1, allow: '0', deny }] as const;
  if (full) await discord.join(ana, full);
  else guild.setOverwrites(channel, overwrites);
  const notices = () =>
    discord
      .messages(guild.textChannel)
      .filter(({ author, interaction }) => author.id === discord.applicationId && !interaction)
      .map(contentOf);
  write(guild, 'Is somebody there?');
  await until('it is told', () => notices().length > 0);
  write(guild, 'Still nobody?');
  await use(guild, 'status').reply();
  expect(notices()).toEqual([expect.stringMatching(words)]);
  expect(discord.botVoiceChannel(guild)).toBeNull();
  if (full) return;
  guild.setOverwrites(channel, []);
  write(guild, 'Now you may.');
  expect(await heard(listener, 1)).toEqual(['Now you may.']);
});
