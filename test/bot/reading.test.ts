import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import { contentOf } from '../sandbox/discord/message.ts';
import { PERMISSION } from '../sandbox/discord/permissions.ts';
import type { Listener } from '../sandbox/discord/voice-api.ts';
import type { Writing } from '../sandbox/discord/written-message.ts';
import { linesHeard } from '../support/heard.ts';
import { managedGuild } from '../support/managed-guild.ts';
import { setInPanel } from '../support/panel.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const PATIENCE_MS = 60_000;

let stage: Stage;
let ana: FakeUser;
let ben: FakeUser;

beforeAll(async () => {
  stage = await startStage({ fish: { packets: 15 } }, discord => {
    ana = discord.addUser('Ana');
    ben = discord.addUser('Ben');
  });
  for (const voice of ['voice-of-ana', 'voice-of-ben', 'one-for-all']) stage.fish.library.know(voice);
});
afterAll(() => stage[Symbol.asyncDispose]());

/** A server with Ana (who manages it) and Ben in its voice channel, and the bot, which was asked to join. */
async function server(name: string, { join = true, locale = 'en-US' } = {}) {
  const { discord } = stage;
  const guild = managedGuild(discord, { name, locale, manager: ana, members: [ben] });
  const listener = await discord.join(ana, guild.voiceChannel);
  await discord.join(ben, guild.voiceChannel);
  if (join) await use(guild, 'join').reply();
  return { guild, listener };
}

function use(guild: FakeGuild, name: string, options = {}, user = ana) {
  return stage.discord.command(user, guild, name, options);
}

function write(guild: FakeGuild, content: string, writing: Writing = {}, user = ana) {
  return stage.discord.message(user, guild.textChannel, content, writing);
}

/** Why a message was not read, by the menu on it, in English. */
function whyNot(message: { id: string }, user = ana): Promise<string> {
  return stage.discord.messageMenu(user, message, 'Why not read?').reply();
}

async function heard(listener: Listener, count: number): Promise<readonly string[]> {
  await until(`${count} lines`, () => linesHeard(stage.fish, [listener]).length >= count, PATIENCE_MS).catch(
    (cause: unknown) => {
      throw new Error(`heard only: ${JSON.stringify(linesHeard(stage.fish, [listener]))}`, { cause });
    },
  );
  return linesHeard(stage.fish, [listener]).map(({ text }) => text);
}

interface Chat {
  readonly language: string;
  /** Of the server; Discord has none for Arabic, so that there it is a setting. */
  readonly locale: string;
  readonly messages: readonly {
    readonly by: 'Ana' | 'Ben';
    readonly content: string;
    readonly writing?: Writing;
    readonly spoken: string;
  }[];
}

const CHATS = JSON.parse(
  readFileSync(new URL('../golden/chats.json', import.meta.url), 'utf8'),
) as readonly Chat[];

test.each(CHATS.map(chat => [chat.language, chat] as const))(
  'a chat is heard as its golden text says, each person in their voice: %s',
  async (language, { locale, messages }) => {
    const { guild, listener } = await server(`chat ${language}`, { locale });
    const bytes = Buffer.from(JSON.stringify({ language }));
    await use(guild, 'settings import', { file: { name: 'settings.json', bytes } }).reply();
    const voices = { Ana: 'voice-of-ana', Ben: 'voice-of-ben' };
    for (const [user, name] of [
      [ana, 'Ana'],
      [ben, 'Ben'],
    ] as const)
      await use(guild, 'voice set', { voice: voices[name] }, user).reply();
    for (const [index, { by, content, writing }] of messages.entries()) {
      const text = content
        .replaceAll('@Ben', `<@${ben.id}>`)
        .replaceAll('#general', `<#${guild.textChannel.id}>`);
      write(guild, text, writing, by === 'Ana' ? ana : ben);
      await heard(listener, index + 1); // one by one: what one person writes in one breath is said in one
    }
    expect(linesHeard(stage.fish, [listener])).toEqual(
      messages.map(({ by, spoken }) => ({ text: spoken, voice: voices[by] })),
    );
  },
  PATIENCE_MS,
);

test('who speaks is said when the speaker changes, for /say too, unless the voice tells', async () => {
  const { guild, listener } = await server('announced');
  write(guild, 'One.');
  await heard(listener, 1);
  write(guild, 'Two.');
  await heard(listener, 2);
  await use(guild, 'say', { text: 'Three.' }, ben).reply();
  await heard(listener, 3);
  await use(guild, 'say', { text: 'Four.' }).reply();
  expect(await heard(listener, 4)).toEqual(['Ana said: One.', 'Two.', 'Ben said: Three.', 'Ana said: Four.']);
});

