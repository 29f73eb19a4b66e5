import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import type { Listener } from '../sandbox/discord/voice-api.ts';
import { chatGuild, textsHeard } from '../support/chat-guild.ts';
import { linesHeard } from '../support/heard.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const PATIENCE_MS = 60_000;
/** What was written first comes first, also where the one is a message and the other a command. */
const APART_MS = 15;

let stage: Stage;
let ana: FakeUser;
let ben: FakeUser;
let cat: FakeUser;

beforeAll(async () => {
  stage = await startStage({ fish: { packets: 8 } }, discord => {
    ana = discord.addUser('Ana');
    ben = discord.addUser('Ben');
    cat = discord.addUser('Cat');
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

/** A server with Ana (who manages it), Ben and Cat in its voice channel; the bot reads there, and is paused. */
function server(name: string, settings: object = {}) {
  return chatGuild(stage, {
    name,
    manager: ana,
    listeners: [ben, cat],
    settings,
    commands: ['join', 'pause'],
  });
}

function use(guild: FakeGuild, name: string, options = {}, user = ana) {
  return stage.discord.command(user, guild, name, options);
}

function write(guild: FakeGuild, content: string, user: FakeUser) {
  return stage.discord.message(user, guild.textChannel, content);
}

const spoken = (listener: Listener) => linesHeard(stage.fish, [listener]).map(({ text }) => text);

function heard(listener: Listener, count: number): Promise<readonly string[]> {
  return textsHeard(stage, listener, count, PATIENCE_MS);
}

test('a conversation is heard in the order in which it was written, and joined only where nobody stands between', async () => {
  const { guild, listener } = await server('in order');
  write(guild, 'Shall we go?', ana);
  write(guild, 'To the sea.', ana);
  write(guild, 'Now!', ana);
  write(guild, 'I am not ready.', ben);
  write(guild, 'Hurry up.', ana);
  write(guild, 'Wait for me.', cat);
  write(guild, 'Both of you.', cat);
  write(guild, 'All right.', ben);
  await use(guild, 'resume').reply();
  const order =
    'Shall we go? To the sea. Now! I am not ready. Hurry up. Wait for me. Both of you. All right.';
  await until('all of it', () => spoken(listener).join(' ').length >= order.length, PATIENCE_MS);
  expect(spoken(listener).join(' ')).toBe(order);
  expect(spoken(listener).slice(-4)).toEqual([
    'I am not ready.',
    'Hurry up.',
    'Wait for me. Both of you.',
    'All right.',
  ]);
});

test('messages and /say keep the order in which they were written', async () => {
  const { guild, listener } = await server('both ways');
  const texts = Array.from({ length: 8 }, (_, index) => `Number ${index}.`);
  for (const [index, text] of texts.entries()) {
    const user = [ana, ben, cat][index % 3] ?? ana;
    if (index % 2 === 0) write(guild, text, user);
    else use(guild, 'say', { text }, user);
    await sleep(APART_MS);
  }
  await use(guild, 'resume').reply();
  expect(await heard(listener, texts.length)).toEqual(texts);
});

test('who floods yields: their further lines are heard when the others were, each in its own order', async () => {
  const { guild, listener } = await server('flood');
  const say = (text: string, user: FakeUser) => use(guild, 'say', { text }, user).reply();
  for (let number = 1; number <= 6; number += 1) await say(`Ana ${number}.`, ana); // the first is being heard
  await say('Ben 1.', ben);
  await say('Cat 1.', cat);
  await say('Ben 2.', ben);
  const queue = await use(guild, 'queue').reply();
  await use(guild, 'resume').reply();
  const order = ['Ana 1.', 'Ana 2.', 'Ana 3.', 'Ana 4.', 'Ben 1.', 'Cat 1.', 'Ben 2.', 'Ana 5.', 'Ana 6.'];
  expect(await heard(listener, order.length)).toEqual(order);
  expect(order.filter(text => queue.includes(text))).toEqual(order);
  expect(order.map(text => queue.indexOf(text))).toEqual(
    order.map(text => queue.indexOf(text)).toSorted((one, other) => one - other),
  );
});

test('those with the priority role are heard first', async () => {
  const { discord } = stage;
  const { guild, listener } = await server('priority');
  const role = guild.addRole('First');
  guild.setRoles(cat, [role]);
  const bytes = Buffer.from(JSON.stringify({ priorityRole: role.id }));
  await use(guild, 'settings import', { file: { name: 'settings.json', bytes } }).reply();
  for (const [text, user] of [
    ['One.', ana],
    ['Two.', ben],
    ['Three.', ana],
    ['First of all.', cat],
  ] as const)
    discord.message(user, guild.textChannel, text);
  await use(guild, 'resume').reply();
  expect((await heard(listener, 4)).at(-1)).toBe('Three.');
  expect((await heard(listener, 4)).indexOf('First of all.')).toBeLessThan(3);
});
