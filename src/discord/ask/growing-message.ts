import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../log.ts';
import { later } from '../../walls.ts';
import type { AnyInteraction } from '../interaction/interaction.ts';

// Shows the answer to `/ask` while it grows, by editing one message, and no more often than Discord allows.
// `answer-text.ts` makes the text.

/**
 * The least time between two edits. Discord allows about five in five seconds, and the last one must not have to
 * wait.
 */
const EDIT_EVERY_MS = 1_200;
/** Before Discord shows "thinking" there is no message to edit, so the bot looks again after this time. */
const LOOK_AGAIN_MS = 100;

type Shown = Pick<AnyInteraction, 'deferred' | 'deleteReply' | 'editReply' | 'guildId' | 'replied'>;

/** The message with the answer to one interaction. Once it is finished or withdrawn it does not grow any more. */
export class GrowingMessage {
  readonly #interaction: Shown;
  readonly #log: Logger;
  /** Makes the text that is to be shown next; null if the message has what there is. */
  #next: (() => string) | null = null;
  /** The text that the message has at present. */
  #shown = '';
  /** When the message was last edited, by `performance.now()`. */
  #editedAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #edit: Promise<void> | undefined;
  #closed = false;

  constructor(interaction: Shown, log: Logger) {
    this.#interaction = interaction;
    this.#log = log;
  }

  /**
   * Shows a text in place of the present one, now or as soon as the next edit is allowed. Only then `make` is called:
   * an answer grows many times between two edits, and to cut a long one takes its time.
   */
  show(make: () => string): void {
    this.#next = make;
    this.#plan();
  }

  /**
   * Shows the finished answer. With `atOnce` it does not wait until the next edit is allowed. Resolves with false,
   * and shows nothing, when "thinking" has not been shown: the caller of this method then has to answer the
   * interaction.
   */
  async finish(whole: string, { atOnce }: { atOnce: boolean }): Promise<boolean> {
    await this.#close();
    if (!this.#interaction.replied) return false;
    if (!atOnce) await sleep(this.#pauseMs);
    if (whole !== this.#shown) await this.#put(whole);
    return true;
  }

  /** Deletes what has been shown, because there is no answer after all. */
  async withdraw(): Promise<void> {
    await this.#close();
    if (this.#interaction.replied) await this.#attempt(() => this.#interaction.deleteReply());
  }

  async #close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#edit;
  }

  /** How long to wait until the next edit is allowed. */
  get #pauseMs(): number {
    return Math.max(0, this.#editedAt + EDIT_EVERY_MS - performance.now());
  }

  #plan(): void {
    if (this.#closed || this.#timer || this.#edit || !this.#next) return;
    const ms = this.#interaction.deferred ? this.#pauseMs : LOOK_AGAIN_MS;
    this.#timer = later(this.#log, 'an answer shown', ms, () => {
      this.#timer = undefined;
      if (!this.#interaction.deferred) return this.#plan();
      const text = this.#next?.() ?? this.#shown;
      this.#next = null;
      if (text !== this.#shown) this.#edit = this.#grow(text);
    });
  }

  async #grow(text: string): Promise<void> {
    await this.#put(text);
    this.#edit = undefined;
    this.#plan();
  }

  async #put(content: string): Promise<void> {
    this.#shown = content;
    this.#editedAt = performance.now();
    await this.#attempt(() => this.#interaction.editReply({ content, allowedMentions: { parse: [] } }));
  }

  /**
   * Makes a change to the message. If that fails, because it was deleted or the bot may not edit it, nothing more is
   * shown.
   */
  async #attempt(change: () => Promise<unknown>): Promise<void> {
    try {
      await change();
    } catch (error) {
      this.#closed = true;
      this.#log.warn(
        { guildId: this.#interaction.guildId, err: error },
        'an answer cannot be shown any further',
      );
    }
  }
}
