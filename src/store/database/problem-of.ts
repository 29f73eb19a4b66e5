import { StoreError, StoreHeldError, StoreNewerError, type StoreProblem } from '../errors.ts';

// Finds out what an error of SQLite, PostgreSQL or the file system means for the bot, such as a full disk, and which of
// its fields may be logged. Come here when an error counts as `unknown` and should not.

/** The problem that each primary result code of SQLite stands for (sqlite.org/rescode.html). */
const SQLITE_PROBLEMS: Readonly<Record<number, StoreProblem>> = {
  3: 'read-only', // PERM
  5: 'locked', // BUSY
  6: 'locked', // LOCKED
  8: 'read-only', // READONLY
  11: 'corrupt', // CORRUPT
  13: 'full', // FULL
  14: 'read-only', // CANTOPEN: the directory cannot be written, or is none
  26: 'corrupt', // NOTADB
};
/** These bits of an extended result code are the primary code; the others hold details. */
const PRIMARY_CODE = 0xff;

/**
 * The problem that a textual code stands for: SQLSTATE codes, by how they begin (PostgreSQL's manual, appendix A), and
 * the codes of Node's sockets and of postgres.js.
 */
const PROBLEMS_BY_CODE: readonly (readonly [RegExp, StoreProblem])[] = [
  // lock or statement time-out, serialisation, deadlock; a number that another process took for its row a moment before
  [/^(55P03|57014|40001|40P01|23505)$/, 'locked'],
  [/^(53100|ENOSPC|EDQUOT)$/, 'full'],
  [/^(25006|42501|EACCES|EPERM|EROFS|ENOTDIR|EEXIST|EISDIR)$/, 'read-only'],
  [/^XX00[12]$/, 'corrupt'],
  [/^(08|25P03|28|53|57P|3D000|3F000)/, 'unreachable'],
  [
    /^(CONNECT|ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|ENOTFOUND|EAI_|ENOENT|ERR_SSL|ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/,
    'unreachable',
  ],
];

/** What is wrong with the database, judged by an error of SQLite, PostgreSQL, a socket or the file system. */
export function problemOf(error: unknown): StoreProblem {
  if (error instanceof StoreError) return error.problem;
  if (error instanceof StoreHeldError) return 'locked';
  const code = field(error, 'errcode');
  if (typeof code === 'number') return SQLITE_PROBLEMS[code & PRIMARY_CODE] ?? 'unknown';
  const name = field(error, 'code');
  if (typeof name !== 'string') return 'unknown';
  // With these PostgreSQL refuses a log-in: a parameter or value that it does not know, no right to use the database.
  if (field(error, 'severity') === 'FATAL' && /^(22|42)/.test(name)) return 'unreachable';
  // From `mkdir` ENOENT says that no directory can be made there; from a socket it says that nobody listens.
  if (name === 'ENOENT' && field(error, 'syscall') === 'mkdir') return 'read-only';
  return PROBLEMS_BY_CODE.find(([pattern]) => pattern.test(name))?.[1] ?? 'unknown';
}

/** The fields of a database error that may be logged. Its message may hold private values; its codes cannot. */
export function printableTrouble(error: unknown): Record<string, unknown> {
  if (error instanceof StoreError) return error.reason === undefined ? {} : { reason: error.reason };
  if (error instanceof StoreHeldError || error instanceof StoreNewerError) return { reason: error.message };
  const trouble: Record<string, unknown> = {};
  for (const key of ['code', 'errcode', 'errstr', 'syscall']) {
    const value = field(error, key);
    if (typeof value === 'string' || typeof value === 'number') trouble[key] = value;
  }
  // An error without any code is a fault of this program, and is logged whole so that it can be found.
  return Object.keys(trouble).length > 0 ? trouble : { err: error };
}

function field(error: unknown, key: string): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, key) : undefined;
}
