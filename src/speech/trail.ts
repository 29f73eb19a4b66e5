import type { Logger } from '../log.ts';
import type { SessionEnd } from './session-options.ts';

// Logs how a session goes (the bot in one voice channel): that it has come, was moved, and has left, after how many
// minutes and why. The log then tells an evening without a word of what was said.

const MINUTE_MS = 60_000;

export class Trail {
  readonly #log: Logger;
  /** When the bot came (`performance.now()`); null before. */
  #since: number | null = null;

  constructor(log: Logger) {
    this.#log = log;
  }

  came(channelId: string): void {
    this.#since ??= performance.now();
    this.#log.info({ channelId }, 'in the voice channel');
  }

  /** Somebody has moved the bot to this channel. */
  moved(channelId: string): void {
    this.#log.info({ channelId }, 'moved to another voice channel');
  }

  ended({ error, draining }: SessionEnd, channelId: string): void {
    const why = error?.key ?? (draining ? 'the process ends' : 'done');
    if (this.#since === null) return this.#log.info({ channelId, why }, 'did not get into the voice channel');
    const minutes = Math.round((performance.now() - this.#since) / MINUTE_MS);
    this.#log.info({ channelId, minutes, why }, 'left the voice channel');
  }
}
