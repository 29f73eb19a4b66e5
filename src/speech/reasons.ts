import { UserError } from '../errors.ts';
import type { MessageKey, MessageParams } from '../locale/catalogue.ts';

/** Why a message was not read: the closed list behind `/why`. */
export const REASONS = [
  /** The bot is in no voice channel. */
  'not-here',
  /** The text channel is not read. */
  'channel',
  /** Somebody in the voice channel may not see the text channel. */
  'private-channel',
  'not-in-voice',
  'opted-out',
  'role',
  'bot',
  'silent',
  'prefix',
  /** Discord does not let the bot see what people write. */
  'no-content',
  /** Not a message that somebody wrote. */
  'system',
  /** Nothing in it can be said. */
  'nothing',
  'repeated',
  'person-full',
  'queue-full',
  'person-cap',
  'server-cap',
  'budget',
  'skipped',
  'stopped',
  /** By its author, or a moderator, before it was said. */
  'deleted',
  'left',
  'failed',
  /** The database could not be asked yet who has opted out. */
  'no-database',
  'restarting',
] as const;

export type Reason = (typeof REASONS)[number];

/** A line that is not taken, or not said: in words for people, and as a reason for `/why`. */
export class Unsaid extends UserError {
  override readonly name = 'Unsaid';
  readonly reason: Reason;

  constructor(reason: Reason, key: MessageKey, params: MessageParams = {}) {
    super(key, params);
    this.reason = reason;
  }
}

/** People ask soon or never. */
const KEPT_MS = 60 * 60_000;
/** About 3 MB. */
const MAX_ENTRIES = 20_000;

interface Entry {
  readonly fate: Fate;
  readonly at: number;
}

type Fate = Reason | 'waiting' | 'read';

/** What became of the messages of the last hour: ids and reasons, in memory, never what was written. */
export class ReasonBook {
  /** How many messages were not read since the process began, by reason. */
  readonly counts: Partial<Record<Reason, number>> = {};
  /** The oldest first. */
  readonly #entries = new Map<string, Entry>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Why a message was not read, or null: it was. */
  note(messageId: string, reason: Reason | null): void {
    if (reason) this.counts[reason] = (this.counts[reason] ?? 0) + 1;
    this.#enter(messageId, reason ?? 'read');
  }

  /** A message is in the queue. */
  waiting(messageId: string): void {
    this.#enter(messageId, 'waiting');
  }

  find(messageId: string): Fate | undefined {
    const entry = this.#entries.get(messageId);
    return entry && entry.at > this.#now() - KEPT_MS ? entry.fate : undefined;
  }

  #enter(messageId: string, fate: Fate): void {
    this.#entries.delete(messageId); // so that it becomes the youngest
    this.#entries.set(messageId, { fate, at: this.#now() });
    const since = this.#now() - KEPT_MS;
    for (const [id, { at }] of this.#entries) {
      if (at > since && this.#entries.size <= MAX_ENTRIES) break;
      this.#entries.delete(id);
    }
  }
}
