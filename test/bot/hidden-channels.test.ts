import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeChannel } from '../sandbox/discord/channel.ts';
import type { FakeGuild, FakeInteraction, FakeUser } from '../sandbox/discord/discord.ts';
import { PERMISSION } from '../sandbox/discord/permissions.ts';
import { textsHeard } from '../support/chat-guild.ts';
import { openForm, openPanel, setInPanel } from '../support/panel.ts';
import { type Stage, startStage } from '../support/stage.ts';

const PATIENCE_MS = 60_000;
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

/**
 * A server that Ana and Ben manage, in which Cleo is a member; Ben and Cleo may not do `denied` in `hidden` channels.
 */
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

/** The panel on the page of what is read, as somebody sees it. */
function readingOf(guild: FakeGuild, user: FakeUser): Promise<FakeInteraction> {
  return openPanel({ discord: stage.discord, guild, user }, 'reading');
}

const CHANNELS = { page: 'reading', group: 'channels' };

/** What the panel answers to somebody who chooses the channels that are read. */
async function choose(guild: FakeGuild, user: FakeUser, channels: readonly FakeChannel[]): Promise<string> {
  const sent = await setInPanel({ discord: stage.discord, guild, user }, CHANNELS, { channels });
  return await sent.reply();
}

/** What is answered to a form that no client would send: `fields` have what Discord tells of each field. */
function forgeForm(shown: FakeInteraction, user: FakeUser, custom_id: string, fields: readonly object[]) {
  const components = fields.map((component, index) => ({ type: 18, id: index + 1, component }));
  return stage.discord.forge(user, shown, 'modal', { custom_id, components }).reply();
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
  await use(guild, 'pause').reply();
  await use(guild, 'say', { text: 'Hello' }).reply();
  expect(await use(guild, 'queue', {}, ben).reply()).toMatch(/^(?!.*Ana).*another channel/s);
  expect(await use(guild, 'queue').reply()).toMatch(/Ana/);
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
  const reading = await readingOf(guild, ben);
  for (const channel of [hiddenText, hiddenVoice, foreign]) {
    if (channel !== foreign)
      expect(await choose(guild, ben, [guild.textChannel, channel])).toMatch(/read yourself/);
    expect(await imported(guild, { speed: 2, channels: [channel.id] }, ben)).toMatch(/read yourself/);
    expect(await imported(guild, { channels: [{ id: channel.id, addedBy: 'join' }] }, ben)).toMatch(
      /read yourself/,
    );
    const field = { type: 8, id: 9, custom_id: 'channels', values: [channel.id] };
    expect(await forgeForm(reading, ben, 'settings:typed:reading:channels::', [field])).toMatch(
      /read yourself/,
    );
  }
  expect(await channelsOf(guild)).toEqual([]);
  await choose(guild, ben, [guild.textChannel]);
  expect(await channelsOf(guild)).toEqual([{ id: guild.textChannel.id, addedBy: 'admin' }]);
});

test('what others have added stays, unseen: without its name, and not made more than it was', async () => {
  const { guild, hiddenText } = server('stays');
  await stage.discord.join(ana, guild.voiceChannel);
  await imported(guild, { channels: [hiddenText.id] }, ana);
  expect(JSON.stringify((await readingOf(guild, ben)).components)).not.toContain(hiddenText.name);
  expect(JSON.stringify((await readingOf(guild, ana)).components)).toContain(hiddenText.name);
  await choose(guild, ben, [guild.textChannel]);
  const [general, secret] = [guild.textChannel.id, hiddenText.id].map(id => ({ id, addedBy: 'admin' }));
  expect(await channelsOf(guild)).toEqual([general, secret]);
  await imported(guild, { channels: [{ id: hiddenText.id, addedBy: 'join' }] }, ana);
  expect(await imported(guild, { channels: [hiddenText.id] }, ben)).toMatch(/read yourself/);
  await choose(guild, ben, []);
  await choose(guild, ben, [guild.textChannel]);
  expect(await channelsOf(guild)).toEqual([general, { ...secret, addedBy: 'join' }]);
});

