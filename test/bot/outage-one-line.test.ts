import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import { contentOf } from '../sandbox/discord/message.ts';
import { linesHeard } from '../support/heard.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

// While Fish Audio lets nobody in, one line is waiting, and nobody writes a second one.

/** In place of ten seconds. */
const HELD_UP_MS = 2_500;
/** Less than the two minutes after which the line would fail, so that people are told while it waits. */
const PATIENCE_MS = 60_000;

let stage: Stage;
let ana: FakeUser;

beforeAll(async () => {
  stage = await startStage(
    {
      fish: { packets: 10, limitHeaders: false },
      preload: [new URL('../support/preload-fish-timings.ts', import.meta.url)],
      env: { FISH_TIMINGS: JSON.stringify({ heldUpMs: HELD_UP_MS }) },
    },
    discord => {
      ana = discord.addUser('Ana');
    },
  );
});
afterAll(() => stage[Symbol.asyncDispose]());

/** What the bot told everybody in a server, but for its answers. */
const notices = (guild: FakeGuild) =>
  stage.discord
    .messages(guild.textChannel)
    .filter(({ author, interaction }) => author.id === stage.discord.applicationId && !interaction)
    .map(contentOf);

const BODY = '{"message":"Too Many Requests","status":429}';

test.each([
  ['429', 'chat', { upgrade: { status: 429, body: BODY } }],
  ['429', 'command', { upgrade: { status: 429, body: BODY } }],
  [
    '429 with a Retry-After',
    'chat',
    { upgrade: { status: 429, body: BODY, headers: { 'retry-after': '10' } } },
  ],
  ['no answer', 'chat', { hangUpgrade: true }],
  ['too many sessions in band', 'chat', { maxConcurrency: 0 }],
] as const)(
  '%s for long, and one line by %s: people are told while it waits, and once when it is over',
  async (name, how, jam) => {
    const guild = stage.discord.addGuild({ name: `${name} ${how}` });
    guild.addMember(ana);
    const listener = await stage.discord.join(ana, guild.voiceChannel);
    await stage.discord.command(ana, guild, 'join').reply();
    const { behaviour } = stage.fish;
    const usual = behaviour.maxConcurrency;
    Object.assign(behaviour, jam);
    stage.fish.dropIdleSockets();
    if (how === 'chat') stage.discord.message(ana, guild.textChannel, 'One single line.');
    else await stage.discord.command(ana, guild, 'say', { text: 'One single line.' }).reply();
    await until('people are told', () => notices(guild).length > 0, PATIENCE_MS);
    expect(notices(guild)).toEqual([
      expect.stringMatching(/can't speak right now: Fish Audio (?:is overloaded|doesn't answer)/),
    ]);
    Object.assign(behaviour, { maxConcurrency: usual, upgrade: undefined, hangUpgrade: undefined });
    await until('it is told that it is over', () => notices(guild).length > 1, PATIENCE_MS);
    expect(notices(guild)[1]).toMatch(/can speak again/);
    stage.discord.message(ana, guild.textChannel, 'Another line.');
    const heard = () => linesHeard(stage.fish, [listener]).map(({ text }) => text.replace('Ana said: ', ''));
    await until('the next line is heard', () => heard().includes('Another line.'), PATIENCE_MS);
    // Where nothing answers, the line has failed after ten seconds.
    if (!('hangUpgrade' in jam)) expect(heard()).toEqual(['One single line.', 'Another line.']);
    expect(notices(guild)).toHaveLength(2);
    await stage.discord.command(ana, guild, 'leave').reply();
  },
);

test('429 with a pause that nobody waits for, and one line: people are told at once, and once', async () => {
  const guild = stage.discord.addGuild({ name: 'a long pause' });
  guild.addMember(ana);
  await stage.discord.join(ana, guild.voiceChannel);
  await stage.discord.command(ana, guild, 'join').reply();
  const upgrade = { status: 429, body: BODY, headers: { 'retry-after': '600' } };
  Object.assign(stage.fish.behaviour, { upgrade });
  stage.fish.dropIdleSockets();
  const message = stage.discord.message(ana, guild.textChannel, 'One single line.');
  await until('people are told', () => notices(guild).length > 0, PATIENCE_MS);
  expect(notices(guild)).toEqual([expect.stringMatching(/can't speak right now: Fish Audio is overloaded/)]);
  const why = await stage.discord.messageMenu(ana, message, 'Why not read?').reply();
  expect(why).toMatch(/overloaded/);
});
