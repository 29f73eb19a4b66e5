import { UserError } from '../../errors.ts';
import { ModelError } from '../../llm/errors.ts';
import type { ChatMessage, LanguageModel, TokenUsage } from '../../llm/model.ts';
import type { Logger } from '../../log.ts';
import { LiveWords } from '../../speech/live-words.ts';
import type { Reason } from '../../speech/reasons.ts';
import type { Language } from '../../text/language.ts';
import { type Cut, SentenceCutter } from '../../text/sentences.ts';
import { later } from '../../walls.ts';

// Gets one answer of the language model to `/ask`: it takes the answer piece by piece, cuts it into sentences, and
// hands these on to be shown and to be said. `asker.ts` decides who may ask and where the answer is shown and said.

export interface AnsweringOptions {
  readonly model: LanguageModel;
  readonly guildId: string;
  /** The language of the question, which decides where sentences end. */
  readonly language: Language;
  /** Returns the earlier questions and answers of this channel, and the question itself. */
  readonly messages: () => readonly ChatMessage[];
  /** Calls `write` when no other answer is being written in this channel. It may reject. */
  readonly inTurn: (write: () => Promise<void>) => void;
  /**
   * Called with each sentence, or part of a long one, in their order. Returns the words that are said for it: an empty
   * text when nothing of it can be said, null when it may not be said in this guild.
   */
  readonly speakable: (sentence: string) => string | null;
  /**
   * Called with the whole answer so far, each time the model has written more of it, from its first whole sentence on.
   */
  readonly onText: (text: string) => void;
  readonly log: Logger;
}

/** When the model has written nothing for this long, what looks like a whole sentence is taken for one and said. */
const SETTLED_MS = 250;

/** An answer whose first sentence is longer than this, in characters, is shown before the sentence ends. */
const LONG_BEGINNING = 150;

/**
 * The outcomes of the answer's line that also stop the model: somebody wanted silence, or nobody can hear it any
 * more.
 */
const STOPS: ReadonlySet<Reason | null> = new Set([
  'skipped',
  'stopped',
  'left',
  'not-joined',
  'restarting',
] as const);

/**
 * One answer of the language model. The model is asked when the turn of this answer in its channel has come, and the
 * bot says what it has written while it is still writing.
 */
export class Answering {
  /** The words that are said, which grow with the answer. */
  readonly words = new LiveWords(() => this.begin());
  readonly #options: AnsweringOptions;
  readonly #stop = new AbortController();
  readonly #over = Promise.withResolvers<void>();
  #state: 'waiting' | 'in turn' | 'over' = 'waiting';
  #text = '';
  /** Whether a whole sentence has been written, so that the answer is shown as it grows. */
  #begun = false;
  #problem: UserError | null = null;
  #leftOut = false;
  #usage: TokenUsage | undefined;

  constructor(options: AnsweringOptions) {
    this.#options = options;
  }

  /** Resolves when no more will be written, whether the answer is whole, was stopped, or failed. */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  /** The answer so far, as the model wrote it. */
  get text(): string {
    return this.#text;
  }

  /** Whether the answer was stopped before its end. */
  get stopped(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Why there is no answer, or why it is not whole; null when nothing went wrong. */
  get problem(): UserError | null {
    return this.#problem;
  }

  /** Whether sentences of the answer were not said because they may not be said in this guild. */
  get leftOut(): boolean {
    return this.#leftOut;
  }

  /** Whether the model has not been asked yet. */
  get waits(): boolean {
    return this.#state === 'waiting';
  }

  /** Asks the model as soon as it is this answer's turn in the channel. Only the first call does anything. */
  begin(): void {
    if (this.#state !== 'waiting') return;
    this.#state = 'in turn';
    this.#options.inTurn(() => this.#write());
  }

  /**
   * Call this when the line that says the answer is over. `outcome` is the reason why it was not said, or null
   * when it was said. If somebody silenced the line, the model is stopped too.
   */
  lineEnded(outcome: Reason | null): void {
    if (this.#state !== 'over' && STOPS.has(outcome)) this.#stop.abort();
    if (this.stopped || this.#state === 'waiting') this.#end();
  }

  /**
   * Call this when the line that says the answer failed with `error`. Returns whether the caller must be told of
   * it. They need not be when the shown answer already tells them the same, or when there was nothing to say.
   */
  lineFailed(error: UserError): boolean {
    if (this.#state === 'waiting') this.#problem = error;
    return error !== this.#problem && error.key !== 'nothing-to-say';
  }

  async #write(): Promise<void> {
    if (this.#state === 'over') return;
    const { model, language, messages } = this.#options;
    const { signal } = this.#stop;
    const cutter = new SentenceCutter(language);
    let settling: NodeJS.Timeout | undefined;
    try {
      const onUsage = (usage: TokenUsage) => {
        this.#usage = usage;
      };
      for await (const delta of model.answer(messages(), { signal, onUsage })) {
        clearTimeout(settling);
        this.#text += delta;
        this.#grown(cutter.push(delta));
        settling = later(this.#options.log, 'an answer settled', SETTLED_MS, () =>
          this.#grown(cutter.settle()),
        );
      }
      this.#say(cutter.end());
    } catch (error) {
      if (!signal.aborted) {
        this.#problem = this.#explain(error);
        this.#say(cutter.settle()); // Whole sentences that are already shown are said too.
      }
    } finally {
      clearTimeout(settling);
      this.#end();
    }
  }

  /** Says the sentences that have become whole, and shows the answer so far. */
  #grown(cuts: readonly Cut[]): void {
    this.#begun ||= cuts.length > 0 || this.#text.length > LONG_BEGINNING;
    if (this.#begun) this.#options.onText(this.#text);
    this.#say(cuts);
  }

  #say(cuts: readonly Cut[]): void {
    for (const { text, ended } of cuts) {
      const said = this.#options.speakable(text);
      if (said === null) this.#leftOut = true;
      else if (said !== '') this.words.say(said, ended);
    }
  }

  #explain(error: unknown): UserError {
    const { guildId, log } = this.#options;
    if (!(error instanceof ModelError)) {
      log.error({ guildId, err: error }, 'an answer of the language model failed');
      return new UserError('sorry');
    }
    log.warn({ guildId, kind: error.kind, status: error.status }, 'the language model failed');
    return new UserError(`model.${error.kind}`);
  }

  #end(): void {
    if (this.#state === 'over') return;
    const { guildId, log } = this.#options;
    this.#state = 'over';
    const { asked, answered } = this.#usage ?? {};
    const outcome = this.stopped ? 'stopped' : this.#problem ? 'failed' : 'whole';
    log.info({ guildId, outcome, characters: this.#text.length, asked, answered }, 'a question to the model');
    this.words.end(this.#problem ?? new UserError('nothing-to-say'));
    this.#over.resolve();
  }
}
