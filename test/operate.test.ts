import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError } from '../src/config.ts';
import { UNWIND_MS } from '../src/process-end.ts';
import { StoreHeldError } from '../src/store/errors.ts';

// What docs/operate/ gives to operators beside words.

const ROOT = join(import.meta.dirname, '..');
const OPERATE = join(ROOT, 'docs/operate');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** The values of a setting of the systemd unit. */
function unit(name: string): string[] {
  const lines = read('docs/operate/parrotfish.service').split('\n');
  return lines.filter(line => line.startsWith(`${name}=`)).map(line => line.slice(name.length + 1));
}

test('the index of docs/operate/ has each page', () => {
  const index = read('docs/operate/README.md');
  const pages = readdirSync(OPERATE, { recursive: true, encoding: 'utf8' })
    .map(path => path.replaceAll('\\', '/'))
    .filter(path => path.endsWith('.md') && path !== 'README.md');
  expect(pages.filter(path => !index.includes(`](${path})`))).toEqual([]);
});

test('the unit starts the bot as the container does', () => {
  const command = /^CMD (\[.*\])$/m.exec(read('Dockerfile'))?.[1] ?? '[]';
  const [, ...args]: string[] = JSON.parse(command);
  expect(unit('ExecStart')).toEqual([`/opt/parrotfish/node_modules/node/bin/node ${args.join(' ')}`]);
});

test('the unit lets the bot finish its sentence, and does not start it again where that would not help', () => {
  expect(Number(unit('TimeoutStopSec')[0]) * 1_000).toBeGreaterThan(UNWIND_MS);
  expect(unit('Restart')).toEqual(['on-failure']);
  const held = new StoreHeldError().exitCode;
  const wrong = new ConfigError([]).exitCode;
  expect(unit('RestartPreventExitStatus')).toEqual([`${held} ${wrong}`]);
});

test('the unit allows as much memory as the container', () => {
  const limit = /mem_limit: (\d+)m/.exec(read('compose.yaml'))?.[1];
  expect(unit('MemoryMax')).toEqual([`${limit}M`]);
});

test('what copies SQLite to PostgreSQL copies each table, but for those of the process itself', () => {
  const tables = Array.from(
    read('src/store/database/tables.ts').matchAll(/^  (\w+): [{T]/gm),
    ([, name = '']) => name,
  );
  const copied = /for table in ([\w\s\\]+);/.exec(read('docs/operate/sqlite-to-postgres.sh'))?.[1] ?? '';
  const own = [
    'ledger_batch',
    'wish',
    'wish_kept',
    'pulse',
    'read_mark',
    'shard_hold',
    'told_change',
    'portion',
    'fish_account',
    'fish_party',
  ];
  expect([...copied.split(/[\s\\]+/), ...own].toSorted()).toEqual(tables.toSorted());
});
