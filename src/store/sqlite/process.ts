import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const PROGRAM = fileURLToPath(new URL('./child.ts', import.meta.url));
/** How a process ends when a damaged file has led SQLite astray. */
const CRASHES: readonly unknown[] = ['SIGSEGV', 'SIGBUS', 'SIGABRT'];
const SQLITE_CORRUPT = 11;

const run = promisify(execFile);

/** What the child writes: the file's `application_id`, or the codes of an error. */
export interface ChildAnswer {
  readonly id?: number;
  readonly code?: string | undefined;
  readonly errcode?: number | undefined;
  readonly errstr?: string | undefined;
  readonly syscall?: string | undefined;
}

/**
 * Checks the SQLite file at `path` together with its write-ahead log; changes neither. Returns its `application_id`.
 * Rejects with the codes of SQLite's error. In a process of its own, as it takes as long as the file is big, and as
 * that process alone ends if SQLite crashes on it.
 */
export async function checkSqlite(path: string, signal: AbortSignal): Promise<number> {
  return await askChild(['check', path], signal);
}

/** Copies the database at `from` to the empty file `to`, gives it an id of its own, and checks it, as above. */
export async function copySqlite(from: string, to: string, signal: AbortSignal): Promise<number> {
  return await askChild(['copy', from, to], signal);
}

async function askChild(args: readonly string[], signal: AbortSignal): Promise<number> {
  signal.throwIfAborted();
  // Without the environment: it holds secrets, and the child needs none.
  const running = run(process.execPath, [PROGRAM, ...args], { env: {} });
  const { child } = running;
  const kill = () => child.kill('SIGKILL');
  signal.addEventListener('abort', kill);
  try {
    const { stdout } = await running; // settles when the child is gone, and holds the file no longer
    return idIn(JSON.parse(stdout) as ChildAnswer);
  } catch (error) {
    if (!CRASHES.includes(child.signalCode)) throw error;
    return idIn({ errcode: SQLITE_CORRUPT, errstr: 'SQLite crashed on it' });
  } finally {
    signal.removeEventListener('abort', kill);
  }
}

function idIn(answer: ChildAnswer): number {
  if (answer.id === undefined) throw Object.assign(new Error('the SQLite file cannot be used'), answer);
  return answer.id;
}
