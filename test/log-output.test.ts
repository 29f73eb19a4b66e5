import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { NODE_COMPILE_CACHE } from './sandbox/bot.ts';
import { until } from './support/until.ts';

const WRITER = fileURLToPath(new URL('./support/log-writer.ts', import.meta.url));

/** Starts a program that writes so many lines of 100 bytes to its standard output, which nobody reads yet. */
async function writer(lines: number) {
  const child = spawn(process.execPath, [WRITER, String(lines)], {
    env: { ...process.env, NODE_COMPILE_CACHE },
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (data: string) => (said += data));
  await until('all is written', () => said.includes('written in'));
  return { child, said: () => said };
}

test('a reader that is slow gets all lines in order, and nothing waits for it', async () => {
  const { child, said } = await writer(5_000);
  const read = text(child.stdout);
  child.stdin.end();
  const lines = (await read).trimEnd().split('\n');
  expect(lines.map(line => line.split(' ')[0])).toEqual([
    ...Array.from({ length: 5_000 }, (_, n) => `${n}`),
    'the',
  ]);
  expect(said()).not.toMatch(/Error/);
});

test('a reader that takes nothing for long loses what is too much, and is told how much that was', async () => {
  const { child } = await writer(50_000);
  let read = '';
  child.stdout.setEncoding('utf8').on('data', (data: string) => (read += data));
  await until('the note', () => read.includes('"level"'));
  child.stdin.end();
  await once(child, 'close');
  const lines = read.trimEnd().split('\n');
  const numbers = lines.map(line => Number(line.split(' ')[0])).filter(Number.isFinite);
  expect(numbers).toEqual([...Array(numbers.length).keys()]);
  const note = lines.find(line => line.startsWith('{'));
  expect(JSON.parse(note ?? '{}')).toMatchObject({ level: 'warn', lines: 50_000 - numbers.length });
  expect(lines.at(-1)).toBe('the end');
});

test.each(['reads nothing', 'is gone'])(
  'where whoever reads it %s, the process ends all the same',
  async how => {
    const { child, said } = await writer(50_000);
    if (how === 'is gone') child.stdout.destroy();
    else child.stdout.pause();
    child.stdin.end();
    const [code] = (await once(child, 'exit')) as unknown[];
    expect(code).toBe(0);
    expect(said()).not.toMatch(/Error/);
  },
);
