import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { NODE_COMPILE_CACHE } from './bot.ts';
import { packed } from './packed.ts';

/** `npm run sandbox` as a newcomer uses it. */

const MAIN = new URL('./main.ts', import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'sandbox-command-'));
afterAll(() => rmSync(folder, { recursive: true }));

function sandbox(...args: readonly string[]) {
  const flags = ['--disable-warning=ExperimentalWarning'];
  return spawn(process.execPath, [...flags, packed(MAIN), ...args], {
    cwd: folder,
    env: { ...process.env, NODE_COMPILE_CACHE },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function run(...args: readonly string[]): Promise<{ code: unknown; out: string; errors: string }> {
  const child = sandbox(...args);
  const [out, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code, out, errors };
}

/**
 * Although the robot speaks once while the bot starts, its first sound may take longer than the eight seconds that the
 * bot waits where a whole run of the tests begins: the sandbox then has hardly any processor.
 */
const STARVED = { retry: 2 };

test(
  'words are heard, in the voice and the file that were named; the timeline is in order and whole',
  STARVED,
  async () => {
    const { code, out, errors } = await run('--voice', 'Captain Redbeard', '--out', 'a.ogg', 'Ahoy there');
    expect([code, errors]).toEqual([0, '']);
    expect(out).toContain('Fish Audio was asked to say:');
    expect(out).toContain('Ahoy there');
    expect(out).not.toMatch(/<[#@]/u);
    expect(readFileSync(join(folder, 'a.ogg')).subarray(0, 4).toString()).toBe('OggS');
    const times = Array.from(out.matchAll(/^ *(\d+) ms  /gmu), ([, ms]) => Number(ms));
    expect(times.length).toBeGreaterThan(5);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  },
);

test('a voice that nobody has is told, with some that there are', async () => {
  const { code, errors } = await run('--voice', 'Nobody of that name', 'Hi');
  expect(code).toBe(1);
  expect(errors).toContain('"Nobody of that name"');
  expect(errors).toContain('Calm Narrator');
});

test('an answer is spoken, and said to be canned', STARVED, async () => {
  const { code, out, errors } = await run('--ask', 'What', 'is', 'two', 'plus', 'two?', '--out', 'ask.ogg');
  expect([code, errors]).toEqual([0, '']);
  expect(out).toContain('one canned answer');
  expect(out).toContain('I am only the sandbox');
});

test('what cannot be said ends at once, and is told', async () => {
  const { code, out } = await run('***');
  expect(code).toBe(0);
  expect(out).toContain('there is nothing to hear');
  expect(out).not.toContain('Nothing was heard');
});

test.each(['SIGKILL', 'SIGTERM'] as const)(
  'no bot is left behind by %s to the sandbox alone',
  async signal => {
    const child = sandbox('--page', '--no-open');
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (data: string) => {
      out += data;
    });
    await until('the page', () => out.includes('The bot is ready'), 60_000);
    const bots = execFileSync('ps', ['-o', 'pid=', '--ppid', String(child.pid)], { encoding: 'utf8' });
    const [bot] = bots.trim().split(/\s+/u).map(Number);
    expect(bot).toBeGreaterThan(0);
    const closed = once(child, 'exit');
    child.kill(signal);
    const [code] = await closed;
    if (signal === 'SIGTERM') expect(code).toBe(0);
    await until('the end of the bot', () => !lives(bot ?? 0));
  },
);

function lives(pid: number): boolean {
  try {
    const state = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0];
    return state !== 'Z';
  } catch (error) {
    if (error instanceof Error) return false; // there is no such process
    throw error;
  }
}
