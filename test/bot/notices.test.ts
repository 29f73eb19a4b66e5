import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import { contentOf } from '../sandbox/discord/message.ts';
import { PERMISSION } from '../sandbox/discord/permissions.ts';
import { linesHeard } from '../support/heard.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const MANAGE_GUILD = String(1n << 5n);
const PATIENCE_MS = 90_000;

let stage: Stage;
let ana: FakeUser;

beforeAll(async () => {
  stage = await startStage(
    {
      fish: { packets: 15 },
      preload: [new URL('../support/preload-missing-texts.ts', import.meta.url)],
      env: { MISSING_TEXTS: 'cap.person,cap.person-alone,voice.kicked,nothing-said,say.cut' },
    },
    discord => {
      ana = discord.addUser('Ana');
    },
  );
});
afterAll(() => stage[Symbol.asyncDispose]());

async function server(name: string) {
  const guild = stage.discord.addGuild({ name });
  guild.addMember(ana, { permissions: MANAGE_GUILD });
  const listener = await stage.discord.join(ana, guild.voiceChannel);
  await use(guild, 'join').reply();
  return { guild, listener };
}

function use(guild: FakeGuild, name: string, options = {}) {
  return stage.discord.command(ana, guild, name, options);
}

const told = (guild: FakeGuild, channel = guild.textChannel) =>
  stage.discord
    .messages(channel)
    .filter(({ author }) => author.id === stage.discord.applicationId)
    .map(contentOf);

const file = (settings: object) => ({
  file: { name: 's.json', bytes: Buffer.from(JSON.stringify(settings)) },
});
const caps = (bytes: number) => file({ personBytesPerMinute: bytes });
const dayCap = (bytes: number) => file({ serverBytesPerDay: bytes });

test('a notice whose text is missing costs that notice and nothing else', async () => {
  const { guild, listener } = await server('missing');
  const heard = (count: number) =>
    until(`${count} lines`, () => linesHeard(stage.fish, [listener]).length >= count, PATIENCE_MS);
  stage.discord.message(ana, guild.textChannel, 'Before all.');
  await heard(1);
  await use(guild, 'settings import', caps(40)).reply();
  const before = told(guild).length;
  stage.discord.message(ana, guild.textChannel, 'This is far too much to be said within a single minute.');
  await until('it was tried', () => stage.bot.output.includes('cap.person'));
  await use(guild, 'settings import', caps(3_000)).reply();
  stage.discord.message(ana, guild.textChannel, 'And after.');
  await heard(2);
  stage.discord.moveBot(guild, null);
  await until('it was tried', () => stage.bot.output.includes('voice.kicked'));
  expect(
    told(guild)
      .slice(before)
      .filter(text => !text.includes('settings')),
  ).toEqual([]);
});

test('an answer whose text is missing is an apology, and the next command is answered', async () => {
  const { guild } = await server('speechless');
  expect(await use(guild, 'skip').reply()).toMatch(/went wrong/);
  expect(await use(guild, 'queue').reply()).toBe('The queue is empty.');
});

test('where the bot may not write, people are told in the chat of its voice channel', async () => {
  const { guild, listener } = await server('no pen');
  const me = { id: stage.discord.applicationId, type: 1, allow: '0' } as const;
  guild.setOverwrites(guild.textChannel, [{ ...me, deny: String(PERMISSION.sendMessages) }]);
  await use(guild, 'settings import', dayCap(20)).reply();
  stage.discord.message(ana, guild.textChannel, 'More than a day has here.');
  await until('it is told', () => told(guild, guild.voiceChannel).length > 0, PATIENCE_MS);
  expect(told(guild, guild.voiceChannel)[0]).toMatch(/limit for today/);
  expect(linesHeard(stage.fish, [listener])).toEqual([]);
});
