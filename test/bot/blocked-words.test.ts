import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import type { Writing } from '../sandbox/discord/written-message.ts';
import { chatGuild, textsHeard } from '../support/chat-guild.ts';
import { jsonFile } from '../support/managed-guild.ts';
import { addUsers, type Stage, startStage } from '../support/stage.ts';

const PATIENCE_MS = 60_000;
const BLOCKED = /a word in that which is blocked/;

let stage: Stage;
let ana: FakeUser;
let ben: FakeUser;

beforeAll(async () => {
  stage = await startStage({ fish: { packets: 15 } }, discord => {
    [ana, ben] = addUsers(discord, 'Ana', 'Ben');
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

const server = (name: string, settings: object = {}, commands: readonly string[] = []) =>
  chatGuild(stage, { name, manager: ana, listeners: [ben], settings, commands });

const use = (guild: FakeGuild, name: string, options: object, user = ana) =>
  stage.discord.command(user, guild, name, { ...options });

test('blocked words keep a message unread, and are named to nobody', async () => {
  const blockedWords = ['durian', 'two words', '榴蓮'];
  const { guild, listener } = await server('blocked', { blockedWords }, ['join']);
  const write = (content: string, writing: Writing = {}) =>
    stage.discord.message(ben, guild.textChannel, content, writing);
  const blocked = [
    write('I like DURIAN!'),
    write('Two   Words'),
    write('この榴蓮は'),
    write('', { forward: { content: 'a durian' } }),
    write('Vote', { poll: { question: 'Fruit?', answers: ['Durian', 'Apple'] } }),
  ];
  write('Durians are another word.');
  expect(await textsHeard(stage, listener, 1, PATIENCE_MS)).toEqual(['Durians are another word.']);
  for (const message of blocked)
    for (const user of [ana, ben]) {
      const told = await use(guild, 'why', { message: message.id }, user).reply();
      expect(told).toMatch(/word/);
      expect(told).not.toMatch(/durian|two words|榴蓮/i);
    }
});

test('a blocked word is not said by a command either, and whoever waits is told', async () => {
  const { guild, listener } = await server('commands', { blockedWords: ['darn'] });
  const refused = [
    use(guild, 'say', { text: 'Oh **d**arn.' }),
    use(guild, 'voicemessage', { text: 'Darn it.' }),
    use(guild, 'voice preview', { voice: 'robot 7', text: 'Darn it.' }),
    stage.discord.messageMenu(ana, stage.discord.message(ana, guild.textChannel, 'My darn.'), 'Read aloud'),
    stage.discord.messageMenu(
      ana,
      stage.discord.message(ana, guild.textChannel, 'My darn.'),
      'Save as audio',
    ),
  ];
  for (const one of refused) {
    expect(await one.reply(PATIENCE_MS)).toMatch(BLOCKED);
    expect(one.ephemeral).toBe(true);
  }
  await use(guild, 'say', { text: 'A darning needle.' }).reply();
  expect(await textsHeard(stage, listener, 1, PATIENCE_MS)).toEqual(['A darning needle.']);
  expect(stage.fish.sessions.filter(({ text }) => /darn\b/i.test(text))).toEqual([]);
});

test('an entry of the dictionary that was there before a word of it was blocked no longer has it said', async () => {
  const dictionary = { brb: 'oh darn', gg: 'good game', Ana: 'Darn' };
  const { guild, listener } = await server('dictionary', { dictionary, announce: 'always' }, ['join']);
  stage.discord.message(ana, guild.textChannel, 'brb');
  expect(await textsHeard(stage, listener, 1, PATIENCE_MS)).toEqual(['Darn said: oh darn']);
  await use(guild, 'settings import', jsonFile({ blockedWords: ['darn'] })).reply();
  stage.discord.message(ana, guild.textChannel, 'brb, gg');
  await textsHeard(stage, listener, 2, PATIENCE_MS);
  expect(await use(guild, 'dictionary try', { text: 'brb, gg' }).reply()).toMatch(/brb, good game/);
  await use(guild, 'settings import', jsonFile({ blockedWords: [] })).reply();
  await use(guild, 'say', { text: 'brb' }).reply();
  expect((await textsHeard(stage, listener, 3, PATIENCE_MS)).slice(1)).toEqual([
    'Ana said: brb, good game',
    'Darn said: oh darn',
  ]);
});

test('entries of the dictionary that hold a blocked phrase only one after another are taken', async () => {
  const { guild } = await server('phrases', { blockedWords: ['two words'] });
  const imported = (words: object) => use(guild, 'dictionary import', jsonFile(words)).reply();
  expect(await imported({ a: 'two words' })).toMatch(/a word/);
  expect(await imported({ a: 'two', b: 'words' })).not.toMatch(/a word/);
});

test('a blocked phrase is not said where an entry of the dictionary, or what is left out, puts its words together', async () => {
  const dictionary = { brb: 'two', a: 'two', b: 'words', um: '', gg: 'good game' };
  const settings = { blockedWords: ['two words'], dictionary, emoji: 'skip', announce: 'never' };
  const { guild, listener } = await server('phrases beside', settings, ['join']);
  const heard = async (content: string, line: number) => {
    stage.discord.message(ana, guild.textChannel, content);
    return (await textsHeard(stage, listener, line, PATIENCE_MS)).at(-1);
  };
  expect(await heard('brb words', 1)).toBe('brb words');
  expect(await heard('a b, gg', 2)).toBe('a b, gg');
  expect(await heard('two um words', 3)).toBe('two um words');
  const message = stage.discord.message(ana, guild.textChannel, 'two ~~or three~~ words');
  expect(await heard('brb, gg', 4)).toBe('two, good game');
  expect(await use(guild, 'why', { message: message.id }).reply()).toMatch(/blocked word/);
  expect(await use(guild, 'say', { text: 'two ~~or three~~ words' }).reply()).toMatch(BLOCKED);
});
