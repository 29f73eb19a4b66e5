import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeChannel } from '../sandbox/discord/channel.ts';
import type { FakeGuild, FakeInteraction, FakeUser } from '../sandbox/discord/discord.ts';
import { PERMISSION } from '../sandbox/discord/permissions.ts';
import { type Stage, startStage } from '../support/stage.ts';

const MANAGE_GUILD = String(1n << 5n);

let stage: Stage;
let ana: FakeUser;
let ben: FakeUser;
let cleo: FakeUser;

beforeAll(async () => {
  stage = await startStage({ fish: { packets: 15 } }, discord => {
    ana = discord.addUser('Ana');
    ben = discord.addUser('Ben');
    cleo = discord.addUser('Cleo');
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

/** A server that Ana and Ben manage, in which Cleo is a member; Ben and Cleo may not do `denied` in `hidden` channels. */
function server(name: string, denied = PERMISSION.viewChannel) {
  const guild = stage.discord.addGuild({ name });
  for (const user of [ana, ben]) guild.addMember(user, { permissions: MANAGE_GUILD });
  guild.addMember(cleo);
  const permissionOverwrites = [ben, cleo].map(
    ({ id }) => ({ id, type: 1, allow: '0', deny: String(denied) }) as const,
  );
  return {
    guild,
    hiddenText: guild.addTextChannel({ name: 'secret-plans', permissionOverwrites }),
    hiddenVoice: guild.addVoiceChannel({ name: 'secret-talks', permissionOverwrites, userLimit: 7 }),
  };
}

function use(guild: FakeGuild, name: string, options = {}, user = ana) {
  return stage.discord.command(user, guild, name, options);
}

/** The answer names the channel in no way: not by its id, its name, its limit. */
function expectNothingOf(channel: FakeChannel, answer: string) {
  expect(answer).not.toContain(channel.id);
  expect(answer).not.toContain(channel.name);
  expect(answer).not.toMatch(/\b7\b/);
}

async function panelOf(guild: FakeGuild, page: string, user: FakeUser): Promise<FakeInteraction> {
  const panel = use(guild, 'settings panel', {}, user);
  await panel.reply();
  const shown = stage.discord.choose(user, panel, 'settings:page', [page]);
  await shown.reply();
  return shown;
}

function imported(guild: FakeGuild, settings: object, user: FakeUser): Promise<string> {
  const bytes = Buffer.from(JSON.stringify(settings));
  return use(guild, 'settings import', { file: { name: 'settings.json', bytes } }, user).reply();
}

async function channelsOf(guild: FakeGuild): Promise<readonly object[]> {
  const use = stage.discord.command(ana, guild, 'settings export');
  await use.reply();
  const settings = JSON.parse(Buffer.from(use.message?.files[0]?.bytes ?? []).toString()) as object;
  return (settings as { channels: object[] }).channels;
}

test.each([
  ['may not see', PERMISSION.viewChannel],
  ['may not enter', PERMISSION.connect],
])('nobody sends the bot into a voice channel that they %s', async (_what, denied) => {
  const { guild, hiddenVoice } = server('sent', denied);
  const refusal = await use(guild, 'join', { channel: hiddenVoice }, cleo).reply();
  expect(refusal).toMatch(/go yourself/);
  expectNothingOf(hiddenVoice, refusal);
  await stage.discord.join(ana, hiddenVoice); // company makes no difference
  expect(await use(guild, 'join', { channel: hiddenVoice }, ben).reply()).toBe(refusal);
  expect(stage.discord.op4Count(guild)).toBe(0);
  await use(guild, 'join', { channel: hiddenVoice }).reply();
  expect(stage.discord.botVoiceChannel(guild)).toBe(hiddenVoice.id);
  expect(await use(guild, 'join', { channel: hiddenVoice }, cleo).reply()).toBe(refusal); // also where it is already
});

test('who sits in a channel may call the bot there, by whatever way they came in', async () => {
  const { guild, hiddenVoice } = server('inside', 0n);
  await stage.discord.join(cleo, hiddenVoice);
  const denied = { id: cleo.id, type: 1, allow: '0', deny: String(PERMISSION.connect) } as const;
  guild.setOverwrites(hiddenVoice, [denied]);
  await use(guild, 'join', { channel: hiddenVoice }, cleo).reply();
  expect(stage.discord.botVoiceChannel(guild)).toBe(hiddenVoice.id);
});

test('a channel of another server is no place to send the bot', async () => {
  const { guild } = server('one server');
  const other = server('another server');
  const refusal = await use(guild, 'join', { channel: other.guild.voiceChannel }).reply();
  expect(refusal).toMatch(/go yourself/);
  expect(stage.discord.op4Count(other.guild)).toBe(0);
});

test('where the bot is, and what it reads, is told to those who see those channels', async () => {
  const { guild, hiddenText, hiddenVoice } = server('told');
  await stage.discord.join(ana, hiddenVoice);
  await stage.discord.join(ben, guild.voiceChannel);
  await imported(guild, { channels: [hiddenText.id] }, ana);
  expect(await use(guild, 'join').reply()).toContain(hiddenText.id);
  for (const name of ['status', 'leave', 'skip', 'pause'])
    expectNothingOf(hiddenVoice, await use(guild, name, {}, ben).reply());
  for (const [name, options] of [
    ['join', {}],
    ['say', { text: 'Hello' }],
  ] as const) {
    const answer = await use(guild, name, options, ben).reply();
    expect(answer).toMatch(/another channel/);
    expectNothingOf(hiddenVoice, answer);
  }
  expect(await use(guild, 'status').reply()).toContain(hiddenVoice.id);
  await stage.discord.leave(ana, guild);
  const joined = await use(guild, 'join', {}, ben).reply();
  expect(joined).toContain(guild.voiceChannel.id);
  expectNothingOf(hiddenText, joined);
});

test('an administrator adds no channel that they cannot read themselves: by panel, by file, by hand', async () => {
  const { guild, hiddenText, hiddenVoice } = server('added');
  const foreign = server('foreign').guild.textChannel;
  const reading = await panelOf(guild, 'reading', ben);
  const select = 'settings:set:reading:channels';
  for (const channel of [hiddenText, hiddenVoice, foreign]) {
    const chosen = stage.discord.choose(ben, reading, select, [guild.textChannel, channel]);
    expect(await chosen.reply()).toMatch(/read yourself/);
    expect(await imported(guild, { speed: 2, channels: [channel.id] }, ben)).toMatch(/read yourself/);
    expect(await imported(guild, { channels: [{ id: channel.id, addedBy: 'join' }] }, ben)).toMatch(
      /read yourself/,
    );
    const forged = stage.discord.forge(ben, reading, 'component', {
      custom_id: select,
      component_type: 8,
      values: [channel.id],
    });
    expect(await forged.reply()).toMatch(/read yourself/);
  }
  expect(await channelsOf(guild)).toEqual([]);
  await stage.discord.choose(ben, reading, select, [guild.textChannel]).reply();
  expect(await channelsOf(guild)).toEqual([{ id: guild.textChannel.id, addedBy: 'admin' }]);
});

test('what others have added stays, unseen: without its name, and not made more than it was', async () => {
  const { guild, hiddenText } = server('stays');
  await stage.discord.join(ana, guild.voiceChannel);
  await imported(guild, { channels: [hiddenText.id] }, ana);
  const reading = await panelOf(guild, 'reading', ben);
  expect(JSON.stringify(reading.components)).not.toContain(hiddenText.name);
  expect(JSON.stringify((await panelOf(guild, 'reading', ana)).components)).toContain(hiddenText.name);
  const select = 'settings:set:reading:channels';
  await stage.discord.choose(ben, reading, select, [guild.textChannel]).reply();
  const [general, secret] = [guild.textChannel.id, hiddenText.id].map(id => ({ id, addedBy: 'admin' }));
  expect(await channelsOf(guild)).toEqual([general, secret]);
  await imported(guild, { channels: [{ id: hiddenText.id, addedBy: 'join' }] }, ana);
  expect(await imported(guild, { channels: [hiddenText.id] }, ben)).toMatch(/read yourself/);
  await stage.discord.choose(ben, reading, select, [guild.textChannel]).reply();
  expect(await channelsOf(guild)).toEqual([general, { ...secret, addedBy: 'join' }]);
});

test('what is forged does nothing: ids and values of the panel are anybody’s to write', async () => {
  const { guild } = server('forged');
  const before = await channelsOf(guild);
  const reading = await panelOf(guild, 'reading', ana);
  const select = (custom_id: string, values: readonly string[], component_type = 3) =>
    stage.discord.forge(ana, reading, 'component', { custom_id, component_type, values }).reply();
  const role = String(10n ** 17n);
  expect(await select('settings:for:reading', ['123456789012345678'])).toMatch(/panel/i);
  expect(await select('settings:set:people:role', [role], 6)).toMatch(/can't be used/);
  expect(await select('settings:set:voice:language', ['ab-12'])).toMatch(/can't be used/);
  expect(await select('settings:set:reading:emoji', ['__proto__'])).toMatch(/can't be used/);
  expect(await select('settings:set:reading:nonsense', ['on'])).toMatch(/panel/i);
  expect(await select('settings:set:limits:bots', ['on'])).toMatch(/panel/i);
  await stage.discord.choose(ana, reading, 'settings:set:reading:channels', [guild.textChannel]).reply();
  const { id } = guild.textChannel;
  expect(await select(`settings:set:people:botVoices:${id}`, ['x'])).toMatch(/panel/i);
  expect(await select(`settings:set:rights:clone:${id}`, ['x'])).toMatch(/panel/i);
  expect(before).toEqual([]);
  expect(await channelsOf(guild)).toEqual([{ id, addedBy: 'admin' }]);
  expect(await imported(guild, { language: 'ab-12' }, ana)).toMatch(/language/);
  expect(await use(guild, 'settings panel').reply()).toBeTruthy();
});

test('who has lost the right to manage the server changes nothing in a panel that is still open', async () => {
  const { guild } = server('lost');
  const reading = await panelOf(guild, 'reading', ben);
  const form = stage.discord.press(ben, reading, 'settings:form:reading:maxSeconds');
  await form.firstResponse;
  guild.setRoles(ben, []);
  const answers = [
    stage.discord.press(ben, reading, 'settings:set:reading:tags'),
    stage.discord.choose(ben, reading, 'settings:page', ['limits']),
    stage.discord.choose(ben, reading, 'settings:set:reading:emoji', ['skip']),
    stage.discord.submit(ben, form, { value: '45' }),
  ];
  for (const answer of answers) expect(await answer.reply()).toMatch(/Manage Server/);
  const exported = use(guild, 'settings export');
  await exported.reply();
  const file = Buffer.from(exported.message?.files[0]?.bytes ?? []).toString();
  expect(JSON.parse(file)).toMatchObject({ bots: false, emoji: 'name', maxSeconds: 30 });
});

test('none of this is an error of the bot', () => {
  expect(stage.bot.output).not.toMatch(/command failed|answer failed/);
});
