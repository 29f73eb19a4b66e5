import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  rmdirSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { sqlitePath } from '../../database-url.ts';
import { errorCode } from '../../errors.ts';
import { StorePathError } from '../errors.ts';
import { makeDirectory } from './sqlite.ts';

// Checks before the start that there can be an SQLite database at the path in DATABASE_URL, and says what to do if not.

/** How every SQLite file begins (sqlite.org/fileformat.html, "The Database Header"). */
const MAGIC = Buffer.from('SQLite format 3\0', 'latin1');

const NO_PERMISSION = 'this user may not write there';
const THROUGH_FILE = 'something in the path is a file, not a directory';
/** Codes of the file system that only the operator can mend, each with its cause in words for the operator. */
const CAUSES: Readonly<Record<string, string>> = {
  EACCES: NO_PERMISSION,
  EPERM: NO_PERMISSION,
  EROFS: 'the file system is read-only',
  ENOTDIR: THROUGH_FILE,
  EEXIST: THROUGH_FILE,
  ENOENT: 'its directory cannot be made',
  ELOOP: 'the path leads in a circle of links',
  ENAMETOOLONG: 'the path is too long',
};

/**
 * Throws StorePathError if there can be no database at the path of `url` (`file:…`) and only the operator can help.
 * Call it before the store is opened, since a store tries again and again instead of failing. It does nothing for other
 * URLs. Unless `make` is false, it makes the directory of a database that is not there yet.
 */
export function checkDatabasePath(url: string, { make = true } = {}): void {
  const path = sqlitePath(url);
  if (path === null) return;
  const folder = dirname(path);
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory())
      throw unusable(path, 'it is a directory', 'name a file in it, such as parrotfish.db');
    if (found) {
      accessSync(path, constants.R_OK); // a database that can be read but not written is of use too
      if (found.size > 0 && !isDatabase(path) && !wasOurs(path))
        throw unusable(path, 'it is no SQLite database', 'name another file');
      return;
    }
    if (make) makeDirectory(folder);
    else return tryToWrite(path, nearestThatExists(folder));
    if (!statSync(folder).isDirectory()) throw unusable(path, THROUGH_FILE, 'name another path');
    accessSync(folder, constants.W_OK);
  } catch (error) {
    const code = errorCode(error);
    const cause = typeof code === 'string' ? CAUSES[code] : undefined;
    if (cause === undefined) throw error;
    throw unusable(
      path,
      cause,
      `see to it that ${folder} is there and writable for this user, or name another path`,
    );
  }
}

/** Makes a directory in `folder` and removes it again: permissions alone do not tell whether one can be made. */
function tryToWrite(path: string, folder: string): void {
  if (!statSync(folder).isDirectory()) throw unusable(path, THROUGH_FILE, 'name another path');
  rmdirSync(mkdtempSync(join(folder, '.parrotfish-')));
}

/** The folder, or the nearest one above it that is there. */
export function nearestThatExists(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearestThatExists(dirname(folder));
}

function isDatabase(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(MAGIC.length);
    readSync(file, head, 0, head.length, 0);
    return head.equals(MAGIC);
  } finally {
    closeSync(file);
  }
}

/**
 * Whether this program has kept a database at the path before, as its lock or a copy shows. Then the file that is there
 * now is that database, damaged, and can be restored.
 */
function wasOurs(path: string): boolean {
  const copy = `${basename(path)}.copy-`;
  return existsSync(`${path}.lock`) || readdirSync(dirname(path)).some(name => name.startsWith(copy));
}

function unusable(path: string, cause: string, remedy: string): StorePathError {
  return new StorePathError(`DATABASE_URL names ${path}, where there can be no database: ${cause}`, remedy);
}
