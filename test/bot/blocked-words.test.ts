import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import { chatGuild, textsHeard } from '../support/chat-guild.ts';
import { type Stage, startStage } from '../support/stage.ts';

const PATIENCE_MS = 60_000;
const BLOCKED = /a word in that which is blocked/;

let stage: Stage;
let ana: FakeUser;

beforeAll(async () => {
  stage = await startStage({ fish: { packets: 15 } }, discord => {
    ana = discord.addUser('Ana');
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

const server = (name: string, settings: object = {}, commands: readonly string[] = []) =>
  chatGuild(stage, { name, manager: ana, settings, commands });

const use = (guild: FakeGuild, name: string, options: object) =>
  stage.discord.command(ana, guild, name, { ...options });

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
