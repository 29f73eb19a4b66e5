import { UserError } from '../errors.ts';
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

/** A line on its way through a session, one with those that were joined to it. */
export class QueuedLine {
  line: Line;
  /** How many messages it is made of. */
  messages = 1;
  /** When it is heard (see `SpeechQueue`). */
  readonly turn: { readonly priority: boolean; readonly round: number };
  /** Null until its synthesis begins. */
  sound: Sound | null = null;
  readonly #silence = new AbortController();
  #over = false;

  constructor(line: Line, turn: QueuedLine['turn']) {
    this.line = line;
    this.turn = turn;
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

  /** It shall not be heard, or no further. Only where nobody in the server wanted that, people are told. */
  silence(reason: Reason): void {
    this.#silence.abort(new Silenced(reason));
    this.end(reason, reason === 'restarting' ? new UserError('restarting') : undefined);
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
