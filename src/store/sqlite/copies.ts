import { closeSync, openSync } from 'node:fs';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Logger } from '../../log.ts';
import { printableTrouble } from '../problem-of.ts';
import { copySqlite } from './process.ts';

const KEPT = 3;
const DAY_MS = 86_400_000;
/** What was damaged, or is of before an upgrade, is kept for so long. */
const KEPT_ASIDE_MS = 30 * DAY_MS;
const OWNER_ONLY = 0o600;

/** `…T10:15:00.000Z` → `…T10-15-00Z`: a time that every file system takes in a name. */
export function timeInName(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+/, '').replaceAll(':', '-');
}

function timeOfName(name: string): number {
  return Date.parse(name.replace(/^.*\.copy-(.*T)(..)-(..)-(..Z)$/, '$1$2:$3:$4'));
}

/** The rotated copies that stand beside an SQLite database: `parrotfish.db.copy-2026-11-24T10-15-00Z`. */
export class SqliteCopies {
  readonly #path: string;
  readonly #log: Logger;
  readonly #now: () => number;

  constructor(path: string, log: Logger, now: () => number) {
    this.#path = path;
    this.#log = log;
    this.#now = now;
  }

  /** Paths, the newest first. */
  async list(): Promise<readonly string[]> {
    const names = await this.#namesWith('.copy-');
    const copies = names.filter(name => !Number.isNaN(timeOfName(name)));
    return copies.sort((a, b) => timeOfName(b) - timeOfName(a)).map(name => join(dirname(this.#path), name));
  }

  /** Makes today's copy if it is due, and removes the oldest beyond three, and what is too old. Never rejects. */
  async makeDue(signal: AbortSignal): Promise<void> {
    try {
      const now = this.#now();
      await this.#removeOld(now);
      const [newest] = await this.list();
      // One of the future comes from a clock that was wrong.
      if (newest !== undefined && Math.abs(now - timeOfName(newest)) < DAY_MS) return;
      await this.make(`copy-${timeInName(now)}`, signal);
      for (const path of (await this.list()).slice(KEPT)) await rm(path);
    } catch (error) {
      if (!signal.aborted)
        this.#log.error(printableTrouble(error), 'today’s copy of the database could not be made');
    }
  }

  /** Makes a copy that is sound, beside the database under its name with `.name` behind it, or none. */
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

  /** Removes damaged files, and copies from before an upgrade: they have people in them who were deleted since. */
  async #removeOld(now: number): Promise<void> {
    const names = [
      ...(await this.#namesWith('.before-')),
      ...(await this.#namesWith('.damaged-')),
      ...(await this.#namesWith('-wal.damaged-')),
    ];
    for (const name of names) {
      const path = join(dirname(this.#path), name);
      // When it was made, or moved: that changes the time of the file's entry, and not of what is in it.
      const { ctimeMs } = await stat(path);
      if (now - ctimeMs > KEPT_ASIDE_MS) await rm(path);
    }
  }

  /** Removes what is left of copies that were not finished. */
  async #clear(): Promise<void> {
    for (const left of await this.#namesWith('.copying-'))
      await rm(join(dirname(this.#path), left), { force: true });
  }

  async #namesWith(ending: string): Promise<string[]> {
    const names = await readdir(dirname(this.#path));
    return names.filter(name => name.startsWith(basename(this.#path) + ending));
  }
}
