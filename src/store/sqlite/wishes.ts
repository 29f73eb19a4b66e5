import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Logger } from '../../log.ts';
import { printableTrouble } from '../database/problem-of.ts';
import type { Tables } from '../database/tables.ts';
import { fulfil } from '../people/deletions.ts';
import { lastNumber, type NotedWish, noteWish, WISHES_KEPT_MS, wishesAfter } from '../people/wishes.ts';

// Sees to it that opt-outs and deletions (wishes) outlive the restoring of an older SQLite file: they are noted in a
// second file as well. `postgres/wishes.ts` is the same for PostgreSQL; `people/wishes.ts` notes wishes in the first
// place.

const OWNER_ONLY = 0o600;

const line = z.object({
  number: z.number(),
  at: z.number(),
  kind: z.enum(['out', 'in', 'person', 'voice', 'guild']),
  guildId: z.string(),
  subject: z.string(),
});

interface WishFileOptions {
  readonly path: string;
  readonly db: Kysely<Tables>;
  readonly log: Logger;
  /** The present time, in epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Keeps the wishes (opt-outs and deletions) a second time, in a small file beside an SQLite database,
 * `parrotfish.db.wishes`. Each line is one wish as JSON, with ids only. When an older copy of the database is restored,
 * the numbers of the wishes show which of them the copy does not have, and these are done again. A wish is written to
 * the database first, and is added to the file after that.
 */
export class WishFile {
  readonly #path: string;
  readonly #db: Kysely<Tables>;
  readonly #log: Logger;
  readonly #now: () => number;
  #appending: Promise<void> = Promise.resolve();
  /** The number of the last wish in the file. */
  #last = 0;

  private constructor({ path, db, log, now }: WishFileOptions) {
    this.#path = fileBeside(path);
    this.#db = db;
    this.#log = log;
    this.#now = now;
  }

  /**
   * Opens the file. The wishes that are only in the file are done again in the database, and those that are only in the
   * database are added to the file. Nobody else may use the database meanwhile.
   */
  static async open(options: WishFileOptions): Promise<WishFile> {
    const { db, log } = options;
    const file = new WishFile(options);
    if (!existsSync(file.#path)) await db.transaction().execute(noteAllOptOuts);
    const known = await lastNumber(db);
    const unknown = wishesIn(file.#path).filter(({ number }) => number > known);
    if (unknown.length > 0) {
      await db.transaction().execute(async transaction => {
        for (const wish of unknown) await fulfil(transaction, wish, log);
      });
      log.warn(
        { wishes: unknown.length },
        'the database is an older copy: opt-outs and deletions of after it were done again',
      );
    }
    file.compact();
    await file.append();
    return file;
  }

  /**
   * Adds the wishes to the file that only the database has. Never rejects: a wish that fails is added the next time.
   */
  append(): Promise<void> {
    this.#appending = this.#appending
      .then(() => this.#add())
      .catch((error: unknown) =>
        this.#log.error(printableTrouble(error), 'the file of opt-outs and deletions cannot be written'),
      );
    return this.#appending;
  }

  async #add(): Promise<void> {
    const wishes = await wishesAfter(this.#db, this.#last);
    if (wishes.length === 0) return;
    appendFileSync(this.#path, wishes.map(textOf).join(''), { mode: OWNER_ONLY });
    this.#last = wishes.at(-1)?.number ?? this.#last;
    // Earlier wishes of that person name guilds, and are no longer needed.
    if (wishes.some(({ kind }) => kind === 'person')) this.compact();
  }

  /** Removes wishes older than 30 days from the file, but for opt-outs that still hold. Never throws. */
  compact(): void {
    try {
      this.#compact();
    } catch (error) {
      this.#log.error(printableTrouble(error), 'the file of opt-outs and deletions cannot be written');
    }
  }

  #compact(): void {
    const wishes = wishesIn(this.#path);
    this.#last = wishes.at(-1)?.number ?? 0;
    const until = this.#now() - WISHES_KEPT_MS;
    const kept = stillNeeded(wishes).filter(({ kind, at, number }) => {
      return kind === 'out' || at >= until || number === this.#last;
    });
    const unfinished = `${this.#path}.new`;
    writeFileSync(unfinished, kept.map(textOf).join(''), { mode: OWNER_ONLY });
    renameSync(unfinished, this.#path);
  }
}

/** The number of the last wish in the file beside the SQLite database at `path`; 0 when there is none. */
export function lastNumberBeside(path: string): number {
  return wishesIn(fileBeside(path)).at(-1)?.number ?? 0;
}

function fileBeside(path: string): string {
  return `${path}.wishes`;
}

/** The wishes in a file, by number. It skips lines that cannot be read, such as one half-written at a power cut. */
function wishesIn(path: string): readonly NotedWish[] {
  if (!existsSync(path)) return [];
  const wishes = new Map<number, NotedWish>();
  for (const text of readFileSync(path, 'utf8').split('\n')) {
    const { success, data } = line.safeParse(parsed(text));
    if (success) wishes.set(data.number, data);
  }
  return [...wishes.values()].sort((a, b) => a.number - b.number);
}

/** Leaves out the wishes that a later wish has made pointless; the others keep their order. */
function stillNeeded(wishes: readonly NotedWish[]): readonly NotedWish[] {
  const persons = new Set<string>();
  const guilds = new Set<string>();
  const pairs = new Set<string>();
  const needed: NotedWish[] = [];
  for (const wish of wishes.toReversed()) {
    const { kind, guildId, subject } = wish;
    if (kind === 'out' || kind === 'in') {
      const pair = `${guildId} ${subject}`;
      if (pairs.has(pair) || persons.has(subject) || guilds.has(guildId)) continue;
      pairs.add(pair);
    }
    if (kind === 'person') persons.add(subject);
    if (kind === 'guild') guilds.add(guildId);
    needed.push(wish);
  }
  return needed.toReversed();
}

/**
 * Notes all opt-outs of the database as wishes. They were made before this version of the code, which first notes any.
 */
async function noteAllOptOuts(db: Kysely<Tables>): Promise<void> {
  const rows = await db.selectFrom('opt_out').select(['guild_id', 'user_id']).execute();
  for (const row of rows) await noteWish(db, { kind: 'out', guildId: row.guild_id, subject: row.user_id });
}

function textOf({ number, at, kind, guildId, subject }: NotedWish): string {
  return `${JSON.stringify({ number, at, kind, guildId, subject })}\n`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
