import { execFile } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

// Has SQLite files checked and copied by a process of their own (`child.ts`). A large file takes long, and must not
// hold up the event loop; and if SQLite crashes on a damaged file, only that process ends.

const PROGRAM = fileURLToPath(new URL('./child.ts', import.meta.url));

/** The signals by which the child ends when a damaged file makes SQLite crash. */
const CRASHES: readonly unknown[] = ['SIGSEGV', 'SIGBUS', 'SIGABRT'];
const SQLITE_CORRUPT = 11;

const run = promisify(execFile);

/** The child's answer on its output: the file's `application_id` as `id`, or the codes of an error. */
export interface ChildAnswer {
  readonly id?: number;
  readonly code?: string | undefined;
  readonly errcode?: number | undefined;
  readonly errstr?: string | undefined;
  readonly syscall?: string | undefined;
}

/**
 * Checks the SQLite file at `path` together with its write-ahead log, and changes neither. Resolves with the file's
 * `application_id`. Rejects with an error that has SQLite's codes when the file is not sound.
 */
export async function checkSqlite(path: string, signal: AbortSignal): Promise<number> {
  return await askChild(['check', path], signal);
}

/**
 * Copies the database at `from` into the empty file `to`, gives the copy an `application_id` of its own, and checks it.
 * Resolves with that id. Rejects with an error that has SQLite's codes when there is no sound copy.
 */
export async function copySqlite(from: string, to: string, signal: AbortSignal): Promise<number> {
  return await askChild(['copy', from, to], signal);
}

async function askChild(args: readonly string[], signal: AbortSignal): Promise<number> {
  signal.throwIfAborted();
  const running = run(process.execPath, [PROGRAM, ...args], { env: childEnvironment() });
  const { child } = running;
  const kill = () => child.kill('SIGKILL');
  signal.addEventListener('abort', kill);
  try {
    const { stdout } = await running; // this settles only when the child has ended, and has closed the file
    return idIn(JSON.parse(stdout) as ChildAnswer);
  } catch (error) {
    if (!CRASHES.includes(child.signalCode)) throw error;
    return idIn({ errcode: SQLITE_CORRUPT, errstr: 'SQLite crashed on it' });
  } finally {
    signal.removeEventListener('abort', kill);
  }
}

/**
 * What the child gets of the environment, which holds secrets that it does not need: only where Node keeps what it has
 * compiled, if it does, since a child then starts in half the time.
 */
function childEnvironment(): Record<string, string> {
  const cache = getCompileCacheDir(); // below the directory that was given to Node, in one for its version
  return cache === undefined ? {} : { NODE_COMPILE_CACHE: dirname(cache) };
}

function idIn(answer: ChildAnswer): number {
  if (answer.id === undefined) throw Object.assign(new Error('the SQLite file cannot be used'), answer);
  return answer.id;
}
