import { EXIT_USAGE, UsageError, usageLine } from '../../src/terminal/command-line.ts';

/**
 * Reads the command line of a program for developers by `read`, which may throw UsageError. The process ends here with
 * 0 after --help, which prints `help`, and with 64 where the command line cannot be used, which a line on standard
 * error explains.
 */
export function readOrEnd<T extends { readonly values: { readonly help: boolean } }>(
  help: string,
  read: () => T,
): T {
  try {
    const line = read();
    if (!line.values.help) return line;
    process.stdout.write(help);
    process.exit(0);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(usageLine(error));
    process.exit(EXIT_USAGE);
  }
}

/** The number that an option gives in digits, `least` or more. Throws UsageError. */
export function wholeNumber(option: string, value: string, least = 0): number {
  const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= least) return number;
  throw new UsageError(`--${option} must be a whole number, ${least} or more`);
}
