import type { MessageKey, MessageParams } from './locale/catalogue.ts';

/**
 * An error whose text may be shown to a user: friendly, short, no internals, and it says what to do. It carries the
 * key of that text, and is put into the user's language where it is shown; `message` is for logs.
 * Every other error is answered with one general sentence (see `discord/dispatch.ts`).
 */
export class UserError extends Error {
  override readonly name: string = 'UserError';
  readonly key: MessageKey;
  readonly params: MessageParams;

  constructor(key: MessageKey, params: MessageParams = {}) {
    super(key);
    this.key = key;
    this.params = params;
  }
}
