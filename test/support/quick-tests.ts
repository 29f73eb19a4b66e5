import { globSync, readFileSync } from 'node:fs';

/** Imports of what starts servers, databases or the bot. */
const STARTS_SOMETHING = /\bfrom '[./]*(?:sandbox|support|simulator)\//;
/** Helpers in those folders that start nothing. */
const HARMLESS = /\bfrom '[./]*support\/(?:lines|random|until)\.ts'/g;
/** Rooms in which each test starts something. */
const ROOMS = /^test\/(?:sandbox|fuzz|simulator|bot)\//;

/** The paths, from the root of the project, of the tests that start nothing: those of pure functions. */
export function quickTests(): string[] {
  const paths = globSync('test/**/*.test.ts').map(path => path.replaceAll('\\', '/'));
  return paths.filter(
    path => !ROOMS.test(path) && !STARTS_SOMETHING.test(readFileSync(path, 'utf8').replace(HARMLESS, '')),
  );
}
