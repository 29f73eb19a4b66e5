import { UserError } from '../errors.ts';

// The errors by which the store says that it cannot do something now, or that the operator has to do something first.
// `database/problem-of.ts` finds out which problem an error of the database stands for.

/**
 * What keeps the database from working:
 *
 * - `locked`: another program, such as a backup, has locked it
 * - `full`: the disk is full
 * - `read-only`: it can be read but not written
 * - `corrupt`: it is damaged
 * - `unreachable`: PostgreSQL does not answer, or refuses the log-in, such as for a parameter that it does not know
 * - `unknown`: anything else; the log has the code of the error
 */
export type StoreProblem = 'locked' | 'full' | 'read-only' | 'corrupt' | 'unreachable' | 'unknown';

/**
 * The store could not do what it was asked for, and nothing was saved. People are told what is wrong, and whether
 * something was to be saved or only looked up. The error holds neither a value nor a message of the database, since
 * these may be private.
 */
export class StoreError extends UserError {
  override readonly name = 'StoreError';
  readonly problem: StoreProblem;
  /** For the log of the operator: what the problem alone does not tell. Undefined when there is no more to tell. */
  readonly reason: string | undefined;

  constructor(problem: StoreProblem, reason?: string, wanted: 'save' | 'look up' = 'save') {
    if (wanted === 'save') super(`store.${problem}`);
    else super('database-away', { problem: [`database.${problem}`] });
    this.problem = problem;
    this.reason = reason;
  }
}

/**
 * Runs a look-up, or what has to be done before one, such as saving what waits to be saved. Where the store cannot do
 * it, the StoreError that it rejects with says that something could not be looked up.
 */
export async function lookUp<T>(task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    throw error instanceof StoreError ? new StoreError(error.problem, error.reason, 'look up') : error;
  }
}

const NEWER_REMEDY =
  'start that version, or restore a copy from before the upgrade (docs/operate/rollback.md)';

/** Another process already uses this database. `message` is one line that tells the operator what to do. */
export class StoreHeldError extends Error {
  override readonly name = 'StoreHeldError';
  /** EX_TEMPFAIL of sysexits.h. */
  readonly exitCode = 75;
}

/**
 * There can be no database at the path that the operator has set. `what` names the path and the cause, `remedy` tells
 * the operator what to do, and `message` is one line with both.
 */
export class StorePathError extends Error {
  override readonly name = 'StorePathError';
  /** EX_CONFIG of sysexits.h. */
  readonly exitCode = 78;
  readonly what: string;
  readonly remedy: string;

  constructor(what: string, remedy: string) {
    super(`${what}. To mend it, ${remedy}.`);
    this.what = what;
    this.remedy = remedy;
  }
}

/** A later version of Parrotfish has written the database. `message` is one line that tells the operator what to do. */
export class StoreNewerError extends Error {
  override readonly name = 'StoreNewerError';
  /** EX_CONFIG of sysexits.h. */
  readonly exitCode = 78;
  readonly remedy = NEWER_REMEDY;

  constructor() {
    super(`The database was written by a later version of Parrotfish: ${NEWER_REMEDY}.`);
  }
}
