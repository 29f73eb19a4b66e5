import { type Message, PermissionFlagsBits } from 'discord.js';
import type { Logger } from '../../log.ts';
import type { GuildSettings } from '../../settings/guild.ts';
import type { Reason } from '../../speech/reasons.ts';

// Puts the reaction ⚠️ on a chat message that could not be said, so that people see that it was not heard. Here one
// changes which failures are marked; `src/speech/drop-notices.ts` tells people of them in words.

const MARK = '⚠️';
/**
 * The most marks that wait in one guild; others are left out. Discord takes about four reactions a second in a
 * channel, and in a long outage nobody needs a mark on each message.
 */
const MAX_WAITING = 10;

/**
 * The reasons why a queued message was not said that count as a failure, besides all failures at Fish Audio.
 * Any other reason is somebody's wish: the message was skipped or deleted, everybody has left …
 */
const FAILURES: ReadonlySet<Reason> = new Set([
  'failed',
  'not-joined',
  'server-cap',
  'budget',
  'budget-unknown',
] as const);

const { ViewChannel, ReadMessageHistory, AddReactions } = PermissionFlagsBits;

/** Whether a message that had been taken could not be said, although nobody wanted it silent. */
export function isFailure(reason: Reason): boolean {
  return FAILURES.has(reason) || isFailureAtFish(reason);
}

function isFailureAtFish(reason: Reason): boolean {
  return reason.startsWith('fish-');
}

type Settings = Pick<GuildSettings, 'failureMark'>;

/** Marks messages where the guild's settings ask for it and the bot may react. A mark is never taken away. */
export class FailureMarks {
  readonly #log: Logger;
  /** How many marks are being added, by guild id. */
  readonly #waiting = new Map<string, number>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Marks a message that was taken, if its outcome is a failure; null if it was said. Never rejects. */
  async ended(message: Message<true>, reason: Reason | null, settings: Settings): Promise<void> {
    if (settings.failureMark && reason !== null && isFailure(reason)) await this.#mark(message);
  }

  /** Marks a message that was not taken because Fish Audio has an outage. Never rejects. */
  async refused(message: Message<true>, reason: Reason, settings: Settings): Promise<void> {
    if (settings.failureMark && isFailureAtFish(reason)) await this.#mark(message);
  }

  async #mark(message: Message<true>): Promise<void> {
    const { guildId, id } = message;
    const waiting = this.#waiting.get(guildId) ?? 0;
    if (waiting >= MAX_WAITING) return;
    this.#waiting.set(guildId, waiting + 1);
    try {
      const { guild, channel } = message;
      const { me } = guild.members;
      if (me && channel.permissionsFor(me).has([ViewChannel, ReadMessageHistory, AddReactions]))
        await message.react(MARK);
    } catch (error) {
      // The message may be deleted by now, also with its channel, or its author may have blocked the bot.
      this.#log.debug({ guildId, messageId: id, err: error }, 'a message was not marked');
    } finally {
      const left = (this.#waiting.get(guildId) ?? 1) - 1;
      if (left === 0) this.#waiting.delete(guildId);
      else this.#waiting.set(guildId, left);
    }
  }
}
