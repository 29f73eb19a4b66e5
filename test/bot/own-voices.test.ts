import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import { chatGuild, textsHeard } from '../support/chat-guild.ts';
import { deleteData, exportedData } from '../support/privacy.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';
import { idOfVoice, offeredVoices } from '../support/voice-ids.ts';

const PATIENCE_MS = 90_000;
const HEX_ID = /[0-9a-f]{32}/;

let stage: Stage;
let ana: FakeUser;
let ben: FakeUser;
let moderator: FakeUser;

beforeAll(async () => {
  stage = await startStage({ fish: { packets: 10 } }, discord => {
    ana = discord.addUser('Ana');
    ben = discord.addUser('Siobhán');
    moderator = discord.addUser('Mo');
  });
  await until('the library is read', () => stage.fish.calls.length >= 15, PATIENCE_MS);
});
afterAll(() => stage[Symbol.asyncDispose]());

async function scene(name: string, settings: object = {}, commands: readonly string[] = []) {
  const options = { name, manager: ana, listeners: [ben, moderator], settings, commands };
  const { guild, listener } = await chatGuild(stage, options);
  const use = (command: string, given = {}, user = ana) =>
    stage.discord.command(user, guild, command, given).reply();
  return { guild, listener, use };
}

const offered = async (guild: FakeGuild, typed = '') =>
  (await offeredVoices(stage, { user: ana, guild, typed })).map(({ value }) => value);

test('/voice set, show and reset tell all that holds, by name, and where it comes from', async () => {
  const { use } = await scene('sheet', { voice: idOfVoice(stage, 'Late Night Radio') });
  const set = await use('voice set', { voice: 'robot 7', speed: 1.25, volume: -3, latency: 'low' });
  expect(set).toContain('**Robot 7');
  for (const part of ['1.25', '−3 dB', 'Quickest start', 'Liveliness: standard', 'your choice'])
    expect(set).toContain(part);
  expect(set).not.toMatch(HEX_ID);
  expect(await use('voice show')).toBe(set.split('\n').slice(1).join('\n'));
  const reset = await use('voice reset');
  expect(reset).toContain("**Late Night Radio · en** (the server's)");
  expect(reset).toContain("Speed: 1 (the server's)");
  expect(reset).not.toMatch(HEX_ID);
});

test('who chooses what the server does not let them is told what it does', async () => {
  const bounds = { speed: [1, 1], volume: [-3, 3], temperature: [0, 1] };
  const { use } = await scene('bounds', { bounds });
  expect(await use('voice set', { voice: 'robot 7', speed: 2 })).toBe(
    'In this server the speed is 1 for everyone.',
  );
  expect(await use('voice set', { voice: 'robot 7', volume: 9 })).toBe(
    'In this server the volume is between −3 and 3 dB.',
  );
});

test('a voice that somebody chooses in one server is not theirs in another', async () => {
  const here = await scene('here');
  const there = await scene('there', { voice: idOfVoice(stage, 'Late Night Radio') });
  await here.use('voice set', { voice: 'robot 7' });
  expect(await here.use('voice show')).toContain('**Robot 7');
  expect(await there.use('voice show')).toContain("**Late Night Radio · en** (the server's)");
});

test('/voice undo goes back to before the last change, and once more takes that back', async () => {
  const { use } = await scene('undo');
  expect(await use('voice undo')).toMatch(/nothing to undo/);
  await use('voice set', { voice: 'robot 7', speed: 1.25 });
  await use('voice set', { voice: 'british butler', speed: 0.75 });
  const undone = await use('voice undo');
  for (const part of ['**Robot 7', '1.25']) expect(undone).toContain(part);
  expect(await use('voice undo')).toContain('**British Butler');
  await use('voice reset');
  const back = await use('voice undo');
  for (const part of ['**British Butler', '0.75']) expect(back).toContain(part);
  await use('name', { say: 'Anna' });
  await use('voice favourite', { voice: 'robot 7' });
  expect(await use('voice undo'), 'what is no voice is not undone').toContain("Fish Audio's usual voice");
  expect(await use('voice show')).toContain('Anna');
});

