import { randomUUID } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { open, readFile, realpath, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from '../errors.ts';

// Reads and writes the file `.env`, in which the operator keeps tokens and settings, so that nobody else can read it
// and no crash leaves half a file. `env-text.ts` changes the text in it.

/** The file from which `npm start` reads the variables, below the present directory. */
export const ENV_FILE = '.env';

const OWNER_ONLY = 0o600;

/**
 * What is wrong with `.env` for a program that npm has started with the environment `env`: a line for the operator;
 * null if nothing is. A program that is started without npm, such as by systemd, reads no `.env`.
 */
export function envFileProblem(env: NodeJS.ProcessEnv): string | null {
  if (env['npm_lifecycle_event'] === undefined) return null;
  try {
    accessSync(ENV_FILE, constants.R_OK);
  } catch (error) {
    if (errorCode(error) === 'EACCES')
      return `${ENV_FILE} is there, but this user may not read it: let them read it, or be the user who may`;
  }
  return null;
}

/** The text of a file, without a byte order mark; null if there is none. Rejects with the error of the file system. */
export async function textOf(path: string): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Writes a file that only its owner can read, as a whole or not at all: another file takes its place. Where the path is
 * a link, the file that it leads to is written. Rejects with the error of the file system.
 */
export async function writePrivately(path: string, text: string): Promise<void> {
  const target = await realpath(path).catch(() => path); // there need be no file yet
  const beside = join(dirname(target), `${ENV_FILE}.${randomUUID()}`);
  try {
    const file = await open(beside, 'wx', OWNER_ONLY);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, target);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}
