import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Program, runProgram, startProgram } from '../support/program.ts';
import { until } from '../support/until.ts';
import { removeFolder } from './folder.ts';
import { PageClient } from './page/page-client.ts';

/** `npm run sandbox -- --servers`, and the programs of the bot, as somebody starts them by hand beside it. */

/** Its path from `src/`, where the other programs are. */
const SANDBOX = '../test/sandbox/main';
/** As in package.json. */
const QUIET = { NODE_OPTIONS: '--disable-warning=ExperimentalWarning' };
const WITHIN_MS = 60_000;

let sandbox: Program;
let cwd: string;
/** The variables that were printed. */
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'servers-alone-'));
  sandbox = startProgram(SANDBOX, { cwd, args: ['--servers', '--no-open'], env: QUIET });
  await until('its words', () => /http\S+\/\n/.test(sandbox.printed.out), WITHIN_MS);
  const lines = sandbox.printed.out.matchAll(/^ *export (\w+)='([^']*)'$/gm);
  env = Object.fromEntries(Array.from(lines, ([, name = '', value = '']) => [name, value]));
}, WITHIN_MS);
afterAll(async () => {
  sandbox.child.kill('SIGKILL');
  await sandbox.code;
  await removeFolder(cwd);
});

test('with the variables that it prints the doctor finds all well, and setup writes an .env', async () => {
  const doctor = await runProgram('doctor', { cwd, env });
  expect(doctor.out).toContain('✓ Language model');
  expect(doctor).toMatchObject({ code: 0, err: '' });

  const { DISCORD_TOKEN, FISH_API_KEY, ...addresses } = env;
  const input = `${DISCORD_TOKEN}\n${FISH_API_KEY}\n`;
  expect(await runProgram('setup', { cwd, env: addresses, input })).toMatchObject({ code: 0, err: '' });
  expect(readFileSync(join(cwd, '.env'), 'utf8')).toContain(DISCORD_TOKEN);
});

test('a bot that somebody starts is shown around, and both the terminal and the page tell when it has gone', async () => {
  const page = await PageClient.open(/http\S+\/(?=\n)/.exec(sandbox.printed.out)?.[0] ?? '');
  const state = () => page.store.place?.bot;
  await until('the page', () => state() === 'none');
  const bot = startProgram('main', { cwd, env });
  await until('the bot', () => state() === 'ready', WITHIN_MS);
  await until('the words', () => sandbox.printed.out.includes('A bot is here'), WITHIN_MS);
  const people = page.store.place?.people ?? [];
  expect(people.filter(({ bot, voice }) => bot && voice)).toHaveLength(1);
  bot.child.kill('SIGTERM');
  expect(await bot.code).toBe(0);
  await until('its end', () => state() === 'none', WITHIN_MS);
  await until('the words', () => sandbox.printed.out.includes('The bot has gone.'), WITHIN_MS);
  page.close();
});

test('Ctrl-C, which `npm run` passes on a second time, ends it, bot or not, and nothing of it is left', async () => {
  const folder = dirname(env['DATABASE_URL']?.replace('file:', '') ?? '');
  expect(existsSync(folder)).toBe(true);
  const greeted = () => sandbox.printed.out.split('A bot is here').length - 1;
  const bot = startProgram('main', { cwd, env });
  await until('the bot', () => greeted() === 2, WITHIN_MS);
  const closed = once(sandbox.child, 'close');
  for (let times = 0; times < 2; times += 1) sandbox.child.kill('SIGINT');
  expect(await closed).toEqual([0, null]);
  expect(sandbox.printed.err).toBe('');
  expect(existsSync(folder)).toBe(false);
  expect(existsSync(env['NODE_EXTRA_CA_CERTS'] ?? '')).toBe(false);
  bot.child.kill('SIGKILL'); // the folder of its database is gone, so it may end as it likes
  await bot.code;
});
