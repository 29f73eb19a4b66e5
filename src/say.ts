import { type Config, ConfigError, loadFishConfig, retirementOf } from './config.ts';
import { FishError } from './fish/errors.ts';
import { createLog } from './log.ts';
import { envFileProblem } from './operator/env-file.ts';
import { EXIT_CONFIG } from './process-end.ts';
import { HELP, readArguments, type SayArguments } from './terminal/arguments.ts';
import { EXIT_INTERRUPTED, EXIT_USAGE, UsageError, usageLine } from './terminal/command-line.ts';
import { sentencePieces } from './terminal/sentence-pieces.ts';
import { sayAtTerminal } from './terminal/speaking.ts';
import { languageOf } from './text/language.ts';

// The program `npm run say`: it speaks from a terminal, without Discord. What it has to tell goes to standard error.

const EXIT_FAILED = 1;

/** The file that is written if there is no player. */
const FILE = 'say.ogg';

const tell = (line: string) => console.error(line);

/** The operator's Fish Audio; if none is set, that of the sandbox, which is started here and ends with `stack`. */
async function fishConfig(stack: AsyncDisposableStack): Promise<Config['fish']> {
  const unreadable = envFileProblem(process.env);
  if (unreadable !== null) throw new ConfigError([unreadable]);
  const config = loadFishConfig(process.env);
  if (config) return config;
  const sandbox = await import('../test/sandbox/fish/fish.ts').catch(() => null); // the container has no sandbox
  if (!sandbox)
    throw new ConfigError(['FISH_API_KEY is missing: set it to an API key from https://fish.audio']);
  tell(
    'FISH_API_KEY is not set, so this is the sandbox: a Fish Audio on this machine, with the voice of a robot.',
  );
  const { url, apiKey } = stack.use(await sandbox.startFish(sandbox.realisticBehaviour));
  return { url, apiKey, model: 's2.1-pro', voice: undefined, latency: 'balanced', concurrency: 1 };
}

/** Speaks, and resolves when all is played or written. */
async function say(given: SayArguments, signal: AbortSignal): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const config = await fishConfig(stack);
  const retirement = retirementOf(given.model ?? config.model, new Date());
  if (retirement?.over) throw new UsageError(`The model ${retirement.words}`);
  if (retirement) tell(`The model ${retirement.words}.`);
  await sayAtTerminal(given, {
    config,
    text: given.text ?? sentencePieces(standardInput(), languageOf(process.env['LANG'])),
    path: process.env['PATH'] ?? '',
    file: FILE,
    tell,
    log: createLog('silent', []),
    signal,
  });
}

function standardInput(): AsyncIterable<string> {
  return process.stdin.setEncoding('utf8');
}

/** Prints what went wrong, and returns the exit code. */
function explain(error: unknown): number {
  if (error instanceof UsageError) {
    tell(usageLine(error));
    return EXIT_USAGE;
  }
  if (error instanceof ConfigError) {
    for (const problem of error.problems) tell(problem);
    return error.exitCode;
  }
  if (error instanceof FishError) {
    const { kind, message, body = '' } = error;
    const told = body === '' || kind === 'unauthorized' ? message : `${message}: ${body}`;
    tell(kind === 'unauthorized' ? `${told}. Check FISH_API_KEY.` : told);
    return kind === 'unauthorized' ? EXIT_CONFIG : EXIT_FAILED;
  }
  tell(error instanceof Error ? error.message : 'something went wrong');
  return EXIT_FAILED;
}

async function main(): Promise<number> {
  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort());
  try {
    const given = readArguments(process.argv.slice(2));
    if (given.help) {
      process.stdout.write(HELP);
      return 0;
    }
    if (given.text === undefined && process.stdin.isTTY) throw new UsageError('There is no text to say');
    await say(given, stopping.signal);
    return 0;
  } catch (error) {
    return stopping.signal.aborted ? EXIT_INTERRUPTED : explain(error);
  }
}

process.exit(await main());
