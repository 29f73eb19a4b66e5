import { UserError } from '../errors.ts';
import { spokenSeconds } from '../text/length.ts';
import type { Line } from './line.ts';
import type { Reason } from './reasons.ts';
import type { Sound } from './sound.ts';

/** Why a line fell silent before its end, or was not begun: somebody wanted it so. */
export class Silenced extends Error {
  override readonly name = 'Silenced';
  readonly reason: Reason;

  constructor(reason: Reason) {
    super(reason);
    this.reason = reason;
  }
}

/** About how long a line is heard. Of an answer that is still to be written only the question is known. */
export function secondsOf({ text, manner }: Line): number {
  return spokenSeconds(text) / manner.speed;
}

/** A line on its way through a session, one with those that were joined to it. */
export class QueuedLine {
  /** Heard before those without. */
  readonly priority: boolean;
  #line: Line;
  #seconds: number;
  /** How many messages it is made of. */
  #messages = 1;
  /** Null until its synthesis begins. */
  sound: Sound | null = null;
  readonly #silence = new AbortController();
  #over = false;

  constructor(line: Line, { priority }: { readonly priority: boolean }) {
    this.priority = priority;
    this.#line = line;
    this.#seconds = secondsOf(line);
  }

  get line(): Line {
    return this.#line;
  }

  get userId(): string {
    return this.#line.userId;
  }

  get messages(): number {
    return this.#messages;
  }

  /** An estimate (see `secondsOf`). */
  get seconds(): number {
    return this.#seconds;
  }

  /** Another message is said with it: `both`, in one breath. */
  join(both: Line): void {
    this.#line = both;
    this.#seconds = secondsOf(both);
    this.#messages += 1;
  }

  /** Aborted, with a Silenced, when it shall not be heard any further. */
  get signal(): AbortSignal {
    return this.#silence.signal;
  }

  /** Lets go of what was synthesised; it can be made again. */
  unmake(): void {
    this.sound?.controller.abort(new Silenced('stopped'));
    this.sound = null;
  }

  /** It shall not be heard, or no further. `error` is what people are told where nobody in the server wanted that. */
  silence(reason: Reason, error?: UserError): void {
    this.#silence.abort(new Silenced(reason));
    this.end(reason, reason === 'restarting' ? new UserError('restarting') : error);
  }

  /** Tells what became of it, once: null when it was heard to its end. `error` is what people are told. */
  end(outcome: Reason | null, error?: UserError): void {
    if (this.#over) return;
    this.#over = true;
    this.sound?.controller.abort(new Silenced(outcome ?? 'stopped'));
    if (error) this.line.onFailed(error);
    this.line.onOutcome(outcome);
  }
}
