import type { MessageKey, MessageParams } from './locale/catalogue.ts';

// Errors as the whole bot uses them: the one kind whose text people may see, and how the code of any other is read.

/**
 * Its text is short and friendly, says what to do, and has no internals. The error holds the key of the text, which is
 * translated where it is shown; `message` is for logs. For any other error people see one general sentence (see
 * `discord/gateway/dispatch.ts`).
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

/** The code of an error, such as `ENOENT` of Node or a number of Discord's; undefined where it has none. */
export function errorCode(error: unknown): string | number | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' || typeof code === 'number' ? code : undefined;
}
