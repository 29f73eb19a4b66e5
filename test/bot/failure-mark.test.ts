import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { FakeUser } from '../sandbox/discord/discord.ts';
import type { FakeMessage } from '../sandbox/discord/message.ts';
import { PERMISSION } from '../sandbox/discord/permissions.ts';
import { chatGuild, textsHeard } from '../support/chat-guild.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const PATIENCE_MS = 90_000;

let stage: Stage;
let ana: FakeUser;

beforeAll(async () => {
  stage = await startStage({ fish: { packets: 10 } }, discord => {
    ana = discord.addUser('Ana');
  });
});
afterAll(() => stage[Symbol.asyncDispose]());
afterEach(() => {
  delete stage.fish.behaviour.fault;
  delete stage.fish.behaviour.faultTimes;
});

async function scene(name: string, { failureMark = true, mayReact = true } = {}) {
  const options = { name, manager: ana, settings: { failureMark }, commands: ['join'] };
  const { guild, listener } = await chatGuild(stage, options);
  const react = PERMISSION.addReactions | PERMISSION.readMessageHistory;
  if (mayReact) guild.botPermissions = String(BigInt(guild.botPermissions) | react);
  const write = (text: string) => stage.discord.message(ana, guild.textChannel, text);
  return { guild, listener, write };
}

/** Has Fish refuse every try of the next line. */
function failNext() {
  stage.fish.behaviour.fault = { kind: 'finish-error', afterEvents: 0 };
}

const marksOf = (message: FakeMessage) => stage.discord.reactions(message).map(({ emoji }) => emoji);

async function why(guild: Awaited<ReturnType<typeof scene>>['guild'], message: FakeMessage) {
  return await stage.discord.command(ana, guild, 'why', { message: message.id }).reply();
}

test('what could not be said is marked once; what was said, skipped or stopped is not', async () => {
  const { guild, listener, write } = await scene('marked');
  const said = write('This is said.');
  await textsHeard(stage, listener, 1, PATIENCE_MS);
  failNext();
  const failed = write('This fails.');
  await until('it is marked', () => marksOf(failed).length > 0, PATIENCE_MS);
  expect(marksOf(failed)).toEqual(['⚠️']);
  delete stage.fish.behaviour.fault;
  stage.fish.behaviour.packets = 500;
  const skipped = write('This is skipped.');
  const stopped = write('This is stopped.');
  await until('it is being said', () =>
    stage.fish.sessions.some(one => one.text.includes('This is skipped')),
  );
  await stage.discord.command(ana, guild, 'skip').reply();
  await stage.discord.command(ana, guild, 'stop').reply();
  expect(await why(guild, skipped)).toMatch(/skipped/);
  expect(await why(guild, stopped)).toMatch(/stop/);
  const later = write('This is deleted.');
  stage.discord.deleteMessage(later);
  for (const message of [said, skipped, stopped, later]) expect(marksOf(message)).toEqual([]);
  expect(marksOf(failed)).toEqual(['⚠️']);
  stage.fish.behaviour.packets = 10;
});

test.each([
  ['the setting is off', { failureMark: false }],
  ['the bot may not react', { mayReact: false }],
])('nothing is marked, and nothing is asked of Discord, where %s', async (name, how) => {
  const { guild, write } = await scene(name, how);
  failNext();
  const failed = write('This fails.');
  await until('it has failed', async () => /couldn't say|wrong/.test(await why(guild, failed)), PATIENCE_MS);
  expect(marksOf(failed)).toEqual([]);
  const asked = stage.discord.requests.filter(({ path }) => path.includes(`${failed.id}/reactions`));
  expect(asked).toEqual([]);
});
