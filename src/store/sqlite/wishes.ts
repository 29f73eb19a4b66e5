import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Logger } from '../../log.ts';
import { fulfil } from '../deletions.ts';
import { printableTrouble } from '../problem-of.ts';
import type { Tables } from '../tables.ts';
import { lastNumber, type NotedWish, noteWish, WISHES_KEPT_MS, wishesAfter } from '../wishes.ts';

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
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * The wishes once more, in a small file beside an SQLite database: `parrotfish.db.wishes`, a line of JSON each, ids
 * only. A copy of the database that is put in its place is older than the file, and by the wishes' numbers it is seen
 * which of them it does not know of yet. The database has them first: what the file lacks is added at the next chance.
 */
export class WishFile {
  readonly #path: string;
  readonly #db: Kysely<Tables>;
  readonly #log: Logger;
  readonly #now: () => number;
  #appending: Promise<void> = Promise.resolve();
  /** Of the last wish that stands in the file. */
  #last = 0;

  private constructor({ path, db, log, now }: WishFileOptions) {
    this.#path = `${path}.wishes`;
    this.#db = db;
    this.#log = log;
    this.#now = now;
  }

  /** Has the database know what it does not know of the file, and the other way about. The database is used by nobody else. */
  static async open(options: WishFileOptions): Promise<WishFile> {
    const { db, log } = options;
    const file = new WishFile(options);
    if (!existsSync(file.#path)) await db.transaction().execute(noteAllOptOuts);
    const known = await lastNumber(db);
    const unknown = file.#read().filter(({ number }) => number > known);
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

  /** Adds what the database has and the file has not. Never rejects: what could not be added is added the next time. */
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
  }

  /** Leaves out what nobody needs any more: but for opt-outs that hold, what is older than 30 days. Never throws. */
  compact(): void {
    try {
      this.#compact();
    } catch (error) {
      this.#log.error(printableTrouble(error), 'the file of opt-outs and deletions cannot be written');
    }
  }

  #compact(): void {
    const wishes = this.#read();
    this.#last = wishes.at(-1)?.number ?? 0;
    const until = this.#now() - WISHES_KEPT_MS;
    const kept = stillNeeded(wishes).filter(({ kind, at, number }) => {
      return kind === 'out' || at >= until || number === this.#last;
    });
    const unfinished = `${this.#path}.new`;
    writeFileSync(unfinished, kept.map(textOf).join(''), { mode: OWNER_ONLY });
    renameSync(unfinished, this.#path);
  }

  /** By number. A line that cannot be read, such as one that a power cut left half-written, is passed over. */
  #read(): readonly NotedWish[] {
    if (!existsSync(this.#path)) return [];
    const wishes = new Map<number, NotedWish>();
    for (const text of readFileSync(this.#path, 'utf8').split('\n')) {
      const { success, data } = line.safeParse(parsed(text));
      if (success) wishes.set(data.number, data);
    }
    return [...wishes.values()].sort((a, b) => a.number - b.number);
  }
}

/** The wishes without those that a later one has overtaken, in their order. */
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

/** Before there was a file, nobody noted anything: what holds now is noted. */
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
