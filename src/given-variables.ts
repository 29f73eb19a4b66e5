import { readFileSync } from 'node:fs';
import { sqlitePath } from './database-url.ts';
import { errorCode } from './errors.ts';

// Finds out which variables are set in the environment, and reads the files in which secrets are given (`*_FILE`). What
// their values may be is checked by `config.ts`.

/** Reads a file of text. Throws if it cannot be read. */
export type ReadFile = (path: string) => string;
export const readText: ReadFile = path => readFileSync(path, 'utf8');

/** Whether a variable with this value counts as set: an empty one does not. */
export function isSet(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== '';
}

/**
 * Returns the variables that are set in `env`, also the `secrets` among them that are given as files, and by variable a
 * line about each file that cannot be used. Space around a value is ignored, and an empty variable counts as not set.
 */
export function givenVariables(
  env: NodeJS.ProcessEnv,
  secrets: readonly string[],
  readFile: ReadFile,
): { given: Record<string, string>; problems: Map<string, string> } {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) if (isSet(value)) given[name] = value.trim();
  // Node takes the byte order mark of an `.env` for a part of the name in its first line. The name without it goes
  // before.
  for (const [name, value] of Object.entries(given))
    if (name.startsWith('\uFEFF')) given[name.slice(1)] ??= value;

  const problems = new Map<string, string>();
  for (const name of secrets) {
    const path = given[`${name}_FILE`];
    if (path === undefined) continue;
    const secret = isSetAsSecret(name, given[name]) ? TWICE : readSecret(path, readFile);
    if ('value' in secret) given[name] = secret.value;
    else problems.set(name, `${name}_FILE ${secret.problem}`);
  }
  return { given, problems };
}

/**
 * Whether the variable itself holds a secret. The path of an SQLite database is none: the container and the systemd
 * unit set it, so that a file with the address of a PostgreSQL goes before it.
 */
function isSetAsSecret(name: string, value: string | undefined): boolean {
  return value !== undefined && !(name === 'DATABASE_URL' && sqlitePath(value) !== null);
}

const TWICE = { problem: 'is set beside the variable without _FILE: keep one of the two' };

function readSecret(path: string, readFile: ReadFile): { value: string } | { problem: string } {
  try {
    const value = readFile(path).trim();
    return value === '' ? { problem: 'names an empty file: write the secret into it' } : { value };
  } catch (error) {
    const code = errorCode(error);
    const told = code === undefined ? '' : ` (${code})`;
    return { problem: `names a file that cannot be read${told}: check the path and the permissions` };
  }
}
