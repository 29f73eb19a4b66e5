import { afterAll, beforeAll, expect, test } from 'vitest';
import { audioPackets, readPages } from '../audio/ogg/raw-ogg.ts';
import type { FakeGuild, FakeInteraction, FakeUser } from '../sandbox/discord/discord.ts';
import { jsonFile } from '../support/managed-guild.ts';
import { type Stage, startStage } from '../support/stage.ts';

const MENU = 'Save as audio';
const MANAGE_GUILD = String(1n << 5n);
const EVERYWHERE = { integration_types: [0, 1], contexts: [0, 1, 2] };

let stage: Stage;
let ana: FakeUser;
let ben: FakeUser;
let cleo: FakeUser;

beforeAll(async () => {
  stage = await startStage({ env: { USER_INSTALL: 'on', FISH_VOICE: 'voice-of-the-house' } }, discord => {
    ana = discord.addUser('Ana', { locale: 'en-US' });
    ben = discord.addUser('Ben', { locale: 'en-US' });
    cleo = discord.addUser('Cleo', { locale: 'de' });
    for (const user of [ana, cleo]) discord.install(user);
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

function server(name: string, { withBot = true } = {}): FakeGuild {
  const guild = stage.discord.addGuild({ name, withBot });
  guild.addMember(ana, { permissions: MANAGE_GUILD });
  guild.addMember(ben);
  return guild;
}

function save(message: { id: string }, user = ana): FakeInteraction {
  return stage.discord.messageMenu(user, message, MENU);
}

const forAna = /audio file/;

/** The file holds the very packets that Fish sent for `text`; returns what Fish was asked. */
async function saved(use: FakeInteraction, text: string, words = forAna) {
  expect(await use.reply()).toMatch(words);
  expect(use.ephemeral).toBe(true);
  await use.firstResponse; // the sandbox takes none that comes too late
  const [file, ...others] = use.files;
  expect(others).toEqual([]);
  expect(file?.name).toBe('message.ogg');
  const pages = readPages(Buffer.from(file?.bytes ?? []));
  expect(pages.every(({ crcRight }) => crcRight)).toBe(true);
  const session = stage.fish.sessions.find(one => one.text.trim() === text);
  expect(session?.packets.length).toBeGreaterThan(0);
  expect(audioPackets(pages)).toEqual(session?.packets);
  return session?.request;
}

test('a message as a file, in its author’s voice and at the caller’s expense', async () => {
  const guild = server('at home');
  const voice = stage.fish.library.voices[0]?._id ?? '';
  await stage.discord.command(ben, guild, 'voice set', { voice }).reply();
  const message = stage.discord.message(ben, guild.textChannel, 'Keep this, <@!0> :)');
  const request = await saved(save(message), 'Keep this, someone');
  expect(request).toMatchObject({ reference_id: voice, format: 'opus' });
  const usage = await stage.discord.command(ana, guild, 'usage').reply();
  expect(usage).toContain(`<@${ana.id}>`);
  expect(usage).not.toContain(`<@${ben.id}>`);
});

test('it takes its time where Fish does, says what was cut, and respects who opted out', async () => {
  const guild = server('slow');
  stage.fish.behaviour.firstAudioMs = 700;
  const sentences = Array.from({ length: 60 }, (_, n) => `Sentence number ${n} of many.`).join(' ');
  const use = save(stage.discord.message(ben, guild.textChannel, sentences));
  expect(await use.reply()).toMatch(/beginning only/);
  await use.firstResponse; // the sandbox takes none that comes too late
  expect(use.files).toHaveLength(1);
  stage.fish.behaviour.firstAudioMs = 5;

  await stage.discord.command(ben, guild, 'optout').reply();
  const theirs = stage.discord.message(ben, guild.textChannel, 'Not mine to keep.');
  const refused = save(theirs);
  expect(await refused.reply()).toMatch(/doesn't want to be read/);
  expect(refused.files).toEqual([]);
  await saved(save(theirs, ben), 'Not mine to keep.'); // one's own may be kept
});

test.each([
  ['a server that the bot is not in', () => server('away', { withBot: false })],
  ['a conversation of people', () => stage.discord.addConversation(ana, ben)],
])('by a person’s own installation, in %s', async (where, place) => {
  const guild = place();
  const text = `Bonjour from ${where}.`;
  const message = stage.discord.message(ben, guild.textChannel, text);
  const request = await saved(save(message), text);
  expect(request).toMatchObject({ reference_id: 'voice-of-the-house' });
  const mine = stage.discord.command(ana, server(`home of ${where}`), 'privacy export');
  await mine.reply();
  const { usage } = JSON.parse(Buffer.from(mine.files[0]?.bytes ?? []).toString()) as { usage: object[] };
  expect(usage).toContainEqual(expect.objectContaining({ guildId: '0' }));
});

test('in the conversation with the bot, in the language of the person, with names as they came along', async () => {
  const dm = stage.discord.addConversation(cleo);
  const message = stage.discord.message(cleo, dm.textChannel, `Für <@${cleo.id}>: https://example.com/a`);
  stage.fish.behaviour.firstAudioMs = 700;
  const use = save(message, cleo);
  await use.reply();
  stage.fish.behaviour.firstAudioMs = 5;
  await use.firstResponse; // the sandbox takes none that comes too late
  expect(use.files).toHaveLength(1);
  expect(stage.fish.sessions.at(-1)?.text.trim()).toMatch(/^Für Cleo: .*Link/);
});

test('away from its servers the person’s minute holds, and is told in words', async () => {
  const away = server('capped', { withBot: false });
  const sentences = Array.from({ length: 16 }, (_, n) => `Number ${n} has its own words.`).join(' ');
  const uses = [];
  for (let times = 0; times < 9; times += 1) {
    const use = save(stage.discord.message(ben, away.textChannel, `${times}: ${sentences}`));
    uses.push({ reply: await use.reply(), files: use.files.length });
  }
  const refused = uses.filter(({ files }) => files === 0);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused.length).toBeLessThan(9);
  for (const { reply } of refused) expect(reply).toMatch(/3,000 bytes a minute/);
});

test('who opted out where the bot was before is not kept there either; nothing to say is said so', async () => {
  const guild = server('left');
  await stage.discord.command(ben, guild, 'optout').reply();
  const message = stage.discord.message(ben, guild.textChannel, 'Still not.');
  const empty = stage.discord.message(ana, guild.textChannel, '\u200b.');
  stage.discord.removeBot(guild);
  expect(await save(message).reply()).toMatch(/doesn't want to be read/);
  expect(await save(empty).reply()).toMatch(/nothing/);
});

test('what is not said where the bot was before is not kept there either: blocked words, and forwards of nobody knows whom', async () => {
  const guild = server('left with rules');
  await stage.discord.command(ana, guild, 'settings import', jsonFile({ blockedWords: ['darn'] })).reply();
  const write = (content: string, writing = {}) =>
    stage.discord.message(ana, guild.textChannel, content, writing);
  const theirs = stage.discord.message(ben, guild.textChannel, 'Not mine to pass on.');
  const [blocked, forward, plain] = [write('Darn it.'), write('', { forward: theirs }), write('Fine by me.')];
  const elsewhere = stage.discord.message(
    ben,
    server('beside', { withBot: false }).textChannel,
    'From afar.',
  );
  const far = write('', { forward: elsewhere });
  await stage.discord.command(ben, guild, 'optout').reply();
  stage.discord.removeBot(guild);
  expect(await save(blocked).reply()).toMatch(/blocked/);
  expect(await save(forward).reply()).toMatch(/can't find out who wrote/);
  await saved(save(plain), 'Fine by me.');
  expect(await save(far).reply()).toMatch(forAna);
  expect(stage.fish.sessions.filter(({ text }) => /darn|pass on/i.test(text))).toEqual([]);
});

test('away from its servers failures are told in words too', async () => {
  stage.fish.behaviour.fault = { kind: 'error', afterEvents: 0, error: 'Invalid text' };
  const message = stage.discord.message(cleo, stage.discord.addConversation(cleo).textChannel, 'Hier.');
  const use = save(message, cleo);
  expect(await use.reply()).not.toBe('');
  delete stage.fish.behaviour.fault;
  expect(use.ephemeral).toBe(true);
  expect(use.files).toEqual([]);
});

test('the menu alone may be brought along, and nothing that was said is in the log', () => {
  const [menu] = stage.discord.registered.filter(command => 'name' in command && command.name === MENU);
  expect(menu).toMatchObject(EVERYWHERE);
  const others = stage.discord.registered.filter(command => command !== menu);
  for (const command of others) expect(command).toMatchObject({ integration_types: [0], contexts: [0] });
  for (const { message } of stage.discord.outgoing())
    expect(message).toHaveProperty('allowed_mentions.parse', []);
  for (const words of ['Keep this', 'Sentence number', 'Bonjour', 'Für Cleo', 'has its own'])
    expect(stage.bot.output).not.toContain(words);
});
