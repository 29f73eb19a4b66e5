import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GUILD, type TestDatabase, testSqlite } from './store.ts';
import { until } from './until.ts';

/** The time of the tests of copies, in milliseconds since 1970. */
export const NOON = Date.UTC(2026, 10, 24, 12);

/** The names of all files beside a database, its own among them. */
export const filesOf = ({ path }: TestDatabase) => readdirSync(dirname(path)).sort();
export const copiesOf = (database: TestDatabase) => filesOf(database).filter(name => name.includes('.copy-'));

/** The files of `madeWithCopy`, by name: made once, since that takes several processes. */
let files: Promise<ReadonlyMap<string, Buffer>> | undefined;

/** Leaves a closed database with a copy in which the speed is 1.25, and with 1.5 in itself. */
export async function withCopy(database: TestDatabase): Promise<void> {
  files ??= madeWithCopy();
  const folder = dirname(database.path);
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of await files) writeFileSync(join(folder, name), bytes);
}

async function madeWithCopy(): Promise<ReadonlyMap<string, Buffer>> {
  await using database = testSqlite();
  {
    await using store = await database.open({ now: () => NOON });
    await store.saveSettings(GUILD, { speed: 1.25 });
    for (let n = 0; n < 20; n++)
      await store.saveWords(`10000000000000${1000 + n}`, new Map([['a'.repeat(2_000), 'b']]));
    rmSync(`${database.path}.copy-2026-11-24T12-00-00Z`, { force: true });
  }
  {
    await using _store = await database.open({ now: () => NOON });
    await until('the copy', () => copiesOf(database).length === 1);
  }
  {
    await using store = await database.open({ now: () => NOON });
    await store.saveSettings(GUILD, { speed: 1.5 });
  }
  return new Map(
    filesOf(database).map(name => [name, readFileSync(join(dirname(database.path), name))] as const),
  );
}
