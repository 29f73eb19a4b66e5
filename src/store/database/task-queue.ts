import { setImmediate as turnOfTheLoop } from 'node:timers/promises';

// Keeps the store's changes in order: each one begins when the one before has ended.

/** Runs tasks one after another, in the order in which they were added. */
export class TaskQueue {
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Runs `task` when all tasks before it have ended, also those that failed; resolves or rejects as `task` does. SQLite
   * works without ever giving the event loop a turn, so many tasks in a row would block it: each waits for one turn
   * first.
   */
  run<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(() => turnOfTheLoop()).then(task);
    this.#last = turn.catch(() => undefined); // whoever gave the task gets its error
    return turn;
  }
}
