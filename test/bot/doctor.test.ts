import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
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

/** The only line that says what to do. */
async function onlyTrouble(env: Record<string, string> = {}, options: Partial<ProgramOptions> = {}) {
  const { code, lines, err } = await doctor(env, options);
  const bad = lines.filter(line => line.startsWith('✗'));
  expect({ code, err, bad: bad.length, lines }).toMatchObject({ code: 1, err: '', bad: 1 });
  expect(bad[0]).toContain('. What to do: ');
  return bad[0];
}

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

test('a token or a key is missing: the line says so as at the start, and that setup asks for it', async () => {
  expect(await onlyTrouble({ DISCORD_TOKEN: '' })).toMatch(/DISCORD_TOKEN is missing.*npm run setup/);
  expect(await onlyTrouble({ FISH_API_KEY: '' })).toMatch(/FISH_API_KEY is missing.*npm run setup/);
});

test('variables that are wrong: each has a line, and the rest is looked at all the same', async () => {
  const { code, lines } = await doctor({ FISH_MODEL: 'no-such', LLM_BASE_URL: 'localhost', LLM_MODEL: 'm' });
  expect(code).toBe(1);
  expect(lines.filter(line => line.startsWith('✗ Configuration: FISH_MODEL'))).toHaveLength(1);
  expect(lines.filter(line => /^✗ Configuration: LLM_BASE_URL.*begin with http:/.test(line))).toHaveLength(1);
  expect(lines.filter(line => line.startsWith('✓ Fish Audio key'))).toHaveLength(1);
  expect(lines.join('\n')).not.toMatch(/no-such|localhost/);
});

test('a model that Fish Audio retires is told before that day, and after it', async () => {
  expect(await onlyTrouble({ FISH_MODEL: 's1' })).toMatch(
    /FISH_MODEL is s1, which Fish Audio (retires on 2026-12-31|has retired)\. What to do: use s2\.1-pro$/,
  );
});

test('a variable whose name is misspelled is named, without its value, and no reason to fail', async () => {
  const { code, lines } = await doctor({ FISH_MODLE: 'qqxyzzy', PARROTFISH_IMAGE: 'image', HTTP_PROXY: '' });
  expect(code).toBe(0);
  expect(lines.filter(line => line.startsWith('– Configuration'))).toEqual([
    '– Configuration: FISH_MODLE is set, and Parrotfish has no such variable: is its name misspelled?',
  ]);
  expect(lines.join('\n')).not.toContain('qqxyzzy');
});

test('Discord refuses the token', async () => {
  const line = await onlyTrouble({ DISCORD_TOKEN: 'bm90LXRoaXM.x.refused' });
  expect(line).toMatch(/Bot token: Discord refuses DISCORD_TOKEN.*discord\.com\/developers.*Reset Token/);
});

test('the Message Content Intent is off: the switch is named, with the address of its page', async () => {
  scene.discord.faults.messageContentIntent = false;
  const page = `https://discord.com/developers/applications/${scene.discord.applicationId}/bot`;
  const line = await onlyTrouble();
  expect(line).toMatch(/Message Content Intent: is off/);
  expect(line).toContain(page);
});

test('the bot cannot be invited by a link, or has used up its log-ins', async () => {
  scene.discord.faults.requiresCodeGrant = true;
  expect(await onlyTrouble()).toMatch(/switch off "Requires OAuth2 Code Grant"/);
  scene.discord.faults.requiresCodeGrant = false;
  scene.discord.faults.noLoginsLeft = true;
  expect(await onlyTrouble()).toMatch(/used up its log-ins.*wait until tomorrow/);
});

test('Fish Audio refuses the key', async () => {
  const line = await onlyTrouble({ FISH_API_KEY: 'some-other-key-0123456789' });
  expect(line).toMatch(/Fish Audio refuses FISH_API_KEY.*fish\.audio\/app\/api-keys/);
});

test('no credit: not the key is blamed; the free model needs none', async () => {
  scene.fish.behaviour.creditUsd = 0;
  const { code, lines } = await doctor();
  expect(code).toBe(1);
  expect(lines.find(line => line.includes('Fish Audio key'))).toMatch(/^✓/);
  expect(lines.find(line => line.includes('Fish Audio credit'))).toMatch(
    /^✗.*no API credit is left \(\$0\.00\).*top up.*FISH_MODEL=s2\.1-pro-free/,
  );
  expect((await doctor({ FISH_MODEL: 's2.1-pro-free' })).code).toBe(0);
});

test('FISH_CONCURRENCY is more than the account allows', async () => {
  scene.fish.behaviour.maxConcurrency = 3;
  expect(await onlyTrouble({ FISH_CONCURRENCY: '8' })).toMatch(/3 texts at once, and FISH_CONCURRENCY is 8/);
});

