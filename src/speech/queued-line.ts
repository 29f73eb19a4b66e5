import { UserError } from '../errors.ts';
import { spokenSeconds } from '../text/length.ts';
import { inOneBreath } from './joining.ts';
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

const PACKETS_A_SECOND = 50;

/** Names messages that shall not be said: parts of a line, or all of it. */
export type Which = (part: Line, item: QueuedLine) => boolean;

/** What has become of a line. What was skipped has been said as far as people wanted it. */
export interface LineFate {
  outcome: 'waiting' | 'said' | 'lost';
}

/** About how long a line is heard. Of an answer that is still to be written only the question is known. */
export function secondsOf({ text, manner }: Line): number {
  return spokenSeconds(text) / manner.speed;
}

/** A line on its way through a session: one message or several of the same person, said in one breath. */
export class QueuedLine {
  /** Heard before those without. */
  readonly priority: boolean;
  /** Outlives the line, without its words. */
  readonly fate: LineFate = { outcome: 'waiting' };
  /** Each of them is told of its own fate. */
  #parts: Line[];
  #line: Line;
  #seconds: number;
  /** Null until its synthesis begins. */
  sound: Sound | null = null;
  readonly #silence = new AbortController();

  constructor(parts: readonly [Line, ...Line[]], { priority }: { readonly priority: boolean }) {
    this.priority = priority;
    this.#parts = [...parts];
    this.#line = inOneBreath(parts);
    this.#seconds = secondsOf(this.#line);
  }

  /** As it is said. */
  get line(): Line {
    return this.#line;
  }

  get userId(): string {
    return this.#line.userId;
  }

  /** How many messages it is made of. */
  get messages(): number {
    return this.#parts.length;
  }

  /** An estimate (see `secondsOf`). */
  get seconds(): number {
    return this.#seconds;
  }

  /** Another message is said with it (see `mayJoin`). */
  join(part: Line): void {
    this.#become([...this.#parts, part]);
  }

  /** How many of its messages those are. */
  count(which: Which): number {
    return this.#parts.filter(part => which(part, this)).length;
  }

  /** Some of its messages are not said, while it waits; at least one has to be left. */
  leaveOut(which: Which, reason: Reason): void {
    const gone = this.#parts.filter(part => which(part, this));
    this.#become(this.#parts.filter(part => !gone.includes(part)));
    this.unmake();
    for (const part of gone) part.onOutcome(reason);
  }

  /**
   * Some of its messages are not said, while it is being heard: it ends before the first of them that has not been
   * said yet, or at once in the middle of it. Returns the messages behind that, which are to be said anew.
   */
  cutOff(which: Which, reason: Reason): readonly Line[] {
    if (!this.sound || this.fate.outcome !== 'waiting' || this.count(which) === 0) return [];
    const { cushion } = this.sound;
    const starts = this.#partStarts(this.sound);
    const at = this.#parts.findIndex(
      (part, index) => which(part, this) && (starts[index + 1] ?? Number.POSITIVE_INFINITY) > cushion.played,
    );
    if (at < 0) return [];
    const behind = this.#parts.splice(at);
    for (const part of behind) if (which(part, this)) part.onOutcome(reason);
    const start = starts[at] ?? 0;
    if (at === 0) this.silence(reason);
    else cushion.endAt(start > cushion.played ? cushion.pauseNear(start) : cushion.played);
    return behind.filter(part => !which(part, this));
  }

  /** Aborted, with a Silenced, when it shall not be heard any further. */
  get signal(): AbortSignal {
    return this.#silence.signal;
  }

  /**
   * Nobody is there to hear it any more: its synthesis ends, if it has not, and what there is of it is heard. Returns
   * its messages where nothing of them was heard, to be said when somebody is there.
   */
  letGo(): readonly Line[] {
    if (!this.sound || this.sound.cushion.filled || this.fate.outcome !== 'waiting') return [];
    if (this.sound.cushion.played > 0) {
      this.sound.synthesis.abort(new Silenced('nobody'));
      return [];
    }
    const all = this.#parts.splice(0);
    this.silence('nobody');
    return all;
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
    if (this.fate.outcome !== 'waiting') return;
    this.fate.outcome = outcome === null || outcome === 'skipped' ? 'said' : 'lost';
    this.sound?.controller.abort(new Silenced(outcome ?? 'stopped'));
    for (const part of this.#parts) {
      if (error) part.onFailed(error);
      part.onOutcome(outcome);
    }
  }

  #become(parts: readonly Line[]): void {
    const [first, ...others] = parts;
    if (!first) throw new Error('a line of no messages');
    this.#parts = [first, ...others];
    this.#line = inOneBreath([first, ...others]);
    this.#seconds = secondsOf(this.#line);
  }

  /** With which packet each of its messages begins, by the time that their words take. */
  #partStarts({ cushion, openingSeconds }: Sound): number[] {
    const lengths = this.#parts.map(secondsOf);
    const seconds = lengths.reduce((sum, length) => sum + length, openingSeconds);
    const scale = cushion.filled ? cushion.received / seconds : PACKETS_A_SECOND;
    let start = openingSeconds;
    return lengths.map((length, index) => {
      const begins = index === 0 ? 0 : Math.round(start * scale);
      start += length;
      return begins;
    });
  }
}