test('what is forged does nothing: ids and values of the panel are anybody’s to write', async () => {
  const { guild } = server('forged');
  const before = await channelsOf(guild);
  const reading = await readingOf(guild, ana);
  const select = (custom_id: string, values: readonly string[], component_type = 3) =>
    stage.discord.forge(ana, reading, 'component', { custom_id, component_type, values }).reply();
  const form = (place: string, field: object) =>
    forgeForm(reading, ana, `settings:typed:${place}`, [{ id: 9, ...field }]);
  const role = String(10n ** 17n);
  expect(await select('settings:for:reading', ['123456789012345678'])).toMatch(/isn't among those I read/);
  expect(await form('people:whose::', { type: 6, custom_id: 'role', values: [role] })).toMatch(
    /not in this server/,
  );
  expect(await form('voice:spoken::', { type: 3, custom_id: 'language', values: ['ab-12'] })).toMatch(
    /can't be used/,
  );
  expect(await form('reading:words::', { type: 21, custom_id: 'emoji', value: '__proto__' })).toMatch(
    /can't be used/,
  );
  expect(await form('reading:nonsense::', { type: 4, custom_id: 'on', value: 'on' })).toMatch(/panel/i);
  expect(await form('limits:whose::', { type: 4, custom_id: 'bots', value: 'on' })).toMatch(/panel/i);
  await choose(guild, ana, [guild.textChannel]);
  const { id } = guild.textChannel;
  expect(await form(`rights:rights:${id}:`, { type: 22, custom_id: 'toggles', values: ['clone'] })).toMatch(
    /panel/i,
  );
  for (const odd of [
    'settings:v:bot.x:x',
    'settings:v:ch.1:x',
    'settings:v:constructor:x',
    'settings:nonsense',
    'settings:none:__proto__',
  ])
    expect(await select(odd, ['x'])).toMatch(/panel/i);
  expect(before).toEqual([]);
  expect(await channelsOf(guild)).toEqual([{ id, addedBy: 'admin' }]);
  expect(await imported(guild, { language: 'ab-12' }, ana)).toMatch(/language/);
  expect(await use(guild, 'settings panel').reply()).toBeTruthy();
});

test('who has lost the right to manage the server changes nothing in a panel that is still open', async () => {
  const { guild } = server('lost');
  const by = { discord: stage.discord, guild, user: ben };
  const reading = await readingOf(guild, ben);
  const form = await openForm(by, reading, { page: 'reading', group: 'messages' });
  guild.setRoles(ben, []);
  const answers = [
    stage.discord.choose(ben, reading, 'settings:page', ['limits']),
    stage.discord.press(ben, reading, 'settings:form:reading:words:'),
    stage.discord.submit(ben, form, { maxSeconds: '45' }),
  ];
  for (const answer of answers) expect(await answer.reply()).toMatch(/Manage Server/);
  const exported = use(guild, 'settings export');
  await exported.reply();
  const file = Buffer.from(exported.message?.files[0]?.bytes ?? []).toString();
  expect(JSON.parse(file)).toMatchObject({ bots: false, emoji: 'name', maxSeconds: 30 });
});

test('the name of a channel is said, and shown, only where nobody is who may not see it', async () => {
  const { guild, hiddenText, hiddenVoice } = server('named');
  const link = `https://discord.com/channels/${guild.id}/${hiddenText.id}`;
  const tried = (text: string, user: FakeUser) => use(guild, 'dictionary try', { text }, user).reply();
  for (const text of [`See <#${hiddenText.id}>`, `See ${link}`]) {
    expect(await tried(text, cleo)).not.toMatch(/secret/);
    expect(await tried(text, ana)).toMatch(/secret plans/);
  }
  const listener = await stage.discord.join(ana, guild.voiceChannel);
  await stage.discord.join(ben, guild.voiceChannel);
  await imported(guild, { announce: 'never' }, ana);
  await use(guild, 'say', { text: `Ben hears <#${hiddenText.id}>, <#${hiddenVoice.id}>.` }).reply();
  expect(await textsHeard(stage, listener, 1, PATIENCE_MS)).toEqual([expect.not.stringMatching(/secret/)]);
  await stage.discord.leave(ben, guild);
  await use(guild, 'say', { text: `Ana hears <#${hiddenText.id}>.` }).reply();
  const heard = await textsHeard(stage, listener, 2, PATIENCE_MS);
  expect(heard[1]).toMatch(/secret plans/);
});

test('none of this is an error of the bot', () => {
  expect(stage.bot.output).not.toMatch(/command failed|answer failed/);
});
