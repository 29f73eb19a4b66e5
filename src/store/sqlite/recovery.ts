import { constants, statSync } from 'node:fs';
import { copyFile, open, rename, rm } from 'node:fs/promises';
import type { Logger } from '../../log.ts';
import { printableTrouble, problemOf } from '../database/problem-of.ts';
import { type SqliteCopies, timeInName } from './copies.ts';
import type { SqliteLock } from './lock.ts';
import { checkSqlite } from './process.ts';

// Checks an SQLite database when it is opened, and puts the newest sound copy in its place if it is damaged.
// `copies.ts` makes the copies; `process.ts` does the check itself.

/** The place of the four bytes of the `application_id` in the header of an SQLite file (sqlite.org/fileformat.html). */
const ID_OFFSET = 68;
const ID_BYTES = 4;

interface Recovery {
  readonly path: string;
  readonly lock: SqliteLock;
  readonly copies: SqliteCopies;
  readonly log: Logger;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/**
 * Makes sure that at `path` there is a sound database, or no file. A damaged database is renamed, with the date in its
 * new name, and the newest sound copy takes its place. Nobody may have the database open meanwhile. Rejects, and has
 * then changed nothing, when it cannot be found out whether the database is sound.
 */
export async function recoverSqlite(recovery: Recovery): Promise<void> {
  const { path, log } = recovery;
  if (sizeOf(path) > 0) {
    if (await isSound(recovery, path)) return;
    if (sizeOf(`${path}-wal`) > 0) {
      // This happens when somebody has restored a database and has left the log of the former one beside it.
      const aside = await moveAside(recovery, [`${path}-wal`]);
      log.error(
        { aside },
        'the database and its write-ahead log do not go together: the log was moved aside',
      );
      if (await isSound(recovery, path)) return;
    }
    log.error('the database is damaged: it is moved aside, and the newest sound copy takes its place');
  }
  const copy = await soundCopy(recovery);
  if (copy === undefined && sizeOf(path) === 0) return;
  const restored = `${path}.restoring`;
  if (copy !== undefined) await copySafely(copy, restored);
  // Whenever the process may end from here on, the next start finds a sound database or no file, and can go on.
  const aside = await moveAside(recovery, [path, `${path}-wal`]);
  for (const rest of ['-wal', '-shm']) await rm(path + rest, { force: true });
  if (copy !== undefined) {
    recovery.lock.databaseId = await headerId(restored);
    await rename(restored, path);
    log.error({ aside, copy }, 'the database was restored from a copy: what was saved after that is lost');
  } else if (aside.length > 0) {
    log.error({ aside }, 'no sound copy of the database was found: going on with an empty one');
  }
}

/** Whether the database at `path` and its write-ahead log pass SQLite's check and belong together. */
async function isSound({ lock, log, signal }: Recovery, path: string): Promise<boolean> {
  try {
    const own = await headerId(path);
    const seen = await checkSqlite(path, signal);
    // A log of another database may pass the check, since its pages replace all pages of this one. Only the ids differ.
    return seen === own && (own === lock.databaseId || lock.databaseId === 0 || sizeOf(`${path}-wal`) === 0);
  } catch (error) {
    if (problemOf(error) !== 'corrupt') throw error;
    log.error({ path, ...printableTrouble(error) }, 'an SQLite file did not pass its check');
    return false;
  }
}

async function soundCopy(recovery: Recovery): Promise<string | undefined> {
  for (const copy of await recovery.copies.list()) if (await passes(recovery, copy)) return copy;
  return undefined;
}

async function passes({ log, signal }: Recovery, path: string): Promise<boolean> {
  try {
    await checkSqlite(path, signal);
    return true;
  } catch (error) {
    if (signal.aborted) throw error;
    log.error({ path, ...printableTrouble(error) }, 'a copy of the database did not pass its check');
    return false;
  }
}

async function copySafely(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  await using file = await open(to, 'r+');
  await file.sync();
}

/** Renames those of the files that are not empty, with the date in the new names; returns the new paths. */
async function moveAside({ now }: Recovery, paths: readonly string[]): Promise<readonly string[]> {
  const at = timeInName(now());
  const moved: string[] = [];
  for (const path of paths) {
    if (sizeOf(path) === 0) continue;
    const aside = `${path}.damaged-${at}`;
    await rename(path, aside);
    moved.push(aside);
  }
  return moved;
}

async function headerId(path: string): Promise<number> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(ID_BYTES), 0, ID_BYTES, ID_OFFSET);
  return bytesRead === ID_BYTES ? buffer.readInt32BE() : 0;
}

/** The size of a file in bytes; 0 when there is no file. */
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
