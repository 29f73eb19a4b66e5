import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { startBot } from '../sandbox/bot.ts';
import { type FakeDiscord, startDiscord } from '../sandbox/discord/discord.ts';
import { contentOf } from '../sandbox/discord/message.ts';
import { startFish } from '../sandbox/fish/fish.ts';
import { removeFolder } from '../sandbox/folder.ts';
import { linesHeard } from '../support/heard.ts';
import { fillIn, openForm, openPanel } from '../support/panel.ts';
import { until } from '../support/until.ts';

const MANAGE_GUILD = String(1n << 5n);
const PATIENCE_MS = 90_000;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** A Discord with a server of Ana's, who is in its voice channel, a Fish Audio, and a database that stays. */
async function scene(options: Parameters<typeof startDiscord>[0] = {}) {
  const discord = await startDiscord(options);
  const fish = await startFish({ packets: 15 });
  const folder = mkdtempSync(join(tmpdir(), 'parrotfish-restart-'));
  cleanups.push(
    () => discord[Symbol.asyncDispose](),
    () => fish[Symbol.asyncDispose](),
    () => removeFolder(folder),
  );
  const guild = discord.addGuild({ name: 'Restarted' });
  const ana = discord.addUser('Ana');
  guild.addMember(ana, { permissions: MANAGE_GUILD });
  const listener = await discord.join(ana, guild.voiceChannel);
  const env = { DATABASE_URL: `file:${folder}/parrotfish.db` };
  const start = () => {
    const bot = startBot({ discord, fish, env });
    cleanups.push(() => bot[Symbol.asyncDispose]());
    return bot;
  };
  const use = (name: string, given = {}) => discord.command(ana, guild, name, given);
  return { discord, fish, guild, ana, listener, start, use };
}

async function connected(discord: FakeDiscord, times: number) {
  await until('identified', () => discord.identifies.length >= times, 60_000);
  await discord.ready(15_000);
}

test(
  'a setting that was answered survives kill -9, and a panel opened before it works after it',
  async () => {
    const { discord, ana, start, use, fish, guild, listener } = await scene();
    const bot = start();
    await connected(discord, 1);
    await until('commands', () => bot.output.includes('commands registered'));
    const manners = await openPanel({ discord, guild, user: ana }, 'manners');
    fish.library.know('voice-of-ana');
    await use('voice set', { voice: 'voice-of-ana' }).reply();
    const file = { name: 'a.json', bytes: Buffer.from('{"volume":3}') };
    const imported = use('settings import', { file });
    await imported.reply();
    const form = await openForm({ discord, guild, user: ana }, manners, { page: 'manners', group: 'coming' });
    await bot.stop('SIGKILL');

    const again = start();
    await connected(discord, 2);
    await until('commands', () => again.output.includes('commands registered'));
    expect(await use('voice show').reply()).toContain('voice-of-ana');
    const undo = String(imported.components.find(({ label }) => label === 'Undo')?.['custom_id']);
    expect(await discord.press(ana, imported, undo).reply()).toMatch(/3 dB → 0 dB/);
    expect(await discord.submit(ana, form, { leaveAfter: '90' }).reply()).toMatch(/90 seconds/);
    await fillIn(
      { discord, guild, user: ana },
      manners,
      { page: 'manners', group: 'coming' },
      { toggles: ['autoJoin'] },
    );
    discord.message(ana, guild.voiceChannel, 'After the crash.');
    await until('it is heard', () => linesHeard(fish, [listener]).length > 0, 60_000);
    expect(linesHeard(fish, [listener])).toEqual([{ text: 'After the crash.', voice: 'voice-of-ana' }]);
    expect((await again.stop()).code).toBe(0);
  },
  PATIENCE_MS,
);

test(
  'asked to end, the bot tells all whose messages it drops: those that wait or come later, and the line that it cuts off',
  async () => {
    const { discord, fish, guild, ana, listener, start, use } = await scene();
    const others = ['Ben', 'Cat', 'Dan'].map(name => discord.addUser(name));
    for (const person of others) {
      guild.addMember(person);
      await discord.join(person, guild.voiceChannel);
    }
    const [ben, cat, dan] = others as [typeof ana, typeof ana, typeof ana];
    const bot = start();
    await connected(discord, 1);
    await until('commands', () => bot.output.includes('commands registered'));
    await use('join').reply();
    fish.behaviour.packets = 1_000;
    discord.message(ana, guild.textChannel, 'This line is too long to be said to its end.');
    await until('it speaks', () => listener.speech().length > 0, 60_000);
    for (const person of [ben, cat]) discord.message(person, guild.textChannel, 'This one waits.');
    await use('queue').reply();
    const stopped = bot.stop();
    await until('it ends', () => bot.output.includes('finishing the sentence'));
    discord.message(dan, guild.textChannel, 'This one is too late.');
    expect((await stopped).code).toBe(0);
    const told = discord
      .messages(guild.textChannel)
      .map(contentOf)
      .filter(text => text.includes('restarted'));
    const people = told.flatMap(text => text.match(/<@(\d+)>/g) ?? []);
    expect(people).toEqual([ben, cat, dan, ana].map(({ id }) => `<@${id}>`));
  },
  PATIENCE_MS,
);

