import { type ChildProcess, fork } from 'node:child_process';

// Parts of the bench that run in processes of their own, so that what they do is not measured with the rest. They are
// told what to do by a message, and answer by one.

/** Starts the program at that path, with these options of Node. What it prints is printed here. */
export function startChild(path: string, execArgv: readonly string[] = []): ChildProcess {
  return fork(path, { execArgv: [...execArgv], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

/** The next message of the process. Rejects if it ends without one. */
export function answerOf<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null, signal: string | null) =>
      reject(new Error(`a process of the bench ended without an answer (${signal ?? `exit code ${code}`})`));
    child.once('exit', onExit);
    child.once('message', message => {
      child.off('exit', onExit);
      resolve(message as T);
    });
  });
}