test('Discord or Fish Audio cannot be reached', async () => {
  const nowhere = `http://127.0.0.1:${await freePort()}`;
  expect(await onlyTrouble({ DISCORD_API_URL: `${nowhere}/api` })).toMatch(
    /Discord: .*cannot be reached: nobody listens there.*check the connection.*DISCORD_API_URL/,
  );
  expect(await onlyTrouble({ FISH_API_URL: nowhere })).toMatch(
    /Fish Audio: .*cannot be reached \(ECONNREFUSED\).*check the connection.*FISH_API_URL/,
  );
});

test('without a token it is still told that Discord cannot be reached', async () => {
  const apiUrl = `http://127.0.0.1:${await freePort()}/api`;
  const { lines } = await doctor({ DISCORD_TOKEN: '', DISCORD_API_URL: apiUrl });
  expect(lines.filter(line => line.startsWith('✗')).map(line => line.split(':')[0])).toEqual([
    '✗ Configuration',
    '✗ Discord',
  ]);
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
  expect(await onlyTrouble({ FISH_API_URL: proxy.url })).toMatch(
    /Live socket: .*WebSockets do not come through.*let WebSockets pass in.*proxy/,
  );
});

test.each([
  ['a directory', 'folder', /it is a directory/],
  ['no database', 'notes.txt', /it is no SQLite database/],
  ['below a file', 'notes.txt/a.db', /a file, not a directory/],
] as const)('the path of the database is %s', async (_, path, cause) => {
  mkdirSync(join(scene.cwd, 'folder'));
  writeFileSync(join(scene.cwd, 'notes.txt'), 'My notes.\n');
  const line = await onlyTrouble({ DATABASE_URL: `file:./${path}` });
  expect(line).toMatch(cause);
  expect(line).toContain(`DATABASE_URL names ./${path}`);
  expect(readFileSync(join(scene.cwd, 'notes.txt'), 'utf8')).toBe('My notes.\n');
});

test.runIf(process.getuid?.() === 0)('the path of the database cannot be written', async () => {
  const line = await onlyTrouble({ DATABASE_URL: 'file:./data/a.db' }, { uid: 65_534 });
  expect(line).toMatch(/Database: .*this user may not write there.*What to do: see to it/);
});

test('the database was written by a later version', async () => {
  const path = join(scene.cwd, 'newer.db');
  const database = new DatabaseSync(path);
  database.exec(
    "create table kysely_migration (name text, timestamp text); insert into kysely_migration values ('9999-later', '')",
  );
  database.close();
  const before = readFileSync(path);
  expect(await onlyTrouble({ DATABASE_URL: 'file:./newer.db' })).toMatch(
    /Database: .*later version of Parrotfish.*start that version, or restore a copy/,
  );
  expect(readFileSync(path)).toEqual(before);
});

test('this Node is too old', async () => {
  expect(await onlyTrouble({}, { preload: [OLD_NODE] })).toMatch(/Node: v20\.20\.2 is too old.*npm start/);
});

test('the clock is ten minutes off, by Discord’s or by Fish Audio’s', async () => {
  scene.discord.faults.dateAheadMs = TEN_MINUTES_MS;
  expect(await onlyTrouble()).toMatch(/clock is 10 min behind that of Discord.*set it/);
  scene.discord.faults.dateAheadMs = undefined;
  scene.fish.behaviour.dateAheadMs = -TEN_MINUTES_MS;
  expect(await onlyTrouble()).toMatch(/clock is 10 min ahead of that of Fish Audio.*set it/);
});

test('the disk is nearly full', async () => {
  expect(await onlyTrouble({}, { preload: [FULL_DISK] })).toMatch(/Disk: 10 MiB are free.*make room/);
});

test('--say says a line into a file, and a wrong command line is told', async () => {
  const { code, out } = await doctor({}, { args: ['--say', 'Hello there.', '--out', 'hello.ogg'] });
  expect(code).toBe(0);
  expect(out).toMatch(/✓ Speech: first sound after \d+ ms.*written to hello\.ogg/);
  expect(scene.fish.sessions.at(-1)?.text).toBe('Hello there.');
  expect(readFileSync(join(scene.cwd, 'hello.ogg')).toString('latin1', 0, 4)).toBe('OggS');
  const wrong = await doctor({}, { args: ['--loud'] });
  expect([wrong.code, wrong.err]).toEqual([64, expect.stringMatching(/--loud.*--help shows/)]);
  expect((await doctor({}, { args: ['--help'] })).out).toMatch(/^npm run doctor -- \[options\]/);
});
