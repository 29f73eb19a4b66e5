import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { startNoWebSocketProxy } from '../support/no-websocket-proxy.ts';
import { programPath, runProgram } from '../support/program.ts';
import { useProgramScene } from '../support/program-scene.ts';
import { until } from '../support/until.ts';

const scene = useProgramScene();

const where = () => ({ DISCORD_API_URL: scene.discord.apiUrl, FISH_API_URL: scene.fish.url });
const envFile = () => readFileSync(join(scene.cwd, '.env'), 'utf8');
const both = () => `${scene.discord.token}\n${scene.fish.apiKey}\n`;

/** Runs setup with answers from a pipe; neither secret may be in what it prints. */
async function setup(input: string, env: Record<string, string> = {}) {
  const ran = await runProgram('setup', { cwd: scene.cwd, env: { ...where(), ...env }, input });
  for (const answer of input.split(/[\r\n]+/).filter(line => line.length > 4))
    expect(ran.all).not.toContain(answer);
  return { ...ran, bad: ran.out.split('\n').filter(line => line.startsWith('✗')) };
}

test('both are right: .env is written for its owner alone, from the example, and the invitation is printed', async () => {
  const { code, out, err, bad } = await setup(both());
  expect({ code, err, bad }).toEqual({ code: 0, err: '', bad: [] });
  expect(parseEnv(envFile())).toEqual({
    DISCORD_TOKEN: scene.discord.token,
    FISH_API_KEY: scene.fish.apiKey,
  });
  expect(envFile()).toContain('# FISH_MODEL=s2.1-pro');
  if (process.platform !== 'win32') expect(statSync(join(scene.cwd, '.env')).mode & 0o777).toBe(0o600);
  expect(readdirSync(scene.cwd)).toEqual(['.env']);
  const link = new URL(/https:\/\/discord\.com\/oauth2\/authorize\S+/.exec(out)?.[0] ?? '');
  expect(Object.fromEntries(link.searchParams)).toEqual({
    client_id: scene.discord.applicationId,
    permissions: String((1n << 10n) | (1n << 11n) | (1n << 20n) | (1n << 21n)),
    scope: 'bot applications.commands',
  });
});

test('an .env that is there is kept: only the two lines are changed', async () => {
  const before = '# mine\r\nFISH_VOICE=abc\r\nDISCORD_TOKEN=old.token\r\n\r\nHTTP_PORT=8080';
  writeFileSync(join(scene.cwd, '.env'), before, { mode: 0o644 });
  expect((await setup(both())).code).toBe(0);
  expect(envFile()).toBe(
    `${before.replace('old.token', scene.discord.token)}\nFISH_API_KEY=${scene.fish.apiKey}\n`,
  );
  if (process.platform !== 'win32') expect(statSync(join(scene.cwd, '.env')).mode & 0o777).toBe(0o600);
});

test('an empty answer keeps what is there, and then nobody else can read it', async () => {
  const before = `FISH_API_KEY='${scene.fish.apiKey}'\nDISCORD_TOKEN=${scene.discord.token}\n`;
  writeFileSync(join(scene.cwd, '.env'), before);
  const { code, out } = await setup('\n\n');
  expect(code).toBe(0);
  expect(out).toContain('Enter keeps the present one');
  expect(envFile()).toBe(before);
  if (process.platform !== 'win32') expect(statSync(join(scene.cwd, '.env')).mode & 0o777).toBe(0o600);
});

test('where .env is a link, the file that it leads to is written', async () => {
  const target = join(scene.cwd, 'elsewhere.env');
  writeFileSync(target, 'FISH_VOICE=abc\n');
  symlinkSync(target, join(scene.cwd, '.env'));
  expect((await setup(both())).code).toBe(0);
  expect(parseEnv(readFileSync(target, 'utf8'))).toMatchObject({
    FISH_VOICE: 'abc',
    DISCORD_TOKEN: scene.discord.token,
  });
});

test.each([
  ['the token is refused', 'bm90LXRoaXM.x.refused\nKEY\n', /Discord refuses DISCORD_TOKEN.*Reset Token/],
  ['the key is refused', 'TOKEN\nsome-other-key\n', /Fish Audio refuses FISH_API_KEY.*api-keys/],
  ['the token has a word too much', 'Bot x.y.z\nKEY\n', /DISCORD_TOKEN: begins with "Bot "/],
  ['the key does not come', 'TOKEN\n', /FISH_API_KEY: is missing/],
  ['the token is empty', '\nKEY\n', /DISCORD_TOKEN: is missing/],
])('%s: it is told what to do, and .env is left as it was', async (_, input, trouble) => {
  const { code, out, bad } = await setup(
    input.replace('TOKEN', scene.discord.token).replace('KEY', scene.fish.apiKey),
  );
  expect(code).toBe(1);
  expect(out).not.toMatch(/as it was|once more/); // there is none, and nobody is asked again
  expect(bad).toEqual([expect.stringMatching(trouble)]);
  expect(readdirSync(scene.cwd)).toEqual([]);
});

