import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { wav } from '../audio/recording/recordings.ts';
import { type Bot, startBot } from '../sandbox/bot.ts';
import { type FakeDiscord, type FakeGuild, type FakeUser, startDiscord } from '../sandbox/discord/discord.ts';
import { contentOf } from '../sandbox/discord/message.ts';
import { type FakeFish, startFish } from '../sandbox/fish/fish.ts';
import { removeFolder } from '../sandbox/folder.ts';
import { until } from '../support/until.ts';

// One scene in steps: what is kept while all is well; then a start at which the database cannot be read; then the
// database again. Another program holds it meanwhile.

const MANAGE_GUILD = String(1n << 5n);
const PATIENCE_MS = 60_000;
/** 4,000 bytes; what may be spent without knowing what was before is a hundredth, 40 bytes. */
const ENV = { DAILY_BUDGET_USD: '0.06', PRICE_PER_MILLION_BYTES: '15', USER_INSTALL: 'on' };

let discord: FakeDiscord;
let fish: FakeFish;
let folder: string;
let bot: Bot;
let guild: FakeGuild;
let ana: FakeUser;
let ben: FakeUser;
let boss: FakeUser;
let benOptedOut: { id: string };
let voice = '';
const cleanups: (() => void)[] = [];

function use(user: FakeUser, name: string, options = {}) {
  return discord.command(user, guild, name, options);
}

async function start() {
  const before = discord.identifies.length;
  bot = startBot({ discord, fish, env: { ...ENV, DATABASE_URL: `file:${folder}/parrotfish.db` } });
  await until('identified', () => discord.identifies.length > before, 60_000);
  await discord.ready(15_000);
  await until('commands', () => bot.output.includes('commands registered'));
}

/** Keeps everybody else from the database, until what it returns is called. */
function hold(): () => void {
  const database = new DatabaseSync(`${folder}/parrotfish.db`);
  database.exec('pragma locking_mode = exclusive; begin exclusive');
  const release = () => {
    if (database.isOpen) database.close();
  };
  cleanups.push(release);
  return release;
}

afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

const sent = () => fish.sessions.reduce((sum, { bytes }) => sum + bytes, 0);

beforeAll(async () => {
  discord = await startDiscord();
  fish = await startFish({ packets: 5 });
  folder = mkdtempSync(join(tmpdir(), 'parrotfish-away-'));
  guild = discord.addGuild({ name: 'Away' });
  [ana, ben, boss] = ['Ana', 'Ben', 'Boss'].map(name => discord.addUser(name)) as [
    FakeUser,
    FakeUser,
    FakeUser,
  ];
  guild.addMember(boss, { permissions: MANAGE_GUILD });
  for (const user of [ana, ben]) {
    guild.addMember(user);
    await discord.join(user, guild.voiceChannel);
  }
  discord.install(ana);
  await start();
  const bytes = Buffer.from(
    JSON.stringify({
      skipOthers: false,
      clone: true,
      channels: [guild.textChannel.id],
      dictionary: { brb: 'soon' },
    }),
  );
  await use(boss, 'settings import', { file: { name: 'settings.json', bytes } }).reply();
  const audio = { name: 'me.wav', contentType: 'audio/wav', bytes: wav(12) };
  const made = use(ben, 'voice clone', { name: 'Ben', audio, consent: true });
  await made.reply();
  await until('the voice is ready', () => fish.library.made.length > 0 && made.messages.length > 1);
  voice = fish.library.made.at(-1)?.id ?? '';
  await use(ben, 'optout').reply();
  benOptedOut = discord.message(ben, guild.textChannel, 'Not to be read.');
  await bot.stop();
}, PATIENCE_MS);

afterAll(async () => {
  await bot[Symbol.asyncDispose]();
  await fish[Symbol.asyncDispose]();
  await discord[Symbol.asyncDispose]();
  await removeFolder(folder);
});

