import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import type { FakeInteraction } from '../sandbox/discord/interaction.ts';
import { contentOf } from '../sandbox/discord/message.ts';
import { linesHeard } from '../support/heard.ts';
import { jsonFile, managedGuild } from '../support/managed-guild.ts';
import type { Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';
import { idOfVoice, offeredVoices } from '../support/voice-ids.ts';
import { startVoicesStage } from '../support/voices-stage.ts';

const PATIENCE_MS = 90_000;

let stage: Stage;
let ana: FakeUser;
let ben: FakeUser;

beforeAll(async () => {
  ({ stage, ana, ben } = await startVoicesStage());
});
afterAll(() => stage[Symbol.asyncDispose]());

function server(name: string): FakeGuild {
  return managedGuild(stage.discord, { name, manager: ana, members: [ben] });
}

function use(guild: FakeGuild, name: string, options = {}, user = ana): FakeInteraction {
  return stage.discord.command(user, guild, name, options);
}

/** The ids of the voices that are offered to somebody who types this. */
const offered = async (guild: FakeGuild, typed: string, user = ana) =>
  (await offeredVoices(stage, { user, guild, typed })).map(({ value }) => value);

test('a voice that Fish no longer has: said in the server’s, told once, and straight away from then on', async () => {
  const guild = server('gone');
  const listener = await stage.discord.join(ana, guild.voiceChannel);
  await stage.discord.join(ben, guild.voiceChannel);
  const [own, servers] = [idOfVoice(stage, 'Whispering Wind'), idOfVoice(stage, 'Late Night Radio')];
  await use(guild, 'voice server', { voice: servers }).reply();
  await use(guild, 'voice set', { voice: own }).reply();
  await use(guild, 'join').reply();
  const heard = async (count: number) => {
    await until('it is heard', () => linesHeard(stage.fish, [listener]).length >= count, PATIENCE_MS);
    return linesHeard(stage.fish, [listener]);
  };
  stage.discord.message(ana, guild.textChannel, 'While it is there.');
  await heard(1);
  stage.fish.library.remove(own);
  stage.discord.message(ana, guild.textChannel, 'Is my voice there?');
  expect((await heard(2)).map(({ text, voice }) => [text.replace(/^Ana said: /, ''), voice])).toEqual([
    ['While it is there.', own],
    ['Is my voice there?', servers],
  ]);
  const notices = () =>
    stage.discord
      .messages(guild.textChannel)
      .map(contentOf)
      .filter(content => content.includes('any more'));
  await until('she is told', () => notices().length > 0);
  expect(notices()[0]).toContain(`<@${ana.id}>`);
  expect(notices()[0]).toContain('Whispering Wind');
  const before = stage.fish.sessions.length;
  await use(guild, 'say', { text: 'And again.' }).reply();
  expect((await heard(3))[2]).toEqual({ text: 'And again.', voice: servers });
  expect(stage.fish.sessions).toHaveLength(before + 1);
  expect(notices()).toHaveLength(1);
  expect(await offered(guild, 'whispering')).not.toContain(own);
  expect(await use(guild, 'voice preview', { voice: own }).reply()).toMatch(/doesn't know/);
  const asked = use(guild, 'say', { text: 'With that one.', voice: own }, ben);
  await asked.reply();
  await until('he is told', () => asked.messages.length > 1);
  expect((await heard(4))[3]?.voice).toBe(servers);
});

test('voices are offered and people speak while Fish’s REST hangs', async () => {
  const guild = server('hanging');
  const listener = await stage.discord.join(ana, guild.voiceChannel);
  stage.fish.behaviour.rest = { kind: 'hang' };
  try {
    for (const typed of ['', 'c', 'ca', 'cap', 'capt', 'unheard of', 'clam', '静', 'f'.repeat(32)]) {
      await offered(guild, typed); // fails where Discord would not wait any longer
    }
    await use(guild, 'say', { text: 'Hello.', voice: 'Captain Redbeard' }).reply();
    await use(guild, 'say', { text: 'There.', voice: 'f'.repeat(32) }).reply();
    await until('it is heard', () => linesHeard(stage.fish, [listener]).length > 1, PATIENCE_MS);
    expect(linesHeard(stage.fish, [listener])[0]?.voice).toBe(idOfVoice(stage, 'Captain Redbeard'));
    expect(await use(guild, 'voice set', { voice: 'e'.repeat(32) }).reply()).toContain('`eeeeeeee…`');
    const search = await use(guild, 'voice search', { query: 'butler' }).reply();
    expect(search).toContain('British Butler');
  } finally {
    delete stage.fish.behaviour.rest;
  }
});

test('a voice that never spoke: said in the server’s, told once without “any more”, offered to nobody', async () => {
  const guild = server('never spoke');
  const listener = await stage.discord.join(ana, guild.voiceChannel);
  const wrong = 'no-such-voice-1';
  const asked = use(guild, 'say', { text: 'In the wrong voice.', voice: wrong });
  await asked.reply();
  await until('she is told', () => asked.messages.length > 1, PATIENCE_MS);
  expect(asked.messages.map(contentOf)[1]).toMatch(/doesn't know the voice `no-such-voice-1`\./);
  await until('it is heard', () => linesHeard(stage.fish, [listener]).length > 0, PATIENCE_MS);
  expect(linesHeard(stage.fish, [listener])).toEqual([
    { text: 'Ana said: In the wrong voice.', voice: undefined },
  ]);
  for (const typed of ['', 'no-such', wrong])
    for (const user of [ana, ben]) expect(await offered(guild, typed, user)).not.toContain(wrong);
  const again = use(guild, 'say', { text: 'And once more.', voice: wrong });
  await again.reply();
  await until('it is heard', () => linesHeard(stage.fish, [listener]).length > 1, PATIENCE_MS);
  expect([asked, again].map(({ messages }) => messages.length)).toEqual([2, 1]);
});

test('Fish’s REST is away: a voice is kept with a word, and what is wrong with it is told when it is to speak', async () => {
  const guild = server('unchecked');
  const listener = await stage.discord.join(ana, guild.voiceChannel);
  stage.fish.behaviour.rest = { kind: 'status', status: 503, body: 'away' };
  try {
    const set = await use(guild, 'voice set', { voice: 'no-such-voice-4' }).reply();
    expect(set).toMatch(/couldn't ask Fish Audio whether it knows `no-such-voice-4`/);
    expect(await use(guild, 'voice server', { voice: 'no-such-voice-5' }).reply()).toMatch(
      /couldn't ask Fish Audio/,
    );
    const imported = await use(
      guild,
      'settings import',
      jsonFile({ newcomerVoices: ['no-such-voice-6'] }),
    ).reply();
    expect(imported).toMatch(
      /hold from now on[\s\S]*couldn't ask Fish Audio whether it knows `no-such-voice-6`/,
    );
    expect(await offered(guild, 'no-such')).toEqual([]);
  } finally {
    delete stage.fish.behaviour.rest;
  }
  const asked = use(guild, 'say', { text: 'In whatever voice there is.' });
  await asked.reply();
  await until('she is told of both', () => asked.messages.length > 2, PATIENCE_MS);
  const told = asked.messages.map(contentOf).slice(1);
  expect(told[0]).toMatch(/doesn't know the voice `no-such-voice-4`\./);
  expect(told[1]).toMatch(/doesn't know this server's voice `no-such-voice-5`\./);
  await until('it is heard', () => linesHeard(stage.fish, [listener]).length > 0, PATIENCE_MS);
});
