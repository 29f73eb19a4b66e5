import type { Reason } from './reasons.ts';

/** People ask soon or never. */
const KEPT_MS = 60 * 60_000;
/** Messages of all servers together: about 5 MB. */
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

/** One server's part of the book, by message id; what was noted longest ago comes first. */
interface ServerEntries {
  readonly entries: Map<string, BookEntry>;
  latest: number;
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
    const entry = this.#servers.get(guildId)?.entries.get(messageId);
    return entry && this.#isFresh(entry.at) ? entry : undefined;
  }

  /** The message that somebody wrote last in this server, of those that are known. */
  lastOf(guildId: string, authorId: string): BookEntry | undefined {
    let last: BookEntry | undefined;
    for (const entry of this.#servers.get(guildId)?.entries.values() ?? [])
      if (entry.authorId === authorId && this.#isFresh(entry.at) && (!last || isLater(entry.id, last.id)))
        last = entry;
    return last;
  }

  #isFresh(at: number): boolean {
    return at > this.#now() - KEPT_MS;
  }

  #enter({ guildId, ...message }: MessagePlace, outcome: Outcome): void {
    const at = this.#now();
    const server = this.#servers.get(guildId) ?? { entries: new Map<string, BookEntry>(), latest: at };
    server.latest = at;
    this.#servers.delete(guildId); // so that it becomes the last one
    this.#servers.set(guildId, server);
    this.#forget(server, message.id);
    server.entries.set(message.id, { ...message, outcome, at });
    this.#size += 1;
    this.#forgetOld(server);
    while (this.#size > MAX_MESSAGES) this.#forgetOldest(this.#serverAboveItsShare(server));
  }

  /** Forgets what is older than an hour, of this server and of servers in which nothing has happened since. */
  #forgetOld(server: ServerEntries): void {
    for (const [id, { at }] of server.entries) {
      if (this.#isFresh(at)) break;
      this.#forget(server, id);
    }
    for (const [guildId, { entries, latest }] of this.#servers) {
      if (this.#isFresh(latest)) break;
      this.#size -= entries.size;
      this.#servers.delete(guildId);
    }
  }

  /** The given server, if it has more than its share of the full book, else the server that has most. */
  #serverAboveItsShare(server: ServerEntries): ServerEntries {
    if (server.entries.size > MAX_MESSAGES / this.#servers.size) return server;
    let largest = server;
    for (const other of this.#servers.values())
      if (other.entries.size > largest.entries.size) largest = other;
    return largest;
  }

  #forgetOldest(server: ServerEntries): void {
    for (const id of server.entries.keys()) return this.#forget(server, id);
  }

  #forget(server: ServerEntries, messageId: string): void {
    if (server.entries.delete(messageId)) this.#size -= 1;
  }
}

/** Of two messages, by their ids, which hold the time: whether the first was written after the second. */
function isLater(messageId: string, otherId: string): boolean {
  return messageId.length === otherId.length ? messageId > otherId : messageId.length > otherId.length;
}
