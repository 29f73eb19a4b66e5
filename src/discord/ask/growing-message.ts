import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../log.ts';
import type { AnyInteraction } from '../interaction/interaction.ts';
import { later } from '../../walls.ts';

/** Discord allows about five edits in five seconds, and the last must not have to wait. */
const EDIT_EVERY_MS = 1_200;
/** Until "thinking" is shown there is nothing to edit. */
const LOOK_AGAIN_MS = 100;

type Shown = Pick<AnyInteraction, 'deferred' | 'deleteReply' | 'editReply' | 'guildId' | 'replied'>;

/** The answer to a use as it grows: edits what is shown, never faster than people read or Discord allows. */
export class GrowingMessage {
  readonly #interaction: Shown;
  readonly #log: Logger;
  #text = '';
  #shown = '';
  #editedAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #edit: Promise<void> | undefined;
  #closed = false;

  constructor(interaction: Shown, log: Logger) {
    this.#interaction = interaction;
    this.#log = log;
  }

  show(text: string): void {
    this.#text = text;
    this.#plan();
  }

  /**
   * Shows the whole, `atOnce` where people wait for it, or the process ends. False: nothing has been shown yet, so
   * that it can be the first answer.
   */
  async finish(whole: string, { atOnce }: { atOnce: boolean }): Promise<boolean> {
    await this.#close();
    if (!this.#interaction.replied) return false;
    if (!atOnce) await sleep(this.#pauseMs);
    if (whole !== this.#shown) await this.#put(whole);
    return true;
  }

  /** There is nothing to show after all. */
  async withdraw(): Promise<void> {
    await this.#close();
    if (this.#interaction.replied) await this.#attempt(() => this.#interaction.deleteReply());
  }

  async #close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#edit;
  }

  get #pauseMs(): number {
    return Math.max(0, this.#editedAt + EDIT_EVERY_MS - performance.now());
  }

  #plan(): void {
    if (this.#closed || this.#timer || this.#edit || this.#text === this.#shown) return;
    const ms = this.#interaction.deferred ? this.#pauseMs : LOOK_AGAIN_MS;
    this.#timer = later(this.#log, 'an answer shown', ms, () => {
      this.#timer = undefined;
      if (this.#interaction.deferred) this.#edit = this.#grow();
      else this.#plan();
    });
  }

  async #grow(): Promise<void> {
    await this.#put(this.#text);
    this.#edit = undefined;
    this.#plan();
  }

  async #put(content: string): Promise<void> {
    this.#shown = content;
    this.#editedAt = performance.now();
    await this.#attempt(() => this.#interaction.editReply({ content, allowedMentions: { parse: [] } }));
  }

  /** The message may be gone, or the right to change it: an answer takes longer than others. */
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
