import type { ChatMessage } from './model.ts';

const MAX_EXCHANGES = 6;
/** Of questions and answers together; a longer last exchange stands alone, cut. */
const MAX_CHARACTERS = 4_000;
const FORGOTTEN_AFTER_MS = 10 * 60_000;

interface Exchange {
  readonly question: string;
  readonly answer: string;
}

interface Talk {
  readonly exchanges: readonly Exchange[];
  readonly at: number;
}

const lengthOf = ({ question, answer }: Exchange) => question.length + answer.length;

/** What was last asked and answered in each channel: in memory only, and forgotten ten minutes after. */
export class RecentTalks {
  /** Where somebody asked last is last. */
  readonly #talks = new Map<string, Talk>();
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** In how many channels something is remembered. */
  get size(): number {
    this.#forget();
    return this.#talks.size;
  }

  recall(channelId: string): ChatMessage[] {
    this.#forget();
    return (this.#talks.get(channelId)?.exchanges ?? []).flatMap(({ question, answer }): ChatMessage[] => [
      { role: 'user', content: question },
      { role: 'assistant', content: answer },
    ]);
  }

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
    // Nobody may ask again, and it has to go all the same.
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
