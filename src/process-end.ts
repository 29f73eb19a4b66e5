import type { Logger } from './log.ts';

// Ends the bot's process: when a signal asks for it, or after an error that nobody caught, and in time even if
// something hangs, also while the bot starts.

/** The exit code after an error that ends the process. */
export const EXIT_FATAL = 1;
/** The exit code when the configuration is wrong, or Discord refuses it: EX_CONFIG of sysexits.h. */
export const EXIT_CONFIG = 78;
/** After the first signal, the process ends within this time, even if something hangs. */
export const UNWIND_MS = 9_500;
/** After a second signal, the process ends within this time. */
const HURRIED_UNWIND_MS = 2_000;
/**
 * With `npm start`, Ctrl-C arrives twice, from the terminal and from npm, so signals so close together count as one.
 */
const SAME_SIGNAL_MS = 500;
/** How long all guilds get to finish their sentence after an error that nobody caught. */
const CRASH_UNWIND_MS = 5_000;

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Ends the process at once, with exit code 0, when a signal asks for the end while nothing has begun. Call this
 * first of all. Without it a signal would end the process with another code; and to the first process of a container,
 * to which no signal comes that it does not listen to, it would be lost. The returned function ends this, and is to be
 * called when something else listens.
 */
export function endAtOnceIfAsked(): () => void {
  const end = () => process.exit(0);
  for (const name of SIGNALS) process.on(name, end);
  return () => {
    for (const name of SIGNALS) process.off(name, end);
  };
}

/**
 * Waits for the end of the process. `ended` resolves with the exit code when a signal asks for the end, after an error
 * that nobody caught, or when `end` is called. From then on the process ends in time with this exit code, whatever it
 * is doing, even if it is still starting. `hurried` aborts at a second signal: then the process must not wait for the
 * end of a sentence, and ends sooner.
 */
export function untilAsked(log: Logger): {
  readonly ended: Promise<number>;
  readonly end: (code: number) => void;
  readonly hurried: AbortSignal;
} {
  const { promise, resolve } = Promise.withResolvers<number>();
  const hurry = new AbortController();
  let askedAt: number | undefined;
  let exitCode: number | undefined;
  const end = (code: number) => {
    if (exitCode !== undefined) return;
    exitCode = code;
    exitWithin(UNWIND_MS, code);
    hurry.signal.addEventListener('abort', () => exitWithin(HURRIED_UNWIND_MS, code));
    resolve(code);
  };
  for (const name of SIGNALS) {
    process.on(name, () => {
      const now = performance.now();
      if (askedAt === undefined) {
        askedAt = now;
        log.info({ signal: name }, 'stopping: finishing the sentence');
        end(0);
      } else if (now - askedAt > SAME_SIGNAL_MS && !hurry.signal.aborted) {
        log.info({ signal: name }, 'stopping at once: asked a second time');
        hurry.abort();
      }
    });
  }
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      log.fatal({ err: error }, 'a fault of this program, stopping');
      exitWithin(CRASH_UNWIND_MS, EXIT_FATAL);
      end(EXIT_FATAL);
    });
  }
  return { ended: promise, end, hurried: hurry.signal };
}

/** The timer keeps the process alive: if nothing else did, Node would end it with an exit code of its own. */
function exitWithin(ms: number, code: number): void {
  setTimeout(() => process.exit(code), ms);
}
