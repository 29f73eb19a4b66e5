import type { Logger } from './log.ts';

// Ends the bot's process: when a signal asks for it, or after an error that nobody caught, and in time even if something
// hangs.

/** The exit code after an error that ends the process. */
export const EXIT_FATAL = 1;
/** After a signal, the process ends within this time, even if something hangs. */
export const UNWIND_MS = 9_500;
/** After a second signal, the process ends within this time. */
const HURRIED_UNWIND_MS = 2_000;
/**
 * With `npm start`, Ctrl-C arrives twice, from the terminal and from npm, so signals so close together count as one.
 */
const SAME_SIGNAL_MS = 500;
/** After an error that nobody caught, all guilds get so long to finish their sentence. */
const CRASH_UNWIND_MS = 5_000;

/**
 * Waits for the end of the process. `ended` resolves with the exit code when a signal asks for the end, after an error
 * that nobody caught, or when `end` is called. `hurried` aborts at a second signal: then the process must not wait for
 * the end of a sentence.
 */
export function untilAsked(log: Logger): {
  readonly ended: Promise<number>;
  readonly end: (code: number) => void;
  readonly hurried: AbortSignal;
} {
  const { promise, resolve } = Promise.withResolvers<number>();
  const hurry = new AbortController();
  let askedAt: number | undefined;
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.on(name, () => {
      const now = performance.now();
      if (askedAt === undefined) {
        askedAt = now;
        log.info({ signal: name }, 'stopping: finishing the sentence');
        resolve(0);
      } else if (now - askedAt > SAME_SIGNAL_MS && !hurry.signal.aborted) {
        log.info({ signal: name }, 'stopping at once: asked a second time');
        hurry.abort();
      }
    });
  }
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      log.fatal({ err: error }, 'a fault of this program, stopping');
      setTimeout(() => process.exit(EXIT_FATAL), CRASH_UNWIND_MS).unref();
      resolve(EXIT_FATAL);
    });
  }
  return { ended: promise, end: resolve, hurried: hurry.signal };
}

/** Ends the process with an exit code, soon if it does not end by itself, and sooner once `hurried` aborts. */
export function endInTime(code: number, hurried: AbortSignal): void {
  setTimeout(() => process.exit(code), UNWIND_MS).unref();
  hurried.addEventListener('abort', () => {
    setTimeout(() => process.exit(code), HURRIED_UNWIND_MS).unref();
  });
}
