import { setImmediate as turnOfTheLoop } from 'node:timers/promises';

/** Does one thing after another, in the order they were asked for. */
export class TaskQueue {
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Does `task` when all before it are done, however they ended; settles as it does. SQLite never waits, so many in
   * a row would hold up the event loop as one: each begins with a turn of the loop.
   */
  run<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(() => turnOfTheLoop()).then(task);
    this.#last = turn.catch(() => undefined); // its caller has the error
    return turn;
  }
}
