/**
 * An error whose text may be shown to a user: friendly, short, no internals, and it says what to do.
 * Every other error is answered with one general sentence (see `discord/dispatch.ts`).
 */
export class UserError extends Error {
  override readonly name: string = 'UserError';
}
