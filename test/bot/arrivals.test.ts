import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import { chatGuild, textsHeard } from '../support/chat-guild.ts';
import { linesHeard } from '../support/heard.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const PATIENCE_MS = 90_000;
/** By then it would have been told who came. */
const WOULD_BE_TOLD_MS = 6_000;
/** Between two groups who are told each by themselves. */
const APART_MS = 3_500;

let stage: Stage;
let manager: FakeUser;
let people: readonly FakeUser[];

beforeAll(async () => {
  stage = await startStage({ fish: { packets: 10 } }, discord => {
    manager = discord.addUser('Manager');
    people = ['Ana', 'Ben', 'Cleo', 'Dan', 'Eve', 'Finn', 'Gus'].map(name => discord.addUser(name));
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

async function scene(name: string, settings: object) {
  const options = { name, manager, others: people, settings, commands: ['join'] };
  const { guild, listener } = await chatGuild(stage, options);
  const use = (user: FakeUser, command: string, given = {}) =>
    stage.discord.command(user, guild, command, given).reply();
  return { guild, listener, use };
}

const join = (user: FakeUser | undefined, guild: FakeGuild) => {
  if (!user) throw new Error('nobody');
  return stage.discord.join(user, guild.voiceChannel);
};

// At once, each in a server of its own: they mostly wait.
describe.concurrent('at the same time', () => {
  test('who comes within three seconds is told in one sentence, and the server pays', async () => {
    const { guild, listener, use } = await scene('joins', { arrivals: 'joins', serverBytesPerDay: 1_000 });
    const [ana, ben, cleo] = people;
    await use(ana!, 'name', { say: 'Anna' });
    await join(ana, guild);
    await join(ben, guild);
    expect(await textsHeard(stage, listener, 1, PATIENCE_MS)).toEqual(['Anna and Ben joined.']);
    await stage.discord.leave(ben!, guild);
    await sleep(APART_MS);
    await join(cleo, guild);
    expect(await textsHeard(stage, listener, 2, PATIENCE_MS)).toEqual([
      'Anna and Ben joined.',
      'Cleo joined.',
    ]);
    const usage = await use(manager, 'usage');
    expect(usage).toContain(String(Buffer.byteLength('Anna and Ben joined.Cleo joined.')));
  });

  test('with `all` who leaves is told too; who is back at once is not', async () => {
    const { guild, listener } = await scene('all', { arrivals: 'all' });
    const [ana, ben] = people;
    await join(ana, guild);
    await textsHeard(stage, listener, 1, PATIENCE_MS);
    await stage.discord.leave(ana!, guild);
    await join(ana, guild);
    await sleep(APART_MS);
    await stage.discord.leave(ana!, guild);
    await join(ben, guild);
    expect(await textsHeard(stage, listener, 3, PATIENCE_MS)).toEqual([
      'Ana joined.',
      'Ben joined.',
      'Ana left.',
    ]);
  });

  test('nobody is told of bots, of who has opted out, or while nobody else listens', async () => {
    const { guild, listener, use } = await scene('nobody', { arrivals: 'all', blockedWords: ['voldemort'] });
    const bot = stage.discord.addUser('Other bot', { bot: true });
    const troll = stage.discord.addUser('Lord Voldemort');
    const [zoe, yves] = ['Zoe', 'Yves'].map(each => stage.discord.addUser(each)) as [FakeUser, FakeUser];
    for (const user of [bot, troll, zoe, yves]) guild.addMember(user);
    await use(zoe, 'optout');
    await join(zoe, guild);
    await join(troll, guild);
    await stage.discord.join(bot, guild.voiceChannel);
    await sleep(WOULD_BE_TOLD_MS);
    for (const user of [zoe, troll, manager]) await stage.discord.leave(user, guild);
    await join(yves, guild);
    await sleep(WOULD_BE_TOLD_MS);
    const texts = stage.fish.sessions.map(({ text }) => text);
    expect(texts.filter(text => /Zoe|Yves|Voldemort|Other bot/.test(text))).toEqual([]);
    expect(listener.speech()).toEqual([]);
  });

  test('a raid is one sentence, and after a few of them a minute it is silent', async () => {
    const { guild, listener } = await scene('raid', { arrivals: 'joins' });
    for (const user of people) await join(user, guild);
    expect(await textsHeard(stage, listener, 1, PATIENCE_MS)).toEqual([
      'Ana, Ben, Cleo, Dan, and 3 others joined.',
    ]);
    const said = () => stage.fish.sessions.filter(({ text }) => text.includes('Raider')).length;
    const raiders = Array.from({ length: 6 }, (_, number) => stage.discord.addUser(`Raider ${number}`));
    for (const user of raiders) {
      guild.addMember(user);
      await join(user, guild);
      await sleep(APART_MS);
    }
    await sleep(WOULD_BE_TOLD_MS);
    expect(said()).toBe(5);
  });

  test('by default nobody is told', async () => {
    const { guild, listener } = await scene('none', {});
    await join(people[0], guild);
    await sleep(WOULD_BE_TOLD_MS);
    expect(listener.speech()).toEqual([]);
    await until('the bot is there', () => stage.discord.botVoiceChannel(guild) !== null);
  });
});

test('it is said in the server’s language, after what people have written', async () => {
  const { discord, fish } = stage;
  const { guild, listener } = await scene('german', { arrivals: 'joins', language: 'de' });
  const [ana, ben] = people;
  fish.behaviour.packets = 100;
  await join(ana, guild);
  for (const text of ['Eins.', 'Zwei.']) discord.message(manager, guild.textChannel, text);
  await join(ben, guild);
  const texts = () => linesHeard(fish, [listener]).map(({ text }) => text);
  await until('all is heard', () => texts().join(' ').includes('dazugekommen'), PATIENCE_MS);
  expect(texts().join(' ')).toBe('Eins. Zwei. Ana und Ben sind dazugekommen.');
  fish.behaviour.packets = 10;
});

test('where other people’s lines are left to moderators, who came is nobody’s line', async () => {
  const { guild, use } = await scene('nobody’s', { arrivals: 'joins', skipOthers: false });
  const [ana, ben, cleo] = people;
  const told = async (user: FakeUser) => {
    const before = stage.fish.sessions.length;
    await join(user, guild);
    const isTold = () => stage.fish.sessions.slice(before).some(({ text }) => text.includes(user.name));
    await until('it is being told', isTold, PATIENCE_MS);
    expect(await use(manager, 'queue')).toContain(`${user.name} joined`);
  };
  stage.fish.behaviour.packets = 1_500; // half a minute
  await told(ana!);
  for (const [command, answer] of [
    ['pause', 'Paused'],
    ['resume', 'Going on'],
    ['skip', 'Skipped'],
  ] as const)
    expect(await use(ana!, command), command).toContain(answer);
  await told(ben!);
  expect(await use(ana!, 'stop')).toContain('Silent');
  await told(cleo!);
  expect(await use(ana!, 'leave')).toContain('I left');
  stage.fish.behaviour.packets = 10;
});