test('the voice channel’s own chat is read, other channels only when an administrator added them', async () => {
  const { guild, listener } = await server('channels');
  const { discord } = stage;
  const other = guild.addTextChannel({ name: 'other' });
  const unread = discord.message(ana, other, 'Not here.');
  discord.message(ana, guild.voiceChannel, 'In voice.');
  expect(await heard(listener, 1)).toEqual(['Ana said: In voice.']);
  expect(await whyNot(unread)).toMatch(/channel/i);
  const channels = [guild.textChannel, guild.voiceChannel, other];
  await setInPanel({ discord, guild, user: ana }, { page: 'reading', group: 'channels' }, { channels });
  discord.message(ana, other, 'Now here.');
  expect(await heard(listener, 2)).toContain('Now here.');
});

test('a channel that somebody in the voice channel may not see is not read', async () => {
  const { guild, listener } = await server('hidden', { join: false });
  guild.setOverwrites(guild.textChannel, [
    { id: ben.id, type: 1, allow: '0', deny: String(PERMISSION.viewChannel) },
  ]);
  expect(await use(guild, 'join').reply()).toMatch(/can't see <#\d+>, so I don't read there/);
  const secret = write(guild, 'A secret.');
  stage.discord.message(ana, guild.voiceChannel, 'For all.');
  expect(await heard(listener, 1)).toEqual(['Ana said: For all.']);
  expect(await whyNot(secret)).toMatch(/see/i);
});

test('each message that is not read has its reason, by the menu and by /why', async () => {
  const { guild } = await server('gates');
  const { discord } = stage;
  const bot = discord.addUser('Beeper', { bot: true });
  guild.addMember(bot);
  const cleo = discord.addUser('Cleo');
  guild.addMember(cleo);
  await use(guild, 'optout', {}, ben).reply();
  const cases: readonly (readonly [ReturnType<typeof write>, RegExp])[] = [
    [write(guild, '; a quiet word'), /`;`|begins|prefix/i],
    [write(guild, 'A silent one', { silent: true }), /silent/i],
    [write(guild, 'Not for this', {}, ben), /optin/i],
    [write(guild, 'Beep', {}, bot), /bot/i],
    [write(guild, 'From a webhook', { webhook: { name: 'CI' } }), /bot/i],
    [write(guild, 'From outside', {}, cleo), /voice channel/i],
    [write(guild, '\u200b\u2060 \u200b.'), /nothing/i],
  ];
  for (const [message, reason] of cases) {
    const told = await whyNot(message);
    expect(told, message.fields['content'] as string).toMatch(reason);
    expect(await use(guild, 'why', { message: message.id }).reply()).toBe(told);
    const link = `https://discord.com/channels/${guild.id}/${guild.textChannel.id}/${message.id}`;
    expect(await use(guild, 'why', { message: link }).reply()).toBe(told);
  }
  expect(await use(guild, 'why', {}, ben).reply()).toMatch(/optin/i);
  expect(await use(guild, 'why', { message: 'nonsense' }).reply()).toMatch(/message/i);
  await use(guild, 'optin', {}, ben).reply();
  write(guild, 'Read again.', {}, ben);
  await until('it is said', () => stage.fish.sessions.some(({ text }) => text.includes('Read again.')));
});

test('several who share a voice are told apart by name: newcomers, and the names of one webhook', async () => {
  const { guild, listener } = await server('shared');
  const bytes = Buffer.from(JSON.stringify({ newcomerVoices: ['one-for-all'], bots: true }));
  await use(guild, 'settings import', { file: { name: 'settings.json', bytes } }).reply();
  write(guild, 'One.');
  await heard(listener, 1);
  write(guild, 'Two.', {}, ben);
  await heard(listener, 2);
  write(guild, 'Three.', { webhook: { name: 'Luna' } });
  expect((await heard(listener, 3)).slice(0, 2)).toEqual(['Ana said: One.', 'Ben said: Two.']);
  expect((await heard(listener, 3))[2]).toMatch(/^luna said: Three\.$/i);
});

