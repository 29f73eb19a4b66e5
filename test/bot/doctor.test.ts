import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { startNoWebSocketProxy } from '../support/no-websocket-proxy.ts';
import { type ProgramOptions, runProgram } from '../support/program.ts';
import { useProgramScene } from '../support/program-scene.ts';

const FULL_DISK = new URL('../support/preload-full-disk.ts', import.meta.url);
const OLD_NODE = new URL('../support/preload-old-node.ts', import.meta.url);
const TEN_MINUTES_MS = 600_000;

const scene = useProgramScene();

/** Runs the doctor in an empty folder, with everything right but for what `env` replaces. */
async function doctor(env: Record<string, string> = {}, options: Partial<ProgramOptions> = {}) {
  const secrets = { DISCORD_TOKEN: scene.discord.token, FISH_API_KEY: scene.fish.apiKey };
  const all = { ...secrets, DISCORD_API_URL: scene.discord.apiUrl, FISH_API_URL: scene.fish.url, ...env };
  const ran = await runProgram('doctor', { cwd: scene.cwd, env: all, ...options });
  for (const name of ['DISCORD_TOKEN', 'FISH_API_KEY'] as const)
    if (all[name] !== '') expect(ran.all).not.toContain(all[name]);
  return { ...ran, lines: ran.out.trim().split('\n') };
}

/** The lines that say what to do. */
async function troubles(env: Record<string, string> = {}, options: Partial<ProgramOptions> = {}) {
  const { code, lines, err } = await doctor(env, options);
  const bad = lines.filter(line => line.startsWith('✗'));
  expect({ code, err, lines }).toMatchObject({ code: 1, err: '' });
  for (const line of bad) expect(line).toContain('. What to do: ');
  return bad;
}

/** A list of lines that match these patterns, in this order, and of no others. */
const matching = (...patterns: readonly RegExp[]) => patterns.map(pattern => expect.stringMatching(pattern));

test('all is well: a line for each thing, exit code 0, nothing said and nothing written', async () => {
  const { code, lines } = await doctor();
  expect(lines.filter(line => !/^✓ [^:]+: .|^– Toolchain: /.test(line))).toEqual([]);
  const things = lines.map(line => /^. ([^:]+):/.exec(line)?.[1]);
  expect(things.join(', ')).toBe(
    'Node, Packages, Toolchain, Configuration, Database, Disk, Bot token, Message Content Intent, Discord gateway, UDP, ' +
      'Fish Audio key, Fish Audio credit, Fish Audio limit, Live socket, Clock',
  );
  expect(lines.join('\n')).toMatch(/credit: \$10\.00/);
  expect(lines.join('\n')).toMatch(/limit: 5 texts at once/);
  expect(code).toBe(0);
  expect(scene.fish.sessions).toHaveLength(0);
  expect(scene.discord.identifies).toHaveLength(0);
  expect(readdirSync(scene.cwd)).toEqual([]);
});

test('token and key are missing: it is said as at the start, with setup; and Discord, too, cannot be reached', async () => {
  const apiUrl = `http://127.0.0.1:${await freePort()}/api`;
  expect(await troubles({ DISCORD_TOKEN: '', FISH_API_KEY: '', DISCORD_API_URL: apiUrl })).toEqual(
    matching(
      /^✗ Configuration: .*DISCORD_TOKEN is missing.*npm run setup/,
      /^✗ Configuration: .*FISH_API_KEY is missing.*npm run setup/,
      /^✗ Discord: .*cannot be reached/,
    ),
  );
});

test('variables that are wrong: each has a line, and the rest is looked at all the same', async () => {
  mkdirSync(join(scene.cwd, 'folder'));
  const model = { LLM_BASE_URL: 'localhost', LLM_MODEL: 'm' };
  const { code, lines } = await doctor({ FISH_MODEL: 'no-such', DATABASE_URL: 'file:./folder', ...model });
  expect(code).toBe(1);
  expect(lines.filter(line => line.startsWith('✗ Configuration: FISH_MODEL'))).toHaveLength(1);
  expect(lines.filter(line => /^✗ Configuration: LLM_BASE_URL.*begin with http:/.test(line))).toHaveLength(1);
  expect(lines.filter(line => /^✗ Database: .*DATABASE_URL names \.\/folder/.test(line))).toHaveLength(1);
  expect(lines.filter(line => line.startsWith('✓ Fish Audio key'))).toHaveLength(1);
  expect(lines.join('\n')).not.toMatch(/no-such|localhost/);
});

test('a token and a key are refused; a model that Fish Audio retires is told before that day, and after it', async () => {
  const env = { DISCORD_TOKEN: 'bm90LXRoaXM.x.refused', FISH_API_KEY: 'some-other-key-0123456789' };
  expect(await troubles({ ...env, FISH_MODEL: 's1' })).toEqual(
    matching(
      /FISH_MODEL is s1, which Fish Audio (retires on 2026-12-31|has retired)\. What to do: use s2\.1-pro$/,
      /Bot token: Discord refuses DISCORD_TOKEN.*discord\.com\/developers.*Reset Token/,
      /Fish Audio refuses FISH_API_KEY.*fish\.audio\/app\/api-keys/,
    ),
  );
});

