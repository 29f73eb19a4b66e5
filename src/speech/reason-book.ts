import type { Reason, Refusal } from './reasons.ts';

// Remembers for an hour what became of each message, so that `/why` can tell it. It holds ids and reasons, in memory,
// and never what was written. `reasons.ts` lists the reasons; `src/discord/chat/why.ts` tells them.

/** How long a message is remembered (an hour): people ask soon, or never. */
const KEPT_MS = 60 * 60_000;
/**
 * Outdated entries are removed when a guild's list of what was noted is this many times as long as it has messages.
 */
const MOST_IN_ORDER = 3;
/** How many messages of all guilds together are remembered, which takes about 8 MB. */
const MAX_MESSAGES = 20_000;

/** Where a message is in Discord, and who wrote it, if that is known. All fields are Discord's ids. */
export interface MessagePlace {
  readonly id: string;
  readonly guildId: string;
  readonly channelId: string;
  readonly authorId: string | null;
}

/** What became of a message: it was read, it waits for its turn, or there is a reason why it was not read. */
type Outcome = Reason | 'waiting' | 'read';

/** What the book knows of one message. */
export interface BookEntry extends Omit<MessagePlace, 'guildId'> {
  readonly outcome: Outcome;
  /** See `Refusal`. */
  readonly detail?: string;
  /** When this was noted, in milliseconds of the book's clock. */
  readonly at: number;
}

/** The part of the book about one guild. */
class GuildEntries {
  readonly #byId = new Map<string, BookEntry>();
  /** What was noted, the oldest first, from `#first` on. A message that was noted twice is here twice. */
  #inOrder: BookEntry[] = [];
  #first = 0;

  get size(): number {
    return this.#byId.size;
  }

  /** When something was last noted, in milliseconds of the book's clock. */
  get latest(): number {
    return this.#inOrder.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
  }

  get(messageId: string): BookEntry | undefined {
    return this.#byId.get(messageId);
  }

  all(): Iterable<BookEntry> {
    return this.#byId.values();
  }

  add(entry: BookEntry): void {
    this.#byId.set(entry.id, entry);
    this.#inOrder.push(entry);
  }

  /** Forgets the oldest entry again and again, as long as `isOld` is true of it. */
  forgetWhile(isOld: (entry: BookEntry) => boolean): void {
    for (;;) {
      const oldest = this.#inOrder[this.#first];
      if (!oldest) break;
      const isPresent = this.#byId.get(oldest.id) === oldest;
      if (isPresent && !isOld(oldest)) break;
      if (isPresent) this.#byId.delete(oldest.id);
      this.#first += 1;
    }
    // Entries that do not count any more are removed many at a time, so that this costs little for each entry.
    if (this.#inOrder.length <= MOST_IN_ORDER * (this.size + 1)) return;
    this.#inOrder = this.#inOrder.filter(entry => this.#byId.get(entry.id) === entry);
    this.#first = 0;
  }
}

/**
 * When the book is full, each guild keeps its share: messages of a guild push out the oldest ones of the same guild, or
 * of a guild that has more than its share.
 */
export class ReasonBook {
  /** How many messages were read since the process began, and how many were not, for each reason. */
  readonly counts: Partial<Record<Reason | 'read', number>> = {};
  /** By guild id; the guild in which nothing was noted for the longest time comes first. */
  readonly #guilds = new Map<string, GuildEntries>();
  readonly #now: () => number;
  #size = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** How many messages it remembers, in all guilds. */
  get size(): number {
    return this.#size;
  }

  /** Notes why a message was not read; null if it was read. What is noted once more does not count again. */
  note(message: MessagePlace, refusal: Refusal | Reason | null): void {
    const { reason, detail } = typeof refusal === 'object' ? { ...refusal } : { reason: refusal };
    const outcome = reason ?? 'read';
    const isNew = this.find(message.guildId, message.id)?.outcome !== outcome;
    if (isNew) this.counts[outcome] = (this.counts[outcome] ?? 0) + 1;
    this.#enter(message, outcome, detail);
  }

  /** Notes that a message waits in the queue. */
  waiting(message: MessagePlace): void {
    this.#enter(message, 'waiting');
  }

  /** What is remembered of a message of this guild; undefined if nothing. */
  find(guildId: string, messageId: string): BookEntry | undefined {
    const entry = this.#guilds.get(guildId)?.get(messageId);
    return entry && this.#isFresh(entry.at) ? entry : undefined;
  }

  /** The last message that somebody wrote in this guild, among those that are remembered. */
  lastOf(guildId: string, authorId: string): BookEntry | undefined {
    let last: BookEntry | undefined;
    for (const entry of this.#guilds.get(guildId)?.all() ?? [])
      if (entry.authorId === authorId && this.#isFresh(entry.at) && (!last || isLater(entry.id, last.id)))
        last = entry;
    return last;
  }

  #isFresh(at: number): boolean {
    return at > this.#now() - KEPT_MS;
  }

  #enter({ guildId, ...message }: MessagePlace, outcome: Outcome, detail?: string): void {
    const at = this.#now();
    const guild = this.#guilds.get(guildId) ?? new GuildEntries();
    this.#guilds.delete(guildId); // so that it becomes the last one
    this.#guilds.set(guildId, guild);
    this.#change(guild, () => {
      guild.add({ ...message, outcome, at, ...(detail !== undefined && { detail }) });
      guild.forgetWhile(entry => !this.#isFresh(entry.at));
    });
    this.#forgetSilentGuilds();
    while (this.#size > MAX_MESSAGES) this.#forgetOldest(this.#guildAboveItsShare(guild));
  }

  #forgetSilentGuilds(): void {
    for (const [guildId, guild] of this.#guilds) {
      if (this.#isFresh(guild.latest)) break;
      this.#size -= guild.size;
      this.#guilds.delete(guildId);
    }
  }

  /** The given guild, if it has more than its share of the full book; otherwise the guild that has most. */
  #guildAboveItsShare(guild: GuildEntries): GuildEntries {
    if (guild.size > MAX_MESSAGES / this.#guilds.size) return guild;
    let largest = guild;
    for (const other of this.#guilds.values()) if (other.size > largest.size) largest = other;
    return largest;
  }

  #forgetOldest(guild: GuildEntries): void {
    let left = 1;
    this.#change(guild, () => guild.forgetWhile(() => left-- > 0));
  }

  /** Runs `task`, which changes the entries of a guild, and corrects the count of all entries. */
  #change(guild: GuildEntries, task: () => void): void {
    const before = guild.size;
    task();
    this.#size += guild.size - before;
  }
}

/** Whether a message was written after another one, by their ids, which hold the time. */
function isLater(messageId: string, otherId: string): boolean {
  return messageId.length === otherId.length ? messageId > otherId : messageId.length > otherId.length;
}
