import { UserError } from '../../errors.ts';
import { ModelError } from '../../llm/errors.ts';
import type { ChatMessage, LanguageModel, TokenUsage } from '../../llm/model.ts';
import type { Logger } from '../../log.ts';
import { LiveWords } from '../../speech/live-words.ts';
import type { Reason } from '../../speech/reasons.ts';
import type { Language } from '../../text/language.ts';
import { type Cut, SentenceCutter } from '../../text/sentences.ts';
import { later } from '../../walls.ts';

export interface AnsweringOptions {
  readonly model: LanguageModel;
  readonly guildId: string;
  /** Of the server, for where sentences end. */
  readonly language: Language;
  /** What was said before, and the question. */
  readonly messages: () => readonly ChatMessage[];
  /** Calls `write` when nothing else is written in this channel. */
  readonly inTurn: (write: () => Promise<void>) => void;
  /** What is said of a sentence; empty when nothing can be. */
  readonly speakable: (sentence: string) => string;
  /** The answer so far. */
  readonly onText: (text: string) => void;
  readonly log: Logger;
}

/** What looks like a sentence is taken for one when nothing has come for so long. */
const SETTLED_MS = 250;

/** Somebody wanted silence, or there is nobody to hear it any more. */
const STOPS: ReadonlySet<Reason | null> = new Set([
  'skipped',
  'stopped',
  'left',
  'not-joined',
  'restarting',
] as const);

/** One answer of the language model: written once its turn has come, said sentence by sentence as it is written. */
export class Answering {
  readonly words = new LiveWords(() => this.begin());
  readonly #options: AnsweringOptions;
  readonly #stop = new AbortController();
  readonly #over = Promise.withResolvers<void>();
  #state: 'waiting' | 'in turn' | 'over' = 'waiting';
  #text = '';
  #problem: UserError | null = null;
  #usage: TokenUsage | undefined;

  constructor(options: AnsweringOptions) {
    this.#options = options;
  }

  /** Resolves when no more will be written, well or not. */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  /** As the model wrote it, so far. */
  get text(): string {
    return this.#text;
  }

  /** It was stopped before its end. */
  get stopped(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Why there is no answer, or no more of it. */
  get problem(): UserError | null {
    return this.#problem;
  }

  /** It has not been begun. */
  get waits(): boolean {
    return this.#state === 'waiting';
  }

  /** Asks the model as soon as it is this one's turn. Again: nothing. */
  begin(): void {
    if (this.#state !== 'waiting') return;
    this.#state = 'in turn';
    this.#options.inTurn(() => this.#write());
  }

  /** What became of the line that says it. Whoever silences it stops the model too. */
  said(outcome: Reason | null): void {
    if (this.#state !== 'over' && STOPS.has(outcome)) this.#stop.abort();
    if (this.stopped || this.#state === 'waiting') this.#end();
  }

  /**
   * The line that says it failed. Whether people have to be told: not of what the answer itself says, nor when it is
   * the answer that there will be none.
   */
  failed(error: UserError): boolean {
    if (this.#state === 'waiting') this.#problem = error;
    return error !== this.#problem && error.key !== 'nothing-to-say';
  }

  async #write(): Promise<void> {
    if (this.#state === 'over') return;
    const { model, language, messages, onText } = this.#options;
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
        onText(this.#text);
        this.#say(cutter.push(delta));
        settling = later(this.#options.log, 'an answer settled', SETTLED_MS, () =>
          this.#say(cutter.settle()),
        );
      }
      this.#say(cutter.end());
    } catch (error) {
      if (!signal.aborted) {
        this.#say(cutter.settle()); // what is shown whole is said
        this.#problem = this.#explain(error);
      }
    } finally {
      clearTimeout(settling);
      this.#end();
    }
  }

  #say(cuts: readonly Cut[]): void {
    for (const { text, ended } of cuts) {
      const said = this.#options.speakable(text);
      if (said !== '') this.words.say(said, ended);
    }
  }

  #explain(error: unknown): UserError {
    const { guildId, log } = this.#options;
    if (!(error instanceof ModelError)) {
      log.error({ guildId, err: error }, 'an answer failed');
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
