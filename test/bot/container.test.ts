import { chmodSync, chownSync, mkdtempSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { startBot } from '../sandbox/bot.ts';
import { startDiscord } from '../sandbox/discord/discord.ts';
import { startFish } from '../sandbox/fish/fish.ts';
import { removeFolder } from '../sandbox/folder.ts';
import { until } from '../support/until.ts';

// As in the container: a user without a name or a home, who may write nowhere but in the directory of the data. Where
// these tests do not run as root they run as somebody like that already, and only root can become somebody else.

const PATIENCE_MS = 90_000;
const UID = process.getuid?.() === 0 ? 10_001 : undefined;

/** Whether others may read what is here: they may not in `/root`. */
function isOpenToOthers(path: string): boolean {
  const isOpen = (statSync(path).mode & 0o005) === 0o005;
  return isOpen && (dirname(path) === path || isOpenToOthers(dirname(path)));
}

const cannot = process.platform === 'win32' || (UID !== undefined && !isOpenToOthers(import.meta.dirname));

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function start(mode: number) {
  const discord = await startDiscord();
  const fish = await startFish({ packets: 5 });
  const data = mkdtempSync(join(tmpdir(), 'parrotfish-container-'));
  cleanups.push(
    () => discord[Symbol.asyncDispose](),
    () => fish[Symbol.asyncDispose](),
    () => removeFolder(data),
  );
  if (UID !== undefined) {
    chmodSync(dirname(discord.caFile), 0o755);
    if (mode === 0o700) chownSync(data, UID, UID);
  }
  chmodSync(data, mode);
  const bot = startBot({ discord, fish, uid: UID, env: { DATABASE_URL: `file:${data}/parrotfish.db` } });
  cleanups.push(() => bot[Symbol.asyncDispose]());
  return { discord, fish, bot, data };
}

test.skipIf(cannot)(
  'row 37: a user without rights, and a directory for the data: it speaks, saves, and ends in order',
  async () => {
    const { discord, fish, bot, data } = await start(0o700);
    const ana = discord.addUser('Ana');
    const guild = discord.addGuild({ name: 'container' });
    guild.addMember(ana);
    await discord.join(ana, guild.voiceChannel);
    await discord.ready(60_000);
    await discord.command(ana, guild, 'say', { text: 'Hello from a container.' }).reply();
    await until('it is said', () => fish.sessions.at(-1)?.ended === 'finish');
    expect(await discord.command(ana, guild, 'optout').reply()).toBeTruthy();
    expect((await bot.stop()).code).toBe(0);
    expect(readdirSync(data).some(name => name.startsWith('parrotfish.db'))).toBe(true);
    expect(/"level":"(?:error|fatal)"/.test(bot.output)).toBe(false);
  },
  PATIENCE_MS,
);

test.skipIf(cannot)(
  'row 37: no directory in which it may write: one clear line',
  async () => {
    const { bot, data } = await start(0o555);
    expect(await bot.exited).toBe(78);
    const lines = bot.output.split('\n').filter(line => line !== '' && !line.startsWith('{'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('DATABASE_URL');
    expect(lines[0]).toContain(data);
    expect(lines[0]).not.toMatch(/Error:| at /);
  },
  PATIENCE_MS,
);
