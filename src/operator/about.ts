import { existsSync, readFileSync } from 'node:fs';

// What the programs of the operator say about themselves: the version, and whether they run from a clone of the
// repository or from the container's image.

/** The version of this program, from `package.json`. */
export function versionOfProgram(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/**
 * Whether this is a clone of the repository. If not, it is the image of the container, where there is neither `npm run
 * setup` nor an `.env` to be written.
 */
export function isClone(): boolean {
  return existsSync(new URL('../../.env.example', import.meta.url));
}