test('who opts out is silent at once, with what waits; what waits is shown to those who listen', async () => {
  const { guild, listener } = await server('opting out');
  const cleo = stage.discord.addUser('Cleo');
  guild.addMember(cleo);
  await use(guild, 'pause').reply();
  write(guild, 'First, and paused.');
  const waiting = write(guild, 'Not any more.', {}, ben);
  await until('both wait', async () => (await use(guild, 'queue').reply()).includes('Not any more.'));
  expect(await use(guild, 'queue', {}, cleo).reply()).not.toContain('Not any more.');
  await use(guild, 'optout', {}, ben).reply();
  await use(guild, 'resume').reply();
  write(guild, 'The end.');
  expect(await heard(listener, 2)).toEqual(['Ana said: First, and paused.', 'The end.']);
  expect(await whyNot(waiting)).toMatch(/optin/i);
});

test('a message that is deleted before its turn is not said', async () => {
  const { guild, listener } = await server('deleted');
  await use(guild, 'pause').reply();
  write(guild, 'First, and held.');
  await until('it waits', () => stage.fish.sessions.some(({ text }) => text.includes('and held')));
  const regretted = write(guild, 'I regret this.', {}, ben);
  stage.discord.deleteMessage(regretted);
  await use(guild, 'status').reply();
  await use(guild, 'resume').reply();
  write(guild, 'The end.');
  expect(await heard(listener, 2)).toEqual(['Ana said: First, and held.', 'The end.']);
  expect(await use(guild, 'why', { message: regretted.id }).reply()).toMatch(/deleted/);
});

test('who says too much is told, once', async () => {
  const { guild } = await server('too much');
  const bytes = Buffer.from(JSON.stringify({ personBytesPerMinute: 40 }));
  await use(guild, 'settings import', { file: { name: 'settings.json', bytes } }).reply();
  for (const text of ['Twenty bytes or more.', 'Then twenty bytes more.', 'And twenty more of them.'])
    write(guild, text);
  const notices = () =>
    stage.discord
      .messages(guild.textChannel)
      .map(contentOf)
      .filter(text => text.includes('40 bytes'));
  await until('the notice', () => notices().length > 0);
  await use(guild, 'status').reply();
  expect(notices()).toHaveLength(1);
  expect(notices()[0]).toContain(`<@${ana.id}>`);
});

test('where the bot is in no voice channel, or may not look, it says so', async () => {
  const { guild } = await server('away', { join: false });
  const unread = write(guild, 'Nobody is here.');
  expect(await use(guild, 'why', { message: unread.id }).reply()).toMatch(/no voice channel/);
  const blind = guild.addTextChannel({ name: 'blind' });
  guild.setOverwrites(blind, [
    { id: stage.discord.applicationId, type: 1, allow: '0', deny: String(PERMISSION.viewChannel) },
  ]);
  const joined = stage.discord.command(ana, guild, 'join', {}, { channel: blind });
  expect(await joined.reply()).toMatch(/can't see <#\d+>, so I don't read there/);
});

test('row 9: a message is read and paid for once: told twice, replayed after a resume, edited', async () => {
  const { guild, listener } = await server('once', { join: false });
  const { discord } = stage;
  const early = write(guild, 'Before anybody asked.');
  await use(guild, 'join').reply();
  discord.tellAgain(early);
  const message = write(guild, 'Said once.', { times: 3 });
  await heard(listener, 1);
  discord.edit(message, 'Said once, but edited.');
  discord.reconnectGateway();
  await discord.ready();
  for (const old of [message, early]) discord.tellAgain(old);
  write(guild, 'The end.');
  expect(await heard(listener, 2)).toEqual(['Ana said: Said once.', 'The end.']);
  const bytes = Buffer.byteLength('Ana said: Said once.The end.');
  expect(await use(guild, 'usage').reply()).toContain(`${bytes} bytes`);
});

test('a message is said aloud by its menu, in its author’s name and at the caller’s expense', async () => {
  const { guild, listener } = await server('menu', { join: false });
  const message = write(guild, 'Read me.', {}, ben);
  await stage.discord.messageMenu(ana, message, 'Read aloud').reply();
  expect(await heard(listener, 1)).toEqual(['Ben said: Read me.']);
  const usage = await use(guild, 'usage').reply();
  expect(usage).toContain(`<@${ana.id}>`);
  expect(usage).not.toContain(`<@${ben.id}>`);
});

test('every answer keeps from pinging anyone, and nothing that was written is in the log', () => {
  const sent = stage.discord.outgoing();
  expect(sent.length).toBeGreaterThan(20);
  for (const { message } of sent) expect(message).toHaveProperty('allowed_mentions.parse', []);
  for (const words of [
    'One.',
    'secret',
    'Said once',
    'Read me',
    'Beep',
    ...CHATS.map(chat => chat.messages[0]?.spoken),
  ])
    expect(stage.bot.output).not.toContain(words);
});
