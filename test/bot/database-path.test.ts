import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startBot } from '../sandbox/bot.ts';
import { removeFolder } from '../sandbox/folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'parrotfish-path-'));
afterAll(() => removeFolder(folder));

const NOTES = 'These are my notes, and no database at all.\n';
writeFileSync(join(folder, 'notes.txt'), NOTES);

/** Nothing is asked of either: the process ends before. */
const discord = {
  apiUrl: 'http://127.0.0.1:9',
  token: 'MTIz.abc.def-ghi-jkl-mno-pqr-stu-vwx',
  caFile: '/dev/null',
};
const fish = { url: 'http://127.0.0.1:9', apiKey: 'fish-key-0123456789abcdef' };

test.each([
  // What else it may name is in `test/operator/database.test.ts`.
  ['a file that is no database', join(folder, 'notes.txt'), /it is no SQLite database/],
  ...(process.platform === 'linux'
    ? [['a directory that cannot be made', '/proc/nowhere/a.db', /its directory cannot be made/] as const]
    : []),
] as const)(
  'row 36: DATABASE_URL names %s: one line with the path, the cause and what to do; exit 78',
  async (_, path, cause) => {
    await using bot = startBot({ discord, fish, env: { DATABASE_URL: `file:${path}`, LOG_LEVEL: 'error' } });
    expect(await bot.exited).toBe(78);
    const lines = bot.output
      .trim()
      .split('\n')
      .filter(line => !line.startsWith('{'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^DATABASE_URL names /);
    expect(lines[0]).toContain(path);
    expect(lines[0]).toMatch(cause);
    expect(lines[0]).toMatch(/To mend it, /);
    expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe(NOTES);
  },
);
