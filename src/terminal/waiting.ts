// Tells somebody at a terminal what is waited for, when that takes longer than a second.

const FIRST_AFTER_MS = 1_000;
const AGAIN_AFTER_MS = 3_000;

/** Tells somebody at a terminal; programs that read what is told would take it for a result. */
const tellAtTerminal = (line: string) => {
  if (process.stderr.isTTY) console.error(line);
};

/**
 * Waits for a promise, and returns or rejects as it does. While that takes longer than a second, `tell` is given a line
 * about what is waited for, now and again.
 */
export async function waiting<T>(
  what: string,
  promise: Promise<T>,
  tell: (line: string) => void = tellAtTerminal,
): Promise<T> {
  const from = performance.now();
  const tellTime = () => tell(`  … ${what} (${Math.round((performance.now() - from) / 1_000)} s)`);
  let again: NodeJS.Timeout | undefined;
  const first = setTimeout(() => {
    tellTime();
    again = setInterval(tellTime, AGAIN_AFTER_MS);
  }, FIRST_AFTER_MS);
  try {
    return await promise;
  } finally {
    clearTimeout(first);
    clearInterval(again);
  }
}