test('switches of the bot are wrong, its log-ins are used up, FISH_CONCURRENCY is more than the account allows, a clock is off', async () => {
  Object.assign(scene.discord.faults, { messageContentIntent: false, requiresCodeGrant: true });
  scene.discord.faults.noLoginsLeft = true;
  scene.fish.behaviour.maxConcurrency = 3;
  scene.fish.behaviour.dateAheadMs = -TEN_MINUTES_MS;
  const page = `https://discord.com/developers/applications/${scene.discord.applicationId}/bot`;
  const lines = await troubles({ FISH_CONCURRENCY: '8' });
  expect(lines).toEqual(
    matching(
      /Message Content Intent: is off/,
      /switch off "Requires OAuth2 Code Grant"/,
      /used up its log-ins.*wait until tomorrow/,
      /3 texts at once, and FISH_CONCURRENCY is 8/,
      /clock is 10 min ahead of that of Fish Audio.*set it/,
    ),
  );
  expect(lines[0]).toContain(page);
});

test('no credit: not the key is blamed', async () => {
  scene.fish.behaviour.creditUsd = 0;
  const { code, lines } = await doctor();
  expect(code).toBe(1);
  expect(lines.find(line => line.includes('Fish Audio key'))).toMatch(/^✓/);
  expect(lines.find(line => line.includes('Fish Audio credit'))).toMatch(
    /^✗.*no API credit is left \(\$0\.00\).*top up.*FISH_MODEL=s2\.1-pro-free/,
  );
});

test('the free model needs no credit; a variable whose name is misspelled is named, without its value, and no reason to fail', async () => {
  scene.fish.behaviour.creditUsd = 0;
  const strange = { FISH_MODLE: 'qqxyzzy', PARROTFISH_IMAGE: 'image', HTTP_PROXY: '' };
  const { code, lines } = await doctor({ FISH_MODEL: 's2.1-pro-free', ...strange });
  expect(code).toBe(0);
  expect(lines.filter(line => line.startsWith('– Configuration'))).toEqual([
    '– Configuration: FISH_MODLE is set, and Parrotfish has no such variable: is its name misspelled?',
  ]);
  expect(lines.join('\n')).not.toContain('qqxyzzy');
});

test('Discord and Fish Audio cannot be reached', async () => {
  const nowhere = `http://127.0.0.1:${await freePort()}`;
  expect(await troubles({ DISCORD_API_URL: `${nowhere}/api`, FISH_API_URL: nowhere })).toEqual(
    matching(
      /Discord: .*cannot be reached: nobody listens there.*check the connection.*DISCORD_API_URL/,
      /Fish Audio: .*cannot be reached \(ECONNREFUSED\).*check the connection.*FISH_API_URL/,
    ),
  );
});

test('something else answers in their place, such as the log-in page of a network', async () => {
  const lines = (
    await doctor({
      DISCORD_API_URL: `${scene.fish.url}/api`,
      FISH_API_URL: new URL(scene.discord.apiUrl).origin,
    })
  ).lines;
  expect(lines.find(line => line.startsWith('✗ Discord'))).toMatch(/is not Discord's API/);
  expect(lines.find(line => line.startsWith('✗ Fish Audio'))).toMatch(/What to do: check/);
});

test('a proxy passes no WebSocket', async () => {
  await using proxy = await startNoWebSocketProxy(scene.fish.url);
  expect(await troubles({ FISH_API_URL: proxy.url })).toEqual(
    matching(/Live socket: .*WebSockets do not come through.*let WebSockets pass in.*proxy/),
  );
});

test.runIf(process.getuid?.() === 0)('the path of the database cannot be written', async () => {
  expect(await troubles({ DATABASE_URL: 'file:./data/a.db' }, { uid: 65_534 })).toEqual(
    matching(/Database: .*this user may not write there.*What to do: see to it/),
  );
});

test('this Node is too old, the disk is nearly full, and the clock is ten minutes off by Discord’s', async () => {
  scene.discord.faults.dateAheadMs = TEN_MINUTES_MS;
  expect(await troubles({}, { preload: [OLD_NODE, FULL_DISK] })).toEqual(
    matching(
      /Node: v20\.20\.2 is too old.*npm start/,
      /Disk: 10 MiB are free.*make room/,
      /clock is 10 min behind that of Discord.*set it/,
    ),
  );
});

test('--say says a line into a file', async () => {
  const { code, out } = await doctor({}, { args: ['--say', 'Hello there.', '--out', 'hello.ogg'] });
  expect(code).toBe(0);
  expect(out).toMatch(/✓ Speech: first sound after \d+ ms.*written to hello\.ogg/);
  expect(scene.fish.sessions.at(-1)?.text).toBe('Hello there.');
  expect(readFileSync(join(scene.cwd, 'hello.ogg')).toString('latin1', 0, 4)).toBe('OggS');
});
