import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The environment variable that names the folder with the packed programs, in a run of the tests. */
export const PACKED_PROGRAMS = 'PACKED_PROGRAMS';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/**
 * The path of the file to run for a program or a module whose source is at `url`. In a run of the tests that is the
 * packed one, which starts in half the time (see `test/support/pack-programs.ts`), and else the source itself.
 */
export function packed(url: URL): string {
  const source = fileURLToPath(url);
  const folder = process.env[PACKED_PROGRAMS];
  if (folder === undefined) return source;
  const file = join(folder, relative(ROOT, source).replace(/\.ts$/, '.mjs'));
  if (!existsSync(file)) throw new Error(`${source} is not packed: name it in test/support/pack-programs.ts`);
  return file;
}
