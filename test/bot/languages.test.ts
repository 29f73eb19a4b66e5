import { afterAll, beforeAll, expect, test } from 'vitest';
import { EVENING, EVENING_BYTES } from '../golden/evening.ts';
import type { FakeUser } from '../sandbox/discord/discord.ts';
import { chatGuild, textsHeard } from '../support/chat-guild.ts';
import { linesHeard } from '../support/heard.ts';
import { type Stage, startStage } from '../support/stage.ts';

const PATIENCE_MS = 60_000;

let stage: Stage;
const people = new Map<string, FakeUser>();

beforeAll(async () => {
  stage = await startStage({ fish: { packets: 6 } }, discord => {
    for (const name of ['Ana', 'Yuki', 'Dieter', 'Mia', 'Luc']) people.set(name, discord.addUser(name));
  });
  for (const voice of ['english', 'japanese', 'german', 'portuguese', 'of-the-server', 'of-mia'])
    stage.fish.library.know(voice);
});
afterAll(() => stage[Symbol.asyncDispose]());

function person(name: string): FakeUser {
  const user = people.get(name);
  if (!user) throw new Error(`there is no ${name}`);
  return user;
}

test('a busy evening in three languages is heard as a person would read it to the others', async () => {
  const { discord } = stage;
  const { guild, listener } = await chatGuild(stage, {
    name: 'evening',
    manager: person('Ana'),
    listeners: ['Yuki', 'Dieter', 'Mia', 'Luc'].map(person),
    settings: {
      announce: 'auto',
      voice: 'of-the-server',
      voices: { en: 'english', ja: 'japanese', de: 'german' },
    },
    commands: ['join'],
  });
  await discord.command(person('Mia'), guild, 'voice set', { voice: 'of-mia' }).reply();
  let count = 0;
  for (const round of EVENING) {
    await discord.command(person('Ana'), guild, 'pause').reply();
    for (const { by, written, writing = {}, command } of round) {
      if (command) await discord.command(person(by), guild, 'say', { text: written }).reply();
      else discord.message(person(by), guild.textChannel, written, writing);
    }
    await discord.command(person('Ana'), guild, 'resume').reply();
    count += round.length;
    await textsHeard(stage, listener, count, PATIENCE_MS);
  }
  expect(linesHeard(stage.fish, [listener])).toEqual(
    EVENING.flat().map(({ heard, voice }) => ({ text: heard, voice })),
  );
  // The README says what an evening costs: as many bytes as are heard, and not one more.
  const said = new Set(EVENING.flat().map(({ heard }) => heard));
  const billed = stage.fish.sessions.filter(({ text }) => said.has(text.trim()));
  expect(billed.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(EVENING_BYTES);
}, 120_000);

test('what nobody can tell is in the language of the server, and its own setting comes before Discord’s', async () => {
  const { discord } = stage;
  const { guild, listener } = await chatGuild(stage, {
    name: 'nobody can tell',
    manager: person('Ana'),
    settings: { announce: 'always', language: 'pt-BR', voices: { pt: 'portuguese', en: 'english' } },
    commands: ['join'],
  });
  discord.message(person('Ana'), guild.textChannel, 'lol 😂');
  await textsHeard(stage, listener, 1, PATIENCE_MS);
  discord.message(person('Ana'), guild.textChannel, 'is anybody there?');
  await textsHeard(stage, listener, 2, PATIENCE_MS);
  expect(linesHeard(stage.fish, [listener])).toEqual([
    { text: 'Ana disse: lol, rosto chorando de rir', voice: 'portuguese' },
    { text: 'Ana said: is anybody there?', voice: 'english' },
  ]);
}, 120_000);
