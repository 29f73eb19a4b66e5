import type { Reason } from './reasons.ts';

/** People ask soon or never. */
const KEPT_MS = 60 * 60_000;
/** Entries in order for each message that is known, before those are let go that count no more. */
const MOST_IN_ORDER = 3;
/** Messages of all servers together: about 8 MB. */
const MAX_MESSAGES = 20_000;

/** Where a message stands in Discord, and who wrote it, where that is known. All of them are Discord's ids. */
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
  /** By the clock of the book, in ms. */
  readonly at: number;
}

/** One server's part of the book. */
class ServerEntries {
  readonly #byId = new Map<string, BookEntry>();
  /** From `#first` on: what was noted, the oldest first. An entry that was noted again later stands here twice. */
  #inOrder: BookEntry[] = [];
  #first = 0;

  get size(): number {
    return this.#byId.size;
  }

  /** When something was noted last, by the clock of the book. */
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

  /** Forgets the oldest as long as `isOld` says so. */
  forgetWhile(isOld: (entry: BookEntry) => boolean): void {
    for (;;) {
      const oldest = this.#inOrder[this.#first];
      if (!oldest) break;
      const isPresent = this.#byId.get(oldest.id) === oldest;
      if (isPresent && !isOld(oldest)) break;
      if (isPresent) this.#byId.delete(oldest.id);
      this.#first += 1;
    }
    // What is of no use any more is let go in large pieces, so that it costs little for each entry.
    if (this.#inOrder.length <= MOST_IN_ORDER * (this.size + 1)) return;
    this.#inOrder = this.#inOrder.filter(entry => this.#byId.get(entry.id) === entry);
    this.#first = 0;
  }
}

/**
 * What became of the messages of the last hour: ids and reasons, in memory, never what was written. When the book is
 * full, each server keeps its share: a flood in one server pushes out that server's own oldest messages, or those of
 * another server only as far as that one has more than its share.
 */
export class ReasonBook {
  /** How many messages were not read since the process began, by reason. */
  readonly counts: Partial<Record<Reason, number>> = {};
  /** By server id; the server in which nothing was noted for the longest time comes first. */
  readonly #servers = new Map<string, ServerEntries>();
  readonly #now: () => number;
  #size = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** How many messages it knows, in all servers. */
  get size(): number {
    return this.#size;
  }

  /** Why a message was not read, or null: it was. */
  note(message: MessagePlace, reason: Reason | null): void {
    if (reason) this.counts[reason] = (this.counts[reason] ?? 0) + 1;
    this.#enter(message, reason ?? 'read');
  }

  /** A message is in the queue. */
  waiting(message: MessagePlace): void {
    this.#enter(message, 'waiting');
  }

  /** What is known of a message of this server; undefined: nothing. */
  find(guildId: string, messageId: string): BookEntry | undefined {
    const entry = this.#servers.get(guildId)?.get(messageId);
    return entry && this.#isFresh(entry.at) ? entry : undefined;
  }

  /** The message that somebody wrote last in this server, of those that are known. */
  lastOf(guildId: string, authorId: string): BookEntry | undefined {
    let last: BookEntry | undefined;
    for (const entry of this.#servers.get(guildId)?.all() ?? [])
      if (entry.authorId === authorId && this.#isFresh(entry.at) && (!last || isLater(entry.id, last.id)))
        last = entry;
    return last;
  }

  #isFresh(at: number): boolean {
    return at > this.#now() - KEPT_MS;
  }

  #enter({ guildId, ...message }: MessagePlace, outcome: Outcome): void {
    const at = this.#now();
    const server = this.#servers.get(guildId) ?? new ServerEntries();
    this.#servers.delete(guildId); // so that it becomes the last one
    this.#servers.set(guildId, server);
    this.#change(server, () => {
      server.add({ ...message, outcome, at });
      server.forgetWhile(entry => !this.#isFresh(entry.at));
    });
    this.#forgetSilentServers();
    while (this.#size > MAX_MESSAGES) this.#forgetOldest(this.#serverAboveItsShare(server));
  }

  #forgetSilentServers(): void {
    for (const [guildId, server] of this.#servers) {
      if (this.#isFresh(server.latest)) break;
      this.#size -= server.size;
      this.#servers.delete(guildId);
    }
  }

  /** The given server, if it has more than its share of the full book, else the server that has most. */
  #serverAboveItsShare(server: ServerEntries): ServerEntries {
    if (server.size > MAX_MESSAGES / this.#servers.size) return server;
    let largest = server;
    for (const other of this.#servers.values()) if (other.size > largest.size) largest = other;
    return largest;
  }

  #forgetOldest(server: ServerEntries): void {
    let left = 1;
    this.#change(server, () => server.forgetWhile(() => left-- > 0));
  }

  /** Does something with a server's part, and keeps count. */
  #change(server: ServerEntries, task: () => void): void {
    const before = server.size;
    task();
    this.#size += server.size - before;
  }
}

/** Of two messages, by their ids, which hold the time: whether the first was written after the second. */
function isLater(messageId: string, otherId: string): boolean {
  return messageId.length === otherId.length ? messageId > otherId : messageId.length > otherId.length;
}
