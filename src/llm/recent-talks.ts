import type { ChatMessage } from './model.ts';

// What people have asked with `/ask` lately, so that the model can be told with their next question.

const MAX_EXCHANGES = 6;
/** In UTF-16 units, of the questions and answers of a channel together. If the last exchange is longer, it is cut. */
const MAX_CHARACTERS = 4_000;
const FORGOTTEN_AFTER_MS = 10 * 60_000;

interface Exchange {
  readonly question: string;
  readonly answer: string;
}

interface Talk {
  readonly exchanges: readonly Exchange[];
  /** When somebody asked last, by the clock `now`. */
  readonly at: number;
}

const lengthOf = ({ question, answer }: Exchange) => question.length + answer.length;

/**
 * Remembers what was last asked and answered in each channel, so that the language model knows what people refer to. It
 * is in memory only, and is forgotten ten minutes after the last question.
 */
export class RecentTalks {
  /** By channel id; the channel in which somebody asked last is the last one. */
  readonly #talks = new Map<string, Talk>();
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** The number of channels of which something is remembered. */
  get size(): number {
    this.#forget();
    return this.#talks.size;
  }

  /** The last questions and answers of a channel, the oldest first, as the language model takes them. */
  recall(channelId: string): ChatMessage[] {
    this.#forget();
    return (this.#talks.get(channelId)?.exchanges ?? []).flatMap(({ question, answer }): ChatMessage[] => [
      { role: 'user', content: question },
      { role: 'assistant', content: answer },
    ]);
  }

  /** Remembers a question and its answer. */
  note(channelId: string, question: string, answer: string): void {
    this.#forget();
    const kept = [
      { question: question.slice(0, MAX_CHARACTERS / 2), answer: answer.slice(0, MAX_CHARACTERS / 2) },
    ];
    let room = MAX_CHARACTERS - kept.reduce((sum, exchange) => sum + lengthOf(exchange), 0);
    for (const exchange of (this.#talks.get(channelId)?.exchanges ?? []).toReversed()) {
      room -= lengthOf(exchange);
      if (room < 0 || kept.length >= MAX_EXCHANGES) break;
      kept.unshift(exchange);
    }
    this.#talks.delete(channelId);
    this.#talks.set(channelId, { exchanges: kept, at: this.#now() });
    // It must be forgotten in time even if nobody ever asks again.
    this.#timer ??= setInterval(() => this.#forget(), FORGOTTEN_AFTER_MS / 10).unref();
  }

  #forget(): void {
    const since = this.#now() - FORGOTTEN_AFTER_MS;
    for (const [channelId, { at }] of this.#talks) {
      if (at > since) break;
      this.#talks.delete(channelId);
    }
    if (this.#talks.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
