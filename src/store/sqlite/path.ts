import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { StorePathError } from '../errors.ts';
import { makeDirectory, sqlitePath } from './sqlite.ts';

/** How every SQLite file begins (sqlite.org/fileformat.html, "The Database Header"). */
const MAGIC = Buffer.from('SQLite format 3\0', 'latin1');

const NO_PERMISSION = 'this user may not write there';
const THROUGH_FILE = 'something in the path is a file, not a directory';
/** Codes of the file system by which there can be no file at a path until somebody mends that. */
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
 * At the start of the process, before the store is opened: throws StorePathError where there can be no database at the
 * path of `url` (`file:…`), which nobody but the operator mends. What a running store meets it looks after itself.
 */
export function checkDatabasePath(url: string): void {
  if (!url.startsWith('file:')) return;
  const path = sqlitePath(url);
  const folder = dirname(path);
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory())
      throw unusable(path, 'it is a directory', 'name a file in it, such as parrotfish.db');
    if (found) {
      accessSync(path, constants.R_OK); // one that can only be read serves that far
      if (found.size > 0 && !isDatabase(path) && !wasOurs(path))
        throw unusable(path, 'it is no SQLite database', 'name another file');
      return;
    }
    makeDirectory(folder);
    if (!statSync(folder).isDirectory()) throw unusable(path, THROUGH_FILE, 'name another path');
    accessSync(folder, constants.W_OK);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const cause = typeof code === 'string' ? CAUSES[code] : undefined;
    if (cause === undefined) throw error;
    throw unusable(
      path,
      cause,
      `see to it that ${folder} is there and writable for this user, or name another path`,
    );
  }
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

/** This program has kept a database there before: what stands there now is that one, damaged, and can be restored. */
function wasOurs(path: string): boolean {
  const copy = `${basename(path)}.copy-`;
  return existsSync(`${path}.lock`) || readdirSync(dirname(path)).some(name => name.startsWith(copy));
}

function unusable(path: string, cause: string, remedy: string): StorePathError {
  return new StorePathError(
    `DATABASE_URL names ${path}, where there can be no database: ${cause}. To mend it, ${remedy}.`,
  );
}
