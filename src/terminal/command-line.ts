import { type ParseArgsConfig, parseArgs } from 'node:util';

/** The command line cannot be used. `message` says what to write instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** EX_USAGE of sysexits.h. */
export const EXIT_USAGE = 64;
/** 128 + SIGINT: Ctrl-C. */
export const EXIT_INTERRUPTED = 130;

/** Every command has it. */
export const HELP_OPTION = { help: { type: 'boolean', default: false, short: 'h' } } as const;

/** Reads a command line as Node's `parseArgs` does, with the errors as UsageErrors in one short sentence. */
export function parsed<const T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError(error.message.split(/\.\s|\n/)[0]);
  }
}

/** The line for standard error about a command line that cannot be used. */
export function usageLine({ message }: UsageError): string {
  return `${message}. --help shows how it is used.`;
}
