import { UserError } from '../errors.ts';

/**
 * What keeps the database from working:
 *
 * - `locked`: another program, such as a backup, has locked it
 * - `full`: the disk is full
 * - `read-only`: it can be read but not written
 * - `corrupt`: it is damaged
 * - `unreachable`: PostgreSQL does not answer, or refuses the log-in
 * - `unknown`: anything else; the log has the code of the error
 */
export type StoreProblem = 'locked' | 'full' | 'read-only' | 'corrupt' | 'unreachable' | 'unknown';

/**
 * The store could not do what it was asked for, and nothing was saved. People are told what is wrong. The error holds
 * neither a value nor a message of the database, since these may be private.
 */
export class StoreError extends UserError {
  override readonly name = 'StoreError';
  readonly problem: StoreProblem;

  constructor(problem: StoreProblem) {
    super(`store.${problem}`);
    this.problem = problem;
  }
}

/** Another process already uses this database. `message` is one line that tells the operator what to do. */
export class StoreHeldError extends Error {
  override readonly name = 'StoreHeldError';
  /** EX_TEMPFAIL of sysexits.h. */
  readonly exitCode = 75;
}

/**
 * There can be no database at the path that the operator has set. `message` is one line that names the path and the
 * cause, and tells the operator what to do.
 */
export class StorePathError extends Error {
  override readonly name = 'StorePathError';
  /** EX_CONFIG of sysexits.h. */
  readonly exitCode = 78;
}

/** A later version of Parrotfish has written the database. `message` is one line that tells the operator what to do. */
export class StoreNewerError extends Error {
  override readonly name = 'StoreNewerError';
  /** EX_CONFIG of sysexits.h. */
  readonly exitCode = 78;
}