test('the Message Content Intent is off, or there is no credit: told, and written all the same', async () => {
  scene.discord.faults.messageContentIntent = false;
  scene.fish.behaviour.creditUsd = 0;
  const { code, bad } = await setup(both());
  expect(code).toBe(1);
  expect(bad[0]).toContain(
    `https://discord.com/developers/applications/${scene.discord.applicationId}/bot, switch on`,
  );
  expect(bad[1]).toMatch(/no API credit is left.*FISH_MODEL=s2\.1-pro-free/);
  expect(parseEnv(envFile())).toMatchObject({ DISCORD_TOKEN: scene.discord.token });
});

test('no service can be reached: told, and written unchecked, since the token is shown only once', async () => {
  const nowhere = `http://127.0.0.1:${await freePort()}`;
  const { code, out, bad } = await setup(both(), {
    DISCORD_API_URL: `${nowhere}/api`,
    FISH_API_URL: nowhere,
  });
  expect(code).toBe(1);
  expect(bad).toEqual([
    expect.stringMatching(/Discord: .*cannot be reached.*check the connection/),
    expect.stringMatching(/Fish Audio cannot be reached.*check the connection/),
  ]);
  expect(out).toContain('Do what stands after ✗ above');
  expect(parseEnv(envFile())).toMatchObject({
    DISCORD_TOKEN: scene.discord.token,
    FISH_API_KEY: scene.fish.apiKey,
  });
});

test('what else is wrong in .env, or stands in the way of it, is told', async () => {
  writeFileSync(join(scene.cwd, '.env'), 'FISH_MODEL=no-such\nDISCORD_TOKEN_FILE=/run/token\n');
  const { code, bad } = await setup(both(), { FISH_API_KEY: 'from-the-environment' });
  expect(code).toBe(1);
  expect(bad).toEqual([
    expect.stringMatching(/FISH_API_KEY: is also set in the environment/),
    expect.stringMatching(/DISCORD_TOKEN_FILE is set beside the variable without _FILE.*keep one/),
    expect.stringMatching(/FISH_MODEL is not a known value.*use one of/),
  ]);
});

test('WebSockets do not come through: told, as the doctor does', async () => {
  await using proxy = await startNoWebSocketProxy(scene.fish.url);
  const { code, bad } = await setup(both(), { FISH_API_URL: proxy.url });
  expect([code, bad]).toEqual([1, [expect.stringMatching(/Live socket: .*let WebSockets pass/)]]);
});

test('.env cannot be read or written: told, with the code', async () => {
  mkdirSync(join(scene.cwd, '.env'));
  const { code, bad } = await setup(both());
  expect([code, bad]).toEqual([1, [expect.stringMatching(/\.env: cannot be read or written \(EISDIR\)/)]]);
});

test('a wrong command line', async () => {
  const wrong = await runProgram('setup', { cwd: scene.cwd, args: ['token'] });
  expect([wrong.code, wrong.err]).toEqual([64, expect.stringMatching(/--help shows/)]);
});

/** Runs setup at a terminal, which `script` makes. */
function atTerminal() {
  const command = `${process.execPath} ${programPath('setup')}`;
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    cwd: scene.cwd,
    env: { PATH: process.env['PATH'], TERM: 'xterm', ...where() },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const shown = { text: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (shown.text += text));
  const code = once(child, 'close').then(([code]) => code as number | null);
  return { shown, code, type: (text: string) => void child.stdin.write(text) };
}

test.runIf(process.platform === 'linux')(
  'at a terminal nothing that is typed or pasted is shown, and a refused token is asked for again',
  async () => {
    const { shown, code, type } = atTerminal();
    await until('the question', () => shown.text.includes('Bot token'));
    type('typed.wrong.toke\x7fn\r');
    await until('the next question', () => shown.text.includes('Fish Audio key'));
    type(`\x1b[200~${scene.fish.apiKey}\x1b[201~\r`); // as terminals mark what is pasted
    await until('the refusal', () => shown.text.includes('Discord refuses'), 60_000);
    await until('it is asked for again', () => shown.text.split('Bot token (').length === 3);
    type('\r'); // nothing was there that could be kept
    await until('once more', () => shown.text.split('Bot token (').length === 4);
    type(`${scene.discord.token}\r`);
    expect(await code).toBe(0);
    expect(shown.text).not.toMatch(/typed\.wrong|200~/);
    expect(shown.text).not.toContain(scene.discord.token);
    expect(shown.text).not.toContain(scene.fish.apiKey);
    expect(parseEnv(envFile())).toEqual({
      DISCORD_TOKEN: scene.discord.token,
      FISH_API_KEY: scene.fish.apiKey,
    });
  },
);

test.runIf(process.platform === 'linux')('at a terminal Ctrl-C ends it, and nothing is written', async () => {
  const { shown, code, type } = atTerminal();
  await until('the question', () => shown.text.includes('Bot token'));
  type('half a tok\x03');
  expect(await code).toBe(130);
  expect(shown.text).not.toContain('half');
  expect(readdirSync(scene.cwd)).toEqual([]);
});
