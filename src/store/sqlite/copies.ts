import { closeSync, openSync } from 'node:fs';
import { readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Logger } from '../../log.ts';
import { printableTrouble } from '../database/problem-of.ts';
import { copySqlite } from './process.ts';

// Makes a copy of an SQLite database each day, and removes copies that are too old. Change here how many are kept.
// `recovery.ts` puts a copy in the place of a damaged database.

/** How many daily copies are kept. */
const KEPT = 3;
const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;
/** How long damaged files, and the copies that are made before an upgrade, are kept. */
const KEPT_ASIDE_MS = 30 * DAY_MS;
const OWNER_ONLY = 0o600;

/** A time (epoch milliseconds) as `2026-11-24T10-15-00Z`: every file system takes that in a file's name. */
export function timeInName(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+/, '').replaceAll(':', '-');
}

function timeOfName(name: string): number {
  return Date.parse(name.replace(/^.*\.copy-(.*T)(..)-(..)-(..Z)$/, '$1$2:$3:$4'));
}

/**
 * Makes the daily copies of an SQLite database and removes old ones. They lie beside the database, with names such as
 * `parrotfish.db.copy-2026-11-24T10-15-00Z`.
 */
export class SqliteCopies {
  readonly #path: string;
  readonly #log: Logger;
  readonly #now: () => number;

  constructor(path: string, log: Logger, now: () => number) {
    this.#path = path;
    this.#log = log;
    this.#now = now;
  }

  /**
   * The paths of the daily copies, the newest first. Those of the future come last: they were made while the clock was
   * wrong, and so nobody knows how old they are.
   */
  async list(): Promise<readonly string[]> {
    const now = this.#now();
    const isOfFuture = (name: string) => Number(timeOfName(name) > now);
    const names = await this.#namesWith('.copy-');
    const copies = names.filter(name => !Number.isNaN(timeOfName(name)));
    copies.sort((a, b) => isOfFuture(a) - isOfFuture(b) || timeOfName(b) - timeOfName(a));
    return copies.map(name => join(dirname(this.#path), name));
  }

  /**
   * Makes a copy if the newest one is a day old, or if one is of the future. Removes all but the three newest copies,
   * and other files that are too old. Never rejects: a failure is logged.
   */
  async makeDue(signal: AbortSignal): Promise<void> {
    try {
      const now = this.#now();
      await this.#removeOld(now);
      const before = await this.list();
      const isRecent = before.some(path => now - timeOfName(path) < DAY_MS);
      if (isRecent && !before.some(path => timeOfName(path) > now)) return;
      await this.make(`copy-${timeInName(now)}`, signal);
      const copies = await this.list();
      for (const path of copies.slice(KEPT)) await rm(path);
      await this.#setBack(copies.slice(0, KEPT), now);
    } catch (error) {
      if (!signal.aborted)
        this.#log.error(printableTrouble(error), 'today’s copy of the database could not be made');
    }
  }

  /**
   * Makes a copy beside the database, whose file name is that of the database with `.` and `name` behind it. Rejects
   * when no sound copy could be made; then there is none under that name.
   */
  async make(name: string, signal: AbortSignal): Promise<void> {
    await this.#clear();
    const unfinished = `${this.#path}.copying-${process.pid}`;
    try {
      closeSync(openSync(unfinished, 'wx', OWNER_ONLY));
      await copySqlite(this.#path, unfinished, signal);
      await rename(unfinished, `${this.#path}.${name}`);
    } finally {
      await this.#clear();
    }
  }

  /**
   * Renames the copies of the future, so that they count as older than all others also when the time in their names has
   * come. `copies` are the paths of all copies, the newest first.
   */
  async #setBack(copies: readonly string[], now: number): Promise<void> {
    let at = now;
    for (const path of copies) {
      if (timeOfName(path) <= now) {
        at = timeOfName(path);
      } else {
        at -= SECOND_MS; // names tell the time to the second
        await rename(path, `${this.#path}.copy-${timeInName(at)}`);
      }
    }
  }

  /**
   * Removes old damaged files and old copies from before an upgrade, which may have people in them who were deleted.
   */
  async #removeOld(now: number): Promise<void> {
    const names = [
      ...(await this.#namesWith('.before-')),
      ...(await this.#namesWith('.damaged-')),
      ...(await this.#namesWith('-wal.damaged-')),
    ];
    for (const name of names) {
      const path = join(dirname(this.#path), name);
      // `ctime` is when the file was made or renamed. `mtime` would be when its content was last written.
      const { ctimeMs } = await stat(path);
      if (now - ctimeMs > KEPT_ASIDE_MS) await rm(path);
      // It was made while the clock was wrong. This makes its `ctime` the present, from which its days are counted.
      else if (ctimeMs > now) await utimes(path, now / SECOND_MS, now / SECOND_MS);
    }
  }

  /** Removes the files of copies that were never finished. */
  async #clear(): Promise<void> {
    for (const left of await this.#namesWith('.copying-'))
      await rm(join(dirname(this.#path), left), { force: true });
  }

  async #namesWith(ending: string): Promise<string[]> {
    const names = await readdir(dirname(this.#path));
    return names.filter(name => name.startsWith(basename(this.#path) + ending));
  }
}
