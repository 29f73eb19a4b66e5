import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import type { FakeInteraction } from '../sandbox/discord/interaction.ts';
import { linesHeard } from '../support/heard.ts';
import { managedGuild } from '../support/managed-guild.ts';
import type { Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';
import { addVoice, idOfVoice, offeredVoices } from '../support/voice-ids.ts';
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

const offered = (guild: FakeGuild, typed: string, command = 'say', user = ana) =>
  offeredVoices(stage, { user, guild, typed, command });

const namesOf = async (...args: Parameters<typeof offered>) =>
  (await offered(...args)).map(({ name }) => name);

test('voices are offered by name, language and tag, tolerant of errors, accents and case', async () => {
  const guild = server('offers');
  expect((await namesOf(guild, 'clam naratr'))[0]).toBe('Calm Narrator · en');
  expect((await namesOf(guild, 'ELISE'))[0]).toBe('Élise · fr');
  expect((await namesOf(guild, 'pirate'))[0]).toBe('Captain Redbeard · en');
  expect((await namesOf(guild, '語り手'))[0]).toBe('静かな語り手 · ja');
  for (const typed of ['german', 'Deutsch', 'de', 'ドイツ語', 'aleman', 'grman'])
    expect((await namesOf(guild, typed)).slice(0, 4), typed).toContain('Nachrichtensprecher · de');
  expect(await namesOf(guild, 'Unlisted Friend')).not.toContain('Unlisted Friend · en');
  expect((await offered(guild, 'nachrichten'))[0]?.value).toBe(idOfVoice(stage, 'Nachrichtensprecher'));
  for (const command of ['voice set', 'voice server', 'voice preview', 'voicemessage'])
    expect((await offered(guild, 'butler', command))[0]?.value, command).toBe(
      idOfVoice(stage, 'British Butler'),
    );
});

test('first come the server’s own voices, then those that one chose before, then those used lately', async () => {
  const guild = server('near');
  const listener = await stage.discord.join(ana, guild.voiceChannel);
  const [butler, wizard, robot, elise] = ['British Butler', 'Young Wizard', 'Robot 7', 'Élise'].map(title =>
    idOfVoice(stage, title),
  );
  await use(guild, 'voice server', { voice: butler }).reply();
  await use(guild, 'voice set', { voice: wizard }).reply();
  await use(guild, 'voice set', { voice: robot }).reply();
  await use(guild, 'say', { text: 'Bonjour.', voice: elise }).reply();
  await until('it is heard', () => linesHeard(stage.fish, [listener]).length > 0, PATIENCE_MS);
  const offers = await offered(guild, '');
  expect(offers.slice(0, 4).map(({ value }) => value)).toEqual([butler, robot, wizard, elise]);
  expect(offers).toHaveLength(25);
  expect(new Set(offers.map(({ value }) => value)).size).toBe(25);
  expect((await offered(guild, '', 'say', ben)).map(({ value }) => value).slice(0, 3)).toEqual([
    butler,
    robot,
    elise,
  ]);
  expect((await namesOf(guild, '', 'say', ben))[4]).toMatch(/ · .*de/);
});

test('what is typed and not chosen from the list: a title, an id, an odd id, or advice', async () => {
  const guild = server('typed');
  const set = (voice: string) => use(guild, 'voice set', { voice }, ana).reply();
  expect(await set('  calm narrator ')).toContain('**Calm Narrator · en** (your choice)');
  expect(await set('Nachrichten')).toContain('Nachrichtensprecher');
  expect(await set(idOfVoice(stage, 'Unlisted Friend'))).toContain('Unlisted Friend');
  expect(await set('voice-of-ana')).toMatch(/doesn't know a voice “voice-of-ana”/);
  stage.fish.library.know('voice-of-ana');
  expect(await set('voice-of-ana')).toContain('voice-of-ana');
  expect(await set('f'.repeat(32))).toMatch(/doesn't know a voice/);
  expect(await set('Nemo')).toMatch(/doesn't know a voice “Nemo”/);
  expect(await set('nobody of that name')).toMatch(/found no voice/);
  const shown = await use(guild, 'voice show').reply();
  expect(shown).toContain('Voice: `voice-of-ana` (your choice)');
  // Nobody has asked for it before, as where somebody pastes a name, or uses a phone that offers nothing.
  const rare = addVoice(stage, 'Zephyrina');
  expect(await set('zephyrina')).toContain('**Zephyrina');
  stage.fish.library.remove(rare);
  await use(guild, 'voice server', { voice: 'élise' }).reply();
  expect(await use(guild, 'voice show', {}, ben).reply()).toContain('**Élise · fr** (vom Server festgelegt)');
});

test('a search: pages of voices, each to be heard and to be taken', async () => {
  const guild = server('search');
  const search = use(guild, 'voice search', { query: 'english' });
  const first = await search.reply();
  expect(search.ephemeral).toBe(true);
  expect(first).toContain('**Calm Narrator**');
  expect(first).toContain('English · 5,210 likes');
  expect(first).toContain('Far out at sea');
  expect(first).toContain('page 1 of 3');
  const hears = search.components.filter(one => String(one['custom_id']).startsWith('voices:hear:'));
  expect(hears).toHaveLength(5);
  const next = stage.discord.press(ana, search, 'voices:page:2:english');
  const second = await next.reply();
  expect(second).toContain('page 2 of 3');
  expect(second).not.toContain('**Calm Narrator**');
  await stage.discord.press(ana, search, 'voices:page:1:english').reply();
  const heard = stage.discord.press(ana, search, `voices:hear:${idOfVoice(stage, 'Captain Redbeard')}`);
  expect(await heard.reply()).toContain('Captain Redbeard');
  expect(heard.ephemeral).toBe(true);
  expect(heard.files.map(({ name }) => name)).toEqual(['preview.ogg']);
  const take = stage.discord.press(ana, search, `voices:take:${idOfVoice(stage, 'Captain Redbeard')}`);
  expect(await take.reply()).toContain('Captain Redbeard');
  expect(await use(guild, 'voice show').reply()).toContain('**Captain Redbeard · en** (your choice)');
  expect(await use(guild, 'voice search', { query: 'pirate' }).reply()).toContain('Captain Redbeard');
  expect(await use(guild, 'voice search', { query: 'calm german' }).reply()).toContain('Ruhige Erzählerin');
  expect(await use(guild, 'voice search', { query: 'captian redbaerd' }).reply()).toContain('Redbeard');
  expect(await use(guild, 'voice search', { query: 'zzzzzz' }).reply()).toMatch(/No voice fits/);
  const long = use(guild, 'voice search', { query: 'ドイツ語'.repeat(20) });
  expect(await long.reply()).toBeTruthy();
});

test('a preview: its own sample in one’s language, in the voice channel or as a file', async () => {
  const guild = server('preview');
  const german = idOfVoice(stage, 'Fröhlicher Nachbar');
  const sample = 'Guten Morgen! Haben Sie schon Kaffee getrunken?';
  const asFile = use(guild, 'voice preview', { voice: german }, ben);
  expect(await asFile.reply()).toContain('Fröhlicher Nachbar');
  expect(asFile.ephemeral).toBe(true);
  const [file] = asFile.files;
  expect(
    Buffer.from(file?.bytes ?? [])
      .subarray(0, 4)
      .toString(),
  ).toBe('OggS');
  const said = () => stage.fish.sessions.map(({ text }) => text.trim());
  expect(said().at(-1)).toBe(sample);
  await use(guild, 'voice preview', { voice: german }).reply();
  expect(said().at(-1)).toMatch(/^Hello! This is how I sound/);
  const listener = await stage.discord.join(ben, guild.voiceChannel);
  const spoken = use(guild, 'voice preview', { voice: german }, ben);
  expect(await spoken.reply()).toContain(`<#${guild.voiceChannel.id}>`);
  await until('it is heard', () => linesHeard(stage.fish, [listener]).length > 0, PATIENCE_MS);
  expect(linesHeard(stage.fish, [listener])).toEqual([{ text: sample, voice: german }]);
  await use(guild, 'voice preview', { voice: german, text: 'Und dies.' }, ben).reply();
  await until('it is heard', () => linesHeard(stage.fish, [listener]).length > 1, PATIENCE_MS);
  expect(linesHeard(stage.fish, [listener])[1]).toEqual({ text: 'Ben sagt: Und dies.', voice: german });
  const elsewhere = use(guild, 'voice preview', { voice: german, text: 'Only for Ana.' });
  expect(await elsewhere.reply()).toBeTruthy();
  expect(elsewhere.files).toHaveLength(1);
});

test('a preview waits for its turn in the conversation, and says so', async () => {
  const guild = server('preview in turn');
  const german = idOfVoice(stage, 'Fröhlicher Nachbar');
  const listener = await stage.discord.join(ana, guild.voiceChannel);
  await stage.discord.join(ben, guild.voiceChannel);
  await use(guild, 'join').reply();
  stage.fish.behaviour.packets = 150;
  stage.discord.message(ana, guild.textChannel, 'First.');
  stage.discord.message(ben, guild.textChannel, 'Second.');
  const preview = use(guild, 'voice preview', { voice: german, text: 'How is this?' });
  expect(await preview.reply()).toMatch(/^Queued: /);
  stage.discord.message(ben, guild.textChannel, 'After it.');
  const heard = () => linesHeard(stage.fish, [listener]).map(({ text }) => text.replace(/^\w+ said: /, ''));
  await until('all are heard', () => heard().length === 4, PATIENCE_MS);
  expect(heard()).toEqual(['First.', 'Second.', 'How is this?', 'After it.']);
  stage.fish.behaviour.packets = 15;
});
