import { UserError } from '../errors.ts';

/**
 * What keeps the database from working:
 *
 * - `locked`: somebody else holds it (a backup, another program); `full`: the disk; `read-only`: it can only be read
 * - `corrupt`: it is damaged; `unreachable`: PostgreSQL does not answer, or refuses the log-in
 * - `unknown`: anything else; the log has the code
 */
export type StoreProblem = 'locked' | 'full' | 'read-only' | 'corrupt' | 'unreachable' | 'unknown';

/**
 * What was asked for did not happen: nothing was saved. People are told what is wrong; it carries no value, and no
 * message of the database.
 */
export class StoreError extends UserError {
  override readonly name = 'StoreError';
  readonly problem: StoreProblem;

  constructor(problem: StoreProblem) {
    super(`store.${problem}`);
    this.problem = problem;
  }
}

/** Another process works with these data. `message` is one line that says what to do. */
export class StoreHeldError extends Error {
  override readonly name = 'StoreHeldError';
  /** EX_TEMPFAIL of sysexits.h. */
  readonly exitCode = 75;
}

/** There can be no database where the operator wants it. `message` is one line: the path, the cause, and what to do. */
export class StorePathError extends Error {
  override readonly name = 'StorePathError';
  /** EX_CONFIG of sysexits.h. */
  readonly exitCode = 78;
}

/** A later version has written the database. `message` is one line that says what to do. */
export class StoreNewerError extends Error {
  override readonly name = 'StoreNewerError';
  /** EX_CONFIG of sysexits.h. */
  readonly exitCode = 78;
}
