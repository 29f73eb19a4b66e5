import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../log.ts';
import { walled } from '../../walls.ts';
import { printableTrouble } from '../database/problem-of.ts';
import { processLock } from './advisory-locks.ts';
import { PostgresConnection } from './connection.ts';
import { CHANNEL } from './notify.ts';

// Hears what the bot's processes that use one PostgreSQL database tell each other (NOTIFY), and passes each message to
// the part that waits for its topic, such as changed settings, money or slots (sessions at Fish Audio).

/**
 * After the connection was lost, it is made again after pauses that grow from the first to the longest. The longest is
 * well below the time after which the others take it that this process has ended (see `slots/slot-rows.ts`).
 */
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

/** Somebody who wants to hear what processes tell each other about one topic. */
export interface Hearer {
  readonly topic: string;
  /** Called with each message, without its topic; also with those of this very process. */
  readonly heard: (message: string) => void;
  /** Called whenever listening has begun. What was told before that, and after the connection was lost, was missed. */
  readonly listening: () => void;
  /** Called when the connection was lost, or could not be made again. */
  readonly lost?: () => void;
}

/** It has a connection of its own, and makes a new one when that is lost. */
export class PostgresListener implements AsyncDisposable {
  /** The name of this process among those that use the database; a new one each time. */
  readonly process = randomUUID();
  readonly #url: string;
  readonly #log: Logger;
  readonly #hearers = new Set<Hearer>();
  readonly #closing = new AbortController();
  #listens = false;
  #connections = 0;
  #running: Promise<void> | undefined;

  constructor(url: string, log: Logger) {
    this.#url = url;
    this.#log = log;
  }

  /**
   * The name of the connection, or of the last one if it was lost. Each has a name of its own, and holds the lock of
   * this name while it lasts (see `processLock`). The first has the name of the process, since that is the lock which
   * an older version looks for while this one takes its place.
   */
  get connection(): string {
    return this.#connections > 1 ? `${this.process} ${this.#connections}` : this.process;
  }

  /** Has somebody hear their topic from now on; the first one makes it connect. */
  add(hearer: Hearer): void {
    this.#hearers.add(hearer);
    if (this.#listens) hearer.listening();
    this.#running ??= this.#run();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    let pause = FIRST_PAUSE_MS;
    while (!signal.aborted) {
      await this.#listen(() => {
        pause = FIRST_PAUSE_MS;
      }).catch((error: unknown) => {
        if (!signal.aborted) this.#log.debug(printableTrouble(error), 'not hearing the other processes');
      });
      if (!signal.aborted)
        for (const { lost } of this.#hearers) if (lost) walled(this.#log, 'listener', lost);
      await sleep(pause, undefined, { signal }).catch(() => undefined);
      pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
    }
  }

  /** Listens until the connection is lost or this is closed. Rejects with the error of PostgreSQL or of the socket. */
  async #listen(onBegun: () => void): Promise<void> {
    const { signal } = this.#closing;
    const { promise: over, resolve: end } = Promise.withResolvers<void>();
    const closed = () => {
      end();
      connection.end(); // a query that has no answer yet is not waited for
    };
    signal.addEventListener('abort', closed, { once: true });
    this.#connections += 1;
    const connection = new PostgresConnection(this.#url, {
      onLost: end,
      watched: true,
      onNotify: (_channel, message) => this.#heard(message),
    });
    try {
      await connection.query(`listen ${CHANNEL}`, []);
      // By this lock the others see that this process lives, and has not lost the connection since it last told them.
      await connection.query(`select pg_advisory_lock(${processLock('$1::text')})`, [this.connection]);
      onBegun();
      this.#listens = true;
      for (const { listening } of this.#hearers) walled(this.#log, 'listener', listening);
      await over;
    } finally {
      this.#listens = false;
      signal.removeEventListener('abort', closed);
      connection.end();
    }
  }

  #heard(message: string): void {
    const end = message.indexOf(' ');
    for (const { topic, heard } of this.#hearers)
      if (topic === message.slice(0, end)) walled(this.#log, 'listener', () => heard(message.slice(end + 1)));
  }
}
