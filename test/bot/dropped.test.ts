import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import { contentOf } from '../sandbox/discord/message.ts';
import type { Listener } from '../sandbox/discord/voice-api.ts';
import { chatGuild, textsHeard } from '../support/chat-guild.ts';
import { linesHeard } from '../support/heard.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const PATIENCE_MS = 90_000;
const MOST_WAITING = 5;

let stage: Stage;
let ana: FakeUser;
let ben: FakeUser;

beforeAll(async () => {
  stage = await startStage({ fish: { packets: 8 } }, discord => {
    ana = discord.addUser('Ana');
    ben = discord.addUser('Ben');
  });
});
afterAll(() => stage[Symbol.asyncDispose]());
afterEach(() => {
  stage.fish.behaviour.fault = undefined;
  stage.fish.behaviour.faultTimes = undefined;
});

/** A server with Ana (who manages it) and Ben in its voice channel, where the bot reads. */
function server(name: string) {
  return chatGuild(stage, { name, manager: ana, listeners: [ben], commands: ['join'] });
}

function use(guild: FakeGuild, name: string, options = {}, user = ana) {
  return stage.discord.command(user, guild, name, options);
}

function write(guild: FakeGuild, content: string, user = ana) {
  return stage.discord.message(user, guild.textChannel, content);
}

const why = (guild: FakeGuild, message: { id: string }) => use(guild, 'why', { message: message.id }).reply();
const spoken = (listener: Listener) => linesHeard(stage.fish, [listener]).map(({ text }) => text);

function heard(listener: Listener, count: number): Promise<readonly string[]> {
  return textsHeard(stage, listener, count, PATIENCE_MS);
}

/** What the bot has told the server's people by itself. */
function notices(guild: FakeGuild): string[] {
  const { discord } = stage;
  return discord
    .messages(guild.textChannel)
    .filter(({ author, type }) => author.id === discord.applicationId && type === 0)
    .map(contentOf);
}

test('three times "yes" to three questions is said three times; three times in a row it is not, which is told once', async () => {
  const { guild, listener } = await server('yes');
  const talk = ['Tea?', 'yes', 'Milk?', 'yes', 'Sugar?', 'yes'];
  for (const [index, text] of talk.entries()) {
    write(guild, text, index % 2 === 0 ? ben : ana);
    await heard(listener, index + 1);
  }
  expect(spoken(listener)).toEqual(talk);
  write(guild, 'yes');
  await heard(listener, talk.length + 1);
  const tooMany = ['yes', 'yes', 'yes'].map(text => write(guild, text));
  for (const message of tooMany) expect(await why(guild, message)).toMatch(/twice in a row/);
  await until('the notice', () => notices(guild).length > 0);
  write(guild, 'Something else.');
  expect((await heard(listener, talk.length + 2)).at(-1)).toBe('Something else.');
  expect(notices(guild)).toEqual([`<@${ana.id}> I said that twice in a row already.`]);
});

test('what failed was not said, and may be written again; that it failed is told, once', async () => {
  const { guild, listener } = await server('failed');
  stage.fish.behaviour.fault = { kind: 'no-audio' };
  const lost = [];
  for (let count = 0; count < 2; count += 1) {
    const before = stage.fish.sessions.length;
    lost.push(write(guild, 'Hear me!'));
    const isOver = () => stage.fish.sessions.slice(before).filter(({ ended }) => ended).length >= 2;
    await until('Fish Audio was asked twice', isOver, PATIENCE_MS);
  }
  for (const message of lost) expect(await why(guild, message)).not.toMatch(/did read/);
  stage.fish.behaviour.fault = undefined;
  write(guild, 'Hear me!');
  expect(await heard(listener, 1)).toEqual(['Hear me!']);
  await until('the notice', () => notices(guild).length > 0, PATIENCE_MS);
  expect(notices(guild)).toHaveLength(1);
  expect(notices(guild)[0]).toContain(`<@${ana.id}>`);
});

test('who writes more than can wait is told once, by name and without a ping, and each message has its reason', async () => {
  const { guild, listener } = await server('too many');
  await use(guild, 'pause').reply();
  write(guild, 'This one is held.', ben);
  await until('it is held', () => stage.fish.sessions.some(({ text }) => text.includes('is held')));
  const messages = Array.from({ length: 12 }, (_, index) => write(guild, `Message ${index} of Ana.`));
  await use(guild, 'queue').reply();
  const told = () => notices(guild).filter(text => !/paused me|let me go on/.test(text));
  await until('the notice', () => told().length > 0);
  const left = messages.slice(MOST_WAITING);
  for (const message of left)
    expect(await why(guild, message)).toMatch(/too many of your messages|too many messages/i);
  await use(guild, 'resume').reply();
  await until('the rest', () => spoken(listener).join(' ').includes('Message 4'), PATIENCE_MS);
  expect(told()).toHaveLength(1);
  expect(told()[0]).toMatch(new RegExp(`^<@${ana.id}> .*${MOST_WAITING}`));
  expect(spoken(listener).join(' ')).not.toContain('Message 5');
});