test(
  'a database that cannot be read: who may have opted out is not read, and /say is heard',
  async () => {
    const { discord, ana, use, fish, guild, listener } = await scene();
    const bot = startBot({
      discord,
      fish,
      env: { DATABASE_URL: 'postgres://nobody@127.0.0.1:9/parrotfish' },
    });
    cleanups.push(() => bot[Symbol.asyncDispose]());
    await connected(discord, 1);
    await until('commands', () => bot.output.includes('commands registered'));
    await use('join').reply();
    const unread = discord.message(ana, guild.textChannel, 'Perhaps I have opted out.');
    expect(await discord.messageMenu(ana, unread, 'Why not read?').reply()).toMatch(/database/);
    await use('say', { text: 'All the same.' }).reply();
    await until('it is heard', () => linesHeard(fish, [listener]).length > 0);
    expect(linesHeard(fish, [listener])).toEqual([{ text: 'Ana said: All the same.', voice: undefined }]);
    fish.library.know('voice-of-ana');
    expect(await use('voice set', { voice: 'voice-of-ana' }).reply()).toMatch(/database has a problem/);
    expect(await use('status').reply()).toMatch(/Database: it doesn't answer/);
  },
  PATIENCE_MS,
);

test(
  'without the Message Content intent: identified once more, told once what to click; commands, menus, mentions work',
  async () => {
    const { discord, ana, start, use, fish, guild, listener } = await scene({ messageContentAllowed: false });
    const bot = start();
    await until('two tries', () => bot.output.includes('commands registered'), 60_000);
    expect(bot.output.match(/Message Content Intent/g)).toHaveLength(1);
    expect(discord.lastIdentify?.intents).toBe((1 << 0) | (1 << 7) | (1 << 9));
    expect(await use('join').reply()).toMatch(/Message Content Intent/);
    const unseen = discord.message(ana, guild.textChannel, 'Not seen.');
    await discord.messageMenu(ana, unseen, 'Read aloud').reply();
    await until('the menu', () => linesHeard(fish, [listener]).length >= 1);
    discord.message(ana, guild.textChannel, `<@${discord.applicationId}> Mentioned.`);
    await until('the mention', () => linesHeard(fish, [listener]).length >= 2);
    await use('say', { text: 'Said.' }).reply();
    await until('the command', () => linesHeard(fish, [listener]).length >= 3);
    expect(linesHeard(fish, [listener]).map(({ text }) => text)).toEqual([
      'Ana said: Not seen.',
      'Mentioned.',
      'Said.',
    ]);
    expect(await use('why', { message: unseen.id }).reply()).toMatch(/Message Content Intent/);
    expect(await use('status').reply()).toMatch(/Message Content Intent/);
  },
  PATIENCE_MS,
);

test(
  'row 33: a second process with the same database ends with exit code 75 and one clear line; the first goes on, also without the intent when that is withdrawn later',
  async () => {
    const { discord, start, use, fish, listener } = await scene();
    const bot = start();
    await connected(discord, 1);
    const second = start();
    expect(await second.exited).toBe(75);
    const last = second.output.trim().split('\n').at(-1) ?? '';
    expect(last).not.toMatch(/^\s*at |Error:/);
    expect(last.length).toBeGreaterThan(30);
    await until('commands', () => bot.output.includes('commands registered'));
    discord.withdrawMessageContent();
    await until('identified again', () => discord.identifies.length >= 2, 60_000);
    await discord.ready(15_000);
    expect(bot.output.match(/Message Content Intent/g)).toHaveLength(1);
    await use('say', { text: 'Still here.' }).reply();
    await until('it is heard', () => linesHeard(fish, [listener]).length === 1);
    expect((await bot.stop()).code).toBe(0);
  },
  PATIENCE_MS,
);