test('favourites lead what is offered; marked once more they are none', async () => {
  const { guild, use } = await scene('favourites', { voice: idOfVoice(stage, 'Late Night Radio') });
  await use('voice set', { voice: 'young wizard' });
  const [elise, butler] = [idOfVoice(stage, 'Élise'), idOfVoice(stage, 'British Butler')];
  expect(await use('voice favourite', { voice: 'élise' })).toMatch(/Élise.*one of your favourites now \(1 /);
  await use('voice favourite', { voice: butler });
  const leading = async () => (await offered(guild)).slice(0, 4);
  expect((await leading()).slice(0, 2)).toEqual([butler, elise]);
  expect(new Set((await leading()).slice(2))).toEqual(
    new Set([idOfVoice(stage, 'Late Night Radio'), idOfVoice(stage, 'Young Wizard')]),
  );
  expect(await use('voice show')).toMatch(/Your favourites: \*\*British Butler.*, \*\*Élise/);
  expect(await use('voice favourite', { voice: elise })).toMatch(/no favourite/);
  expect((await leading())[0]).toBe(butler);
  expect(await leading()).not.toContain(elise);
  expect(await use('voice favourite', { voice: 'f'.repeat(32) })).toMatch(/doesn't know/);
  const others = stage.fish.library.voices.filter(({ _id, visibility }) => {
    return visibility === 'public' && _id !== butler;
  });
  for (const { _id } of others.slice(0, 9)) await use('voice favourite', { voice: _id });
  expect(await use('voice favourite', { voice: others.at(9)?._id })).toMatch(/10 favourites already/);
  // A voice that Fish has deleted can still be taken off the list.
  stage.fish.library.remove(others[0]!._id);
  expect(await use('voice favourite', { voice: others[0]!._id })).toMatch(/no favourite.*9/);
});

test('favourites that are marked at once are all marked', async () => {
  const { use } = await scene('favourites at once');
  const voices = ['Élise', 'British Butler', 'Late Night Radio', 'Young Wizard'].map(name =>
    idOfVoice(stage, name),
  );
  await Promise.all(voices.map(voice => use('voice favourite', { voice })));
  expect(await use('voice favourite', { voice: voices[0] })).toMatch(/no favourite.*3/);
});

test('a name is spoken as its person wishes: announced, mentioned, answered, shown', async () => {
  const { guild, listener, use } = await scene('names', { announce: 'always' }, ['join']);
  const { discord } = stage;
  const answer = await use('name', { say: '  Shiv-awn 🎉 ' }, ben);
  expect(answer).toContain('I will say: Shiv-awn');
  expect(answer).toContain('Listen');
  expect(await textsHeard(stage, listener, 1, PATIENCE_MS)).toEqual(['Shiv-awn']);
  const sent = discord.message(ben, guild.textChannel, 'Hello.');
  discord.message(ana, guild.textChannel, `Hi <@${ben.id}>.`);
  discord.message(ana, guild.textChannel, 'Yes.', { replyTo: sent });
  const texts = await textsHeard(stage, listener, 3, PATIENCE_MS);
  expect(texts[1]).toBe('Shiv-awn said: Hello.');
  expect(texts.slice(2).join(' ')).toContain('Hi Shiv-awn.');
  await until('all is heard', async () => {
    return (await textsHeard(stage, listener, 3, PATIENCE_MS)).join(' ').includes('reply to Shiv-awn');
  });
  expect(await use('voice show', {}, ben)).toContain('Your name, as I say it: Shiv-awn (your choice)');
  expect((await exportedData(stage, ben, guild)).servers).toMatchObject([{ settings: { name: 'Shiv-awn' } }]);
  expect(await use('name', {}, ben)).toMatch(/as it is written again.*I will say: Siobhán/);
});

test('other people’s names are for those who may mute them; what cannot be said is no name', async () => {
  const { guild, use } = await scene('other names');
  expect(await use('name', { say: 'Nan', member: ana }, ben)).toMatch(/Only moderators/);
  guild.addMember(moderator, { permissions: String(1n << 22n) });
  const answer = await use('name', { say: 'Shiv-awn', member: ben }, moderator);
  expect(answer).toContain(`For <@${ben.id}> I will say: Shiv-awn`);
  expect(answer, 'the bot is in no channel').not.toContain('Listen');
  expect(await use('name', { say: '🎉' }, ben)).toMatch(/nothing in that/);
  expect(await use('voice show', {}, ben)).toContain('Shiv-awn');
  const stranger = stage.discord.addUser('Stranger');
  expect(await use('name', { say: 'Nan', member: stranger }, moderator)).toMatch(/isn't in this server/);
  expect(await use('name', { say: ' ', member: ben }, moderator)).toMatch(/I will say: Siobhán/);
});

test('a name may hold no word that is blocked, and whose name does is someone', async () => {
  const settings = { blockedWords: ['Voldemort', 'Siobhán'], announce: 'always' };
  const { guild, listener, use } = await scene('blocked names', settings, ['join']);
  stage.discord.message(ben, guild.textChannel, 'Hello.');
  stage.discord.message(ana, guild.textChannel, `<@${ben.id}> is here.`);
  expect(await textsHeard(stage, listener, 2, PATIENCE_MS)).toEqual([
    'someone said: Hello.',
    'Ana said: someone is here.',
  ]);
  expect(await use('name', { say: 'Lord VOLDEMORT' })).toMatch(/isn't said in this server/);
  expect(await use('voice show')).toContain('as I say it: Ana (as it is written)');
});

test('/privacy delete takes the name and the favourites along', async () => {
  const { guild, use } = await scene('deleted');
  await use('name', { say: 'Moe' }, moderator);
  await use('voice favourite', { voice: 'robot 7' }, moderator);
  expect(JSON.stringify(await exportedData(stage, moderator, guild))).toContain('Moe');
  await deleteData(stage, moderator, guild);
  expect((await exportedData(stage, moderator, guild)).servers).toEqual([]);
  expect(await use('voice show', {}, moderator)).toContain('as I say it: Mo (as it is written)');
});
