import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { textOf } from '../../src/operator/env-file.ts';
import { variablesIn } from '../../src/operator/env-text.ts';
import { removeFolder } from '../sandbox/folder.ts';

const ROOT = join(import.meta.dirname, '../..');
const PATIENCE_MS = 120_000;
/** The user `nobody`: root may read everything. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

/** Whether that user may read this project: in a folder of root's own, nobody else may. */
const MAY_READ = spawnSync('test', ['-r', join(ROOT, 'src/main.ts')], NOBODY).status === 0;

const scripts: Record<string, string> = (
  JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
).scripts;

/**
 * Runs a script of package.json as npm does, in `folder`; `lifecycle` is how npm tells a program that it has started
 * it.
 */
async function run(folder: string, script: string, lifecycle = true, more: NodeJS.ProcessEnv = {}) {
  const { promise, resolve } = Promise.withResolvers<{ code: unknown; stdout: string; stderr: string }>();
  execFile(
    'sh',
    ['-c', scripts[script] ?? ''],
    {
      ...NOBODY,
      cwd: folder,
      env: {
        PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
        ...(lifecycle && { npm_lifecycle_event: script }),
        ...more,
      },
      timeout: PATIENCE_MS,
    },
    (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }),
  ).stdin?.end();
  return await promise;
}

test.skipIf(!MAY_READ)(
  'an .env that this user may not read is named by each program that npm starts, and by nobody else',
  {
    timeout: PATIENCE_MS,
  },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'parrotfish-env-'));
    chmodSync(folder, 0o755);
    symlinkSync(join(ROOT, 'src'), join(folder, 'src'));
    writeFileSync(join(folder, '.env'), 'DISCORD_TOKEN=qqxyzzy\nFISH_API_KEY=qqxyzzy\n', { mode: 0 });
    const line = '.env is there, but this user may not read it';
    for (const script of ['start', 'say']) {
      const { code, stdout, stderr } = await run(folder, script);
      expect([script, code, stdout]).toEqual([script, 78, '']);
      expect(stderr).toMatch(/^\.env is there, [^\n]+\n$/);
    }
    const nowhere = { DISCORD_API_URL: 'http://127.0.0.1:9', FISH_API_URL: 'http://127.0.0.1:9' };
    const doctor = await run(folder, 'doctor', true, nowhere);
    expect(doctor.stdout).toContain(`✗ Configuration: ${line}. What to do: `);
    const service = await run(folder, 'start', false);
    expect(service).toMatchObject({ code: 78, stderr: expect.stringMatching(/^DISCORD_TOKEN is missing/) });
    await removeFolder(folder);
  },
);

test('a byte order mark is no part of the first name in .env', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parrotfish-env-'));
  writeFileSync(join(folder, '.env'), '\uFEFFDISCORD_TOKEN=a\n');
  expect(variablesIn((await textOf(join(folder, '.env'))) ?? '')).toEqual({ DISCORD_TOKEN: 'a' });
  await removeFolder(folder);
});
