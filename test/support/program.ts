import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface ProgramOptions {
  /** The folder it runs in. */
  readonly cwd: string;
  /** All of its environment, but for PATH. */
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** What comes on its standard input; nothing if absent. */
  readonly input?: string;
  /** Modules that are loaded before it. */
  readonly preload?: readonly URL[];
  /** The user and group whose process it is; only root can choose. */
  readonly uid?: number;
}

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** Both streams. */
  readonly all: string;
}

/** Where a program of `src/` is, such as `setup`. */
export const programPath = (name: string) => fileURLToPath(new URL(`../../src/${name}.ts`, import.meta.url));

/** Runs a program of `src/` to its end, as a process of its own. */
export async function runProgram(name: string, options: ProgramOptions): Promise<Ran> {
  const { cwd, env = {}, args = [], input, preload = [], uid } = options;
  const child: ChildProcess = spawn(
    process.execPath,
    [...preload.flatMap(url => ['--import', url.href]), programPath(name), ...args],
    {
      cwd,
      ...(uid !== undefined && { uid, gid: uid }),
      env: { PATH: process.env['PATH'], ...env },
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    },
  );
  let out = '';
  let err = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text));
  child.stdin?.on('error', () => undefined).end(input); // a program that fails early does not read it
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err, all: out + err };
}