test(
  'what cannot be known at the start is taken as no, and told in words',
  async () => {
    const release = hold();
    await start();
    const before = fish.sessions.length;

    // Whoever wrote it may have opted out. One’s own may be said, and a little of it.
    for (const menu of ['Read aloud', 'Save as audio']) {
      const refused = discord.messageMenu(ana, benOptedOut, menu);
      expect(await refused.reply()).toMatch(/whether whoever wrote it wants to be read/);
      expect(refused.files).toEqual([]);
    }
    expect(fish.sessions).toHaveLength(before);
    // The server may have kept others’ speech to moderators.
    expect(await use(ana, 'join').reply()).toMatch(/read nothing aloud yet/);
    await use(ana, 'pause').reply();
    await use(ana, 'say', { text: 'My own words.' }).reply();
    for (const name of ['leave', 'skip', 'stop'])
      expect(await use(ben, name).reply(), name).toMatch(/moderators/);
    await use(ana, 'resume').reply();
    await until('it is said', () => fish.sessions.at(-1)?.ended === 'finish');

    // A voice may be somebody’s own.
    for (const [name, options] of [
      ['say', { text: 'Hello', voice }],
      ['voice preview', { voice }],
      ['voicemessage', { text: 'Hello', voice }],
      ['voice set', { voice }],
      ['voice server', { voice }],
      ['voice forget', { voice }],
    ] as const)
      expect(await use(boss, name, options).reply(), name).toMatch(/database/);
    expect(await discord.autocomplete(boss, guild, 'say', 'voice', { voice: 'B' })).toEqual([]);
    expect(fish.library.made.at(-1)?.deleted).toBe(false);

    // What the server has set is not to be shown, nor changed, nor done.
    const audio = { name: 'me.wav', contentType: 'audio/wav', bytes: wav(12) };
    for (const [name, options] of [
      ['voice clone', { name: 'Ana', audio, consent: true }],
      ['settings panel', {}],
      ['settings export', {}],
      ['settings import', { file: { name: 'a.json', bytes: Buffer.from('{"volume":3}') } }],
      ['dictionary list', {}],
      ['dictionary export', {}],
      ['dictionary add', { word: 'lol', say: 'laughing' }],
      ['usage', {}],
      ['privacy export', {}],
    ] as const)
      expect(await use(boss, name, options).reply(), name).toMatch(/database has a problem \(busy\)/);
    expect(await use(boss, 'status').reply()).toContain('Database: busy; ');

    // Nobody is read; and no settings are made up that would be saved later.
    const unread = discord.message(ana, guild.textChannel, 'Perhaps.');
    const notices = () =>
      discord
        .messages(guild.textChannel)
        .filter(({ author, interaction }) => author.id === discord.applicationId && !interaction)
        .map(contentOf);
    await until('people are told', () => notices().some(text => /read nothing aloud for now/.test(text)));
    discord.message(ben, guild.textChannel, 'Perhaps, too.');
    discord.message(ana, guild.textChannel, 'Once more.');
    expect(await discord.messageMenu(ana, unread, 'Why not read?').reply()).toMatch(/database/);
    expect(await use(ana, 'why', { message: unread.id }).reply()).toMatch(/database/);

    expect(notices().filter(text => /read nothing aloud for now/.test(text))).toHaveLength(1);

    release();
    await until('the database works', () => bot.output.includes('the database works again'), 40_000);
    const exported = use(boss, 'settings export');
    await exported.reply();
    const kept = JSON.parse(Buffer.from(exported.message?.files[0]?.bytes ?? []).toString()) as object;
    expect(kept).toMatchObject({
      skipOthers: false,
      channels: [{ id: guild.textChannel.id, addedBy: 'admin' }],
      dictionary: { brb: 'soon' },
    });
    expect(await discord.messageMenu(ana, benOptedOut, 'Read aloud').reply()).toMatch(
      /doesn't want to be read/,
    );
    expect(await use(boss, 'say', { text: 'Hello', voice }).reply()).toMatch(/somebody's own voice/);
    await bot.stop();
  },
  PATIENCE_MS,
);

test(
  'starts without the database are no way to a fresh budget',
  async () => {
    const release = hold();
    const before = sent();
    for (let times = 0; times < 2; times += 1) {
      await start();
      const answers = [];
      for (let line = 0; line < 4; line += 1)
        answers.push(
          await use(ana, 'voicemessage', { text: `Line ${line}, thirty-six bytes or so long` }).reply(),
        );
      expect(answers.at(-1)).toMatch(/what was spent today/);
      await bot.stop('SIGKILL');
    }
    expect(sent() - before).toBeLessThanOrEqual(2 * 40);
    release();
  },
  PATIENCE_MS,
);
