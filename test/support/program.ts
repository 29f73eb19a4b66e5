import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { NODE_COMPILE_CACHE } from '../sandbox/bot.ts';
import { packed } from '../sandbox/packed.ts';

/** As the input of a program: the test writes to it while the program runs. */
export const OPEN = Symbol('open');

export interface ProgramOptions {
  /** The folder it runs in. */
  readonly cwd: string;
  /** All of its environment, but for PATH and where Node keeps what it compiled. */
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** What comes on its standard input; `OPEN`: the test writes to it while the program runs. Nothing if absent. */
  readonly input?: string | typeof OPEN;
  /** Modules that are loaded before it. */
  readonly preload?: readonly URL[];
  /** The user and group whose process it is; only root can choose. */
  readonly uid?: number;
}

/** A program that runs. */
export interface Program {
  readonly child: ChildProcess;
  /** What it has printed so far, by stream. */
  readonly printed: { out: string; err: string };
  /** Resolves with its exit code; null if a signal has ended it. */
  readonly code: Promise<number | null>;
}

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** Both streams. */
  readonly all: string;
}

/** Where a program of `src/` is, such as `setup`. */
export const programPath = (name: string) => packed(new URL(`../../src/${name}.ts`, import.meta.url));

/** Starts a program of `src/`, as a process of its own. */
export function startProgram(name: string, options: ProgramOptions): Program {
  const { cwd, env = {}, args = [], input, preload = [], uid } = options;
  const child: ChildProcess = spawn(
    process.execPath,
    [...preload.flatMap(url => ['--import', packed(url)]), programPath(name), ...args],
    {
      cwd,
      ...(uid !== undefined && { uid, gid: uid }),
      env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE, ...env },
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    },
  );
  const printed = { out: '', err: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (printed.out += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (printed.err += text));
  child.stdin?.on('error', () => undefined); // a program that fails early does not read it
  if (input !== OPEN) child.stdin?.end(input);
  return { child, printed, code: once(child, 'close').then(([code]) => code as number | null) };
}

/** Runs a program of `src/` to its end, as a process of its own. */
export async function runProgram(name: string, options: ProgramOptions): Promise<Ran> {
  const { printed, code } = startProgram(name, options);
  return { code: await code, ...printed, all: printed.out + printed.err };
}
