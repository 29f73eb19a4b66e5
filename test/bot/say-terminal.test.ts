import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { audioPackets, readPages } from '../audio/ogg/raw-ogg.ts';
import { testBehaviour } from '../sandbox/fish/behaviour.ts';
import { type FakeFish, startFish } from '../sandbox/fish/fish.ts';
import { OPEN, type Program, type ProgramOptions, startProgram } from '../support/program.ts';
import { until } from '../support/until.ts';

const ROOT = `${import.meta.dirname}/../..`;

let fish: FakeFish;
let directory: string;
const running: ChildProcess[] = [];

beforeAll(async () => {
  fish = await startFish();
});
afterAll(() => fish[Symbol.asyncDispose]());
beforeEach(() => {
  Object.assign(fish.behaviour, testBehaviour, { fault: undefined });
  directory = mkdtempSync(join(tmpdir(), 'parrotfish-say-'));
});
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

/** The real command, in an empty directory, with nothing to play on. */
function start(args: readonly string[], options: Pick<ProgramOptions, 'env' | 'input'> = {}): Program {
  const keys = { FISH_API_KEY: fish.apiKey, FISH_API_URL: fish.url };
  const env = { PATH: directory, ...keys, ...options.env };
  const program = startProgram('say', { cwd: directory, ...options, args, env });
  running.push(program.child);
  return program;
}

async function run(args: readonly string[], env: Record<string, string> = {}) {
  const { printed, code } = start(args, { env });
  return { code: await code, ...printed };
}

const file = (name: string) => readFileSync(join(directory, name));
const last = () => {
  const session = fish.sessions.at(-1);
  if (!session) throw new Error('Fish was asked nothing');
  return session;
};

test('a text is written to a file, the very packets that Fish sent, and the times are told, but not what Fish says', async () => {
  const { code, err, out } = await run(['Hello', 'from a terminal.']);
  expect([code, out]).toEqual([0, '']);
  expect(last().text).toBe('Hello from a terminal.');
  expect(last().request).toMatchObject({ format: 'opus', latency: 'balanced' });
  expect(audioPackets(readPages(file('say.ogg')))).toEqual(last().packets);
  expect(err).toMatch(/first sound after \d+ ms/);
  expect(err).toContain(`22 bytes of text, ${(last().packets.length / 50).toFixed(2)} s of sound`);
  expect(err).toContain('written to say.ogg');
  expect(err).not.toContain('Fish Audio:');
});

test('every option reaches Fish', async () => {
  writeFileSync(join(directory, 'me.wav'), wav(12));
  const spoken = '--voice abc --latency low --speed 1.5 --volume -3 --model s2-pro --out mine.ogg'.split(' ');
  const reference = ['--reference', 'me.wav', '--reference-text', 'This is me.'];
  const { code, err } = await run([...spoken, ...reference, '--', 'Hi there.']);
  expect(err).toContain('written to mine.ogg');
  expect(code).toBe(0);
  expect(last().model).toBe('s2-pro');
  expect(last().request).toMatchObject({
    reference_id: 'abc',
    latency: 'low',
    prosody: { speed: 1.5, volume: -3 },
  });
  expect(last().references).toMatchObject([{ text: 'This is me.' }]);
});

/** A WAV of silence. */
function wav(seconds: number): Buffer {
  const header = Buffer.from(
    '524946460000000057415645666d74201000000001000100401f0000803e0000020010006461746100000000',
    'hex',
  );
  const bytes = Buffer.concat([header, Buffer.alloc(seconds * 16_000)]);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.writeUInt32LE(bytes.length - 44, 40);
  return bytes;
}

test('the format follows the ending, and the container is whole', async () => {
  fish.behaviour.voice = 'tones';
  fish.behaviour.spread = 0; // so that the formats can be compared
  const length = new Map<string, number>();
  for (const ending of ['ogg', 'mp3', 'wav', 'pcm']) {
    const { code, err } = await run(['--out', `sound.${ending}`, 'As long in every format.']);
    expect(code, err).toBe(0);
    const [, seconds] = /([\d.]+) s of sound/.exec(err) ?? [];
    const bytes = file(`sound.${ending}`);
    expect(err).toContain(`in ${bytes.length} bytes`);
    length.set(ending, Number(seconds));
    expect(last().request['format']).toBe(ending === 'ogg' ? 'opus' : ending);
  }
  expect(file('sound.ogg').toString('latin1', 0, 4)).toBe('OggS');
  expect(Number(readPages(file('sound.ogg')).at(-1)?.granule) / 48_000).toBeCloseTo(
    length.get('ogg') ?? 0,
    1,
  );
  const mp3 = file('sound.mp3');
  expect(mp3.readUInt16BE(0)).toBe(0xfffb);
  const riff = file('sound.wav');
  expect([riff.toString('latin1', 0, 4), riff.toString('latin1', 8, 12)]).toEqual(['RIFF', 'WAVE']);
  expect([riff.readUInt32LE(4), riff.readUInt32LE(40)]).toEqual([riff.length - 8, riff.length - 44]);
  expect(file('sound.pcm')).toEqual(riff.subarray(44));
  const [ogg = 0] = length.values();
  expect(ogg).toBeGreaterThan(1);
  for (const [ending, seconds] of length) expect(Math.abs(seconds - ogg), ending).toBeLessThan(0.1);
});

