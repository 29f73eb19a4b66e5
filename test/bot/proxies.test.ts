import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import type { FakeMessage } from '../sandbox/discord/message.ts';
import { PERMISSION } from '../sandbox/discord/permissions.ts';
import type { Listener } from '../sandbox/discord/voice-api.ts';
import type { Writing } from '../sandbox/discord/written-message.ts';
import { chatGuild, textsHeard } from '../support/chat-guild.ts';
import { linesHeard } from '../support/heard.ts';
import { addUsers, type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const PATIENCE_MS = 60_000;
const PLURALKIT = '466378653216014359';
/** Two seconds: long enough for something to happen while a line is being heard, on a busy machine too. */
const LONG_PACKETS = 100;

let stage: Stage;
let ana: FakeUser;
let ben: FakeUser;
let pluralKit: FakeUser;

beforeAll(async () => {
  stage = await startStage({ fish: { packets: 15 } }, discord => {
    [ana, ben] = addUsers(discord, 'Ana', 'Ben');
    pluralKit = discord.addUser('PluralKit', { bot: true, id: PLURALKIT });
  });
  for (const voice of ['voice-of-ana', 'voice-of-ben']) stage.fish.library.know(voice);
});
afterAll(() => stage[Symbol.asyncDispose]());

interface Scene {
  readonly guild: FakeGuild;
  readonly listener: Listener;
}

/** A server with Ana and Ben, the bot, and PluralKit, unless `isThere` is false. Each name is said before its words. */
async function server(name: string, settings: object = {}, isThere = true): Promise<Scene> {
  const all = { announce: 'always', ...settings };
  const scene = await chatGuild(stage, {
    name,
    manager: ana,
    listeners: [ben],
    settings: all,
    commands: ['join'],
  });
  if (isThere) scene.guild.addMember(pluralKit, { permissions: String(PERMISSION.manageMessages) });
  return scene;
}

function use(guild: FakeGuild, name: string, options = {}, user = ana) {
  return stage.discord.command(user, guild, name, options);
}

function write(guild: FakeGuild, content: string, user = ana, writing: Writing = {}) {
  return stage.discord.message(user, guild.textChannel, content, writing);
}

/** PluralKit says a message again under another name. */
function sayAgain(guild: FakeGuild, content: string, name = 'Luna', writing: Writing = {}): FakeMessage {
  return write(guild, content, pluralKit, { webhook: { name, applicationId: PLURALKIT }, ...writing });
}

function why(guild: FakeGuild, message: { id: string }, user = ana): Promise<string> {
  return use(guild, 'why', { message: message.id }, user).reply();
}

test('what PluralKit says again is heard once, under its name and in the voice of who wrote it', async () => {
  const { guild, listener } = await server('said again');
  await use(guild, 'voice set', { voice: 'voice-of-ana' }).reply();
  const first = write(guild, 'L: good morning');
  sayAgain(guild, 'good morning');
  stage.discord.deleteMessage(first);
  await textsHeard(stage, listener, 1, PATIENCE_MS);
  const second = write(guild, 'L: good night');
  stage.discord.deleteMessage(second);
  const copy = sayAgain(guild, 'good night');
  await textsHeard(stage, listener, 2, PATIENCE_MS);
  expect(linesHeard(stage.fish, [listener])).toEqual([
    { text: 'Luna said: good morning', voice: 'voice-of-ana' },
    { text: 'Luna said: good night', voice: 'voice-of-ana' },
  ]);
  for (const message of [first, second]) expect(await why(guild, message)).toMatch(/under another name/);
  await until('it is told', async () => (await why(guild, copy)).includes('I did read it'));
});

test('of several messages that are alike, each is taken for the one that it is', async () => {
  const { guild, listener } = await server('alike');
  write(guild, 'hi', ben);
  await textsHeard(stage, listener, 1, PATIENCE_MS);
  const both = [write(guild, 'L: hi'), write(guild, 'L: hi there')] as const;
  sayAgain(guild, 'hi');
  stage.discord.deleteMessage(both[0]);
  write(guild, 'Well.', ben); // between them, or both might be said in one breath
  sayAgain(guild, 'hi there');
  stage.discord.deleteMessage(both[1]);
  expect(await textsHeard(stage, listener, 4, PATIENCE_MS)).toEqual([
    'Ben said: hi',
    'Luna said: hi',
    'Ben said: Well.',
    'Luna said: hi there',
  ]);
});

test('a webhook of which Discord does not tell whose it is counts, if it says what was just written', async () => {
  const { guild, listener } = await server('nameless', { bots: true });
  const first = write(guild, 'hello there -Luna');
  write(guild, 'hello there', pluralKit, { webhook: { name: 'Luna' } });
  stage.discord.deleteMessage(first);
  write(guild, 'News of the day.', pluralKit, { webhook: { name: 'News' } });
  expect(await textsHeard(stage, listener, 2, PATIENCE_MS)).toEqual([
    'Luna said: hello there',
    'News said: News of the day.',
  ]);
});

test('nobody silences others by a webhook that repeats a letter of theirs', async () => {
  const { guild, listener } = await server('a prank');
  write(guild, 'Hello there, everybody!');
  const prank = write(guild, 'e', pluralKit, { webhook: { name: 'Prank' } });
  write(guild, 'The end.', ben);
  expect(await textsHeard(stage, listener, 2, PATIENCE_MS)).toEqual([
    'Ana said: Hello there, everybody!',
    'Ben said: The end.',
  ]);
  expect(await why(guild, prank)).toMatch(/bot/);
});

test('who is not said again is heard as ever, in the order of the conversation', async () => {
  const { guild, listener } = await server('in order');
  const [first] = [write(guild, 'One.'), write(guild, 'Two.', ben), write(guild, 'Three.')];
  const proxied = write(guild, 'L: four.');
  write(guild, 'Five.', ben);
  await use(guild, 'say', { text: 'Six.' }, ben).reply();
  stage.discord.deleteMessage(proxied);
  sayAgain(guild, 'four.', 'Luna', { embeds: [{ description: '[Reply to:](https://example.com) Two.' }] });
  expect(await textsHeard(stage, listener, 6, PATIENCE_MS)).toEqual([
    'Ana said: One.',
    'Ben said: Two.',
    'Ana said: Three.',
    'Ben said: Five.',
    'Ben said: Six.',
    'Luna said: four.',
  ]);
  expect(await why(guild, first)).toMatch(/I did read it/);
});

test('nobody waits where there is no such bot, nor with what it cannot say again', async () => {
  const there = await server('waits');
  const elsewhere = await server('does not wait', {}, false);
  write(there.guild, 'This one waits.');
  write(elsewhere.guild, 'This one does not.');
  expect(await textsHeard(stage, elsewhere.listener, 1, PATIENCE_MS)).toEqual([
    'Ana said: This one does not.',
  ]);
  expect(linesHeard(stage.fish, [there.listener])).toEqual([]);
  await textsHeard(stage, there.listener, 1, PATIENCE_MS);

  const waiting = write(elsewhere.guild, 'Not a proxied one.');
  await use(there.guild, 'say', { text: 'A command.' }).reply();
  expect(await textsHeard(stage, there.listener, 2, PATIENCE_MS)).toContain('Ana said: A command.');
  await until('it was read', async () => (await why(elsewhere.guild, waiting)).includes('I did read it'));
});

test('the rules for people hold for what is said again for them', async () => {
  const { guild, listener } = await server('rules', { bots: true });
  await use(guild, 'optout', {}, ben).reply();
  const first = write(guild, 'M: a secret', ben);
  const copy = sayAgain(guild, 'a secret', 'Mika');
  stage.discord.deleteMessage(first);
  write(guild, 'L: for all');
  sayAgain(guild, 'for all');
  expect(await textsHeard(stage, listener, 1, PATIENCE_MS)).toEqual(['Luna said: for all']);
  expect(await why(guild, copy, ben)).toMatch(/You have asked me not to read you/);
  expect(await why(guild, copy)).toMatch(/Whoever wrote it/);
});

test('what PluralKit says again late, when it was heard already, is not heard twice', async () => {
  const { guild, listener } = await server('late');
  const first = write(guild, 'L: slow today');
  await textsHeard(stage, listener, 1, PATIENCE_MS);
  await until('it was read', async () => (await why(guild, first)).includes('I did read it'));
  const copy = sayAgain(guild, 'slow today');
  stage.discord.deleteMessage(first);
  write(guild, 'Go on.', ben);
  expect(await textsHeard(stage, listener, 2, PATIENCE_MS)).toEqual([
    'Ana said: L: slow today',
    'Ben said: Go on.',
  ]);
  expect(await why(guild, copy)).toMatch(/already reading/);
});

test('a bot that was let in without a role is known as soon as it has said a message again', async () => {
  const { guild, listener } = await server('no role', { bots: true }, false);
  sayAgain(guild, 'first of all');
  await textsHeard(stage, listener, 1, PATIENCE_MS);
  stage.discord.deleteMessage(write(guild, 'L: second'));
  sayAgain(guild, 'second');
  expect(await textsHeard(stage, listener, 2, PATIENCE_MS)).toEqual([
    'Luna said: first of all',
    'Luna said: second',
  ]);
});

test('what PluralKit says again while it is being heard is heard to its end, although the first one is deleted', async () => {
  const { guild, listener } = await server('overtaken');
  stage.fish.behaviour.packets = LONG_PACKETS;
  for (const [again, text] of [
    ['slow today', 'L: slow today'],
    ['slower still', 'L: slower still'],
  ] as const) {
    const before = listener.speech().length;
    const first = write(guild, text);
    await until('its beginning', () => listener.speech().length > before, PATIENCE_MS);
    const copy = sayAgain(guild, again);
    stage.discord.deleteMessage(first);
    expect(await why(guild, copy)).toMatch(/already reading/);
    await until('it was read', async () => (await why(guild, first)).includes('I did read it'), PATIENCE_MS);
  }
  expect(await textsHeard(stage, listener, 2, PATIENCE_MS)).toEqual([
    'Ana said: L: slow today',
    'Ana said: L: slower still',
  ]);
});

test('it falls silent when what PluralKit has said again is deleted', async () => {
  const { guild, listener } = await server('regretted');
  stage.fish.behaviour.packets = LONG_PACKETS;
  const first = write(guild, 'L: never mind');
  await until('its beginning', () => listener.speech().length > 0, PATIENCE_MS);
  const copy = sayAgain(guild, 'never mind');
  stage.discord.deleteMessage(first);
  stage.discord.deleteMessage(copy);
  expect(await why(guild, first)).toMatch(/deleted/);
  const next = write(guild, 'Go on.', ben);
  await until('the next line', async () => (await why(guild, next)).includes('I did read it'), PATIENCE_MS);
  expect(linesHeard(stage.fish, [listener])).toEqual([]); // what was cut off comes first, and is no whole line
});