test('standard input is spoken as it is written: each sentence when it is whole', async () => {
  const { child, printed, code } = start([], { input: OPEN });
  child.stdin?.write('The first sen');
  await sleep(50);
  child.stdin?.write('tence. The second is');
  await until('the first sound, while the rest is being written', () => printed.err.includes('first sound'));
  expect(last().text).toBe('The first sentence.');
  child.stdin?.write(' here.');
  await until('the second, after a pause', () => last().text.endsWith('The second is here.'));
  await until('it is to be spoken', () => last().frames.at(-1)?.event === 'flush');
  child.stdin?.write(' 終わり。\n');
  child.stdin?.end('Bye');
  expect(await code).toBe(0);
  expect(last().text).toBe('The first sentence. The second is here. 終わり。 Bye');
  expect(last().ended).toBe('finish');
  expect(audioPackets(readPages(file('say.ogg')))).toEqual(last().packets);
});

test('--debug shows what Fish says', async () => {
  expect((await run(['--debug', 'Tell me.'])).err).toMatch(/^Fish Audio: synthesising/m);
});

test.each([
  [['--speed', '9', 'x'], /--speed must be a number from 0\.5 to 2/],
  [['--out', 'nowhere/x.ogg', 'x'], /nowhere\/x\.ogg cannot be written/],
  [['--reference', 'nobody.wav', '--reference-text', 'x', 'x'], /nobody\.wav cannot be read/],
])('wrong arguments are told in one line before Fish is asked: %j', async (args, words) => {
  const before = fish.sessions.length;
  const { code, err, out } = await run(args);
  expect(code).toBe(64);
  expect(err).toMatch(words);
  expect(err.trim().split('\n')).toHaveLength(1);
  expect(out).toBe('');
  expect(fish.sessions).toHaveLength(before);
});

test.each([
  ['a refused key', { FISH_API_KEY: 'wrong-key-123' }, 78, /does not accept the API key.*FISH_API_KEY/],
  ['a wrong variable', { FISH_MODEL: 'gpt' }, 78, /^FISH_MODEL is not a known value/],
  ['an address without a key', { FISH_API_KEY: '' }, 78, /^FISH_API_KEY is missing/],
  ['nobody there', { FISH_API_URL: 'http://127.0.0.1:9' }, 1, /cannot be reached \(ECONNREFUSED\)/],
])('%s: one readable line, no stack, no key', async (_, env, exit, words) => {
  const { code, err } = await run(['Hello.'], env);
  expect(code).toBe(exit);
  expect(err).toMatch(words);
  expect(err.trim().split('\n')).toHaveLength(1);
  expect(err).not.toMatch(/wrong-key-123|\.m?[jt]s:\d/);
  expect(existsSync(join(directory, 'say.ogg'))).toBe(false);
});

test('a voice that Fish does not know is told in its words', async () => {
  fish.behaviour.fault = { kind: 'unknown-voice' };
  const { code, err } = await run(['--voice', 'nobody', 'Hello.']);
  expect(code).toBe(1);
  expect(err).toMatch(/not found/i);
  expect(err.trim().split('\n')).toHaveLength(1);
});

test('an empty input is nothing to say', async () => {
  const { child, printed, code } = start([], { input: OPEN });
  child.stdin?.end(' \n');
  expect(await code).toBe(1);
  expect(printed.err).toMatch(/nothing to say/);
});

test('Ctrl-C ends it at once, and Fish is told', async () => {
  fish.behaviour.eventMs = 500;
  fish.behaviour.packetsPerEvent = 1;
  const { child, printed, code } = start([
    'Many words that take a long time to say, more than anybody waits for.',
  ]);
  await until('sound', () => printed.err.includes('first sound'));
  const from = performance.now();
  child.kill('SIGINT');
  expect(await code).toBe(130);
  expect(performance.now() - from).toBeLessThan(20_000); // its sound takes minutes to come
  await until('the socket is closed', () => fish.openSockets === 0);
  expect(last().ended).toBe('client-closed');
  expect(printed.err).not.toMatch(/Error|\.m?[jt]s:\d/);
});

test.skipIf(process.platform === 'win32')('a player hears it as it comes, and no file is left', async () => {
  program('mpv', 'cat > heard.ogg');
  fish.behaviour.eventMs = 100;
  fish.behaviour.packetsPerEvent = 5;
  const { printed, code } = start(['Played while it is still being made, which takes a little while.'], {
    env: { PATH: [directory, '/usr/bin', '/bin'].join(delimiter) },
  });
  const heard = () => existsSync(join(directory, 'heard.ogg')) && file('heard.ogg').length > 0;
  await until('the player hears something', heard);
  expect(last().ended).toBeUndefined();
  expect(await code).toBe(0);
  expect(printed.err).toContain('played by mpv');
  expect(audioPackets(readPages(file('heard.ogg')))).toEqual(last().packets);
  expect(existsSync(join(directory, 'say.ogg'))).toBe(false);
});

test.skipIf(process.platform === 'win32')('a player that cannot play leaves the file', async () => {
  program('ffplay', 'echo "Failed to open file" >&2');
  const { code, err } = await run(['Not to be heard.']);
  expect(code).toBe(0);
  expect(err).toContain('ffplay could not play it: written to say.ogg');
  expect(audioPackets(readPages(file('say.ogg')))).toEqual(last().packets);
});

/** A program of this name, first in PATH. */
function program(name: string, script: string): void {
  writeFileSync(join(directory, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(directory, name), 0o755);
}

test('by npm, without a key: the sandbox speaks, and says that it is one', async () => {
  const npm = spawn(
    'npm',
    ['run', '--silent', 'say', '--', '--out', join(directory, 'npm.ogg'), 'Hello there.'],
    {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
        FISH_API_KEY: '',
        FISH_API_URL: '',
      },
    },
  );
  running.push(npm);
  let err = '';
  npm.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text));
  const [code] = (await once(npm, 'close')) as [number | null];
  expect(code, err).toBe(0);
  expect(err).toMatch(/this is the sandbox/);
  expect(readPages(file('npm.ogg')).at(-1)?.eos).toBe(true);
});
