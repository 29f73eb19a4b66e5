import { UserError } from '../errors.ts';
import { spokenSeconds } from '../text/length.ts';
import { inOneBreath } from './joining.ts';
import { Journey } from './journey.ts';
import type { Line } from './line.ts';
import type { Reason } from './reasons.ts';
import type { Sound } from './sound.ts';

// A line that waits or is being said: one message, or several messages of one person that are said in one breath. Here
// it is joined, cut off and silenced, and each message learns its outcome; `queue.ts` holds those that wait.

/** Says that a line was ended early, or was not begun, because somebody wanted that, or because nobody is there. */
export class Silenced extends Error {
  override readonly name = 'Silenced';
  readonly reason: Reason;

  constructor(reason: Reason) {
    super(reason);
    this.reason = reason;
  }
}

const PACKETS_A_SECOND = 50;

/** Selects messages that shall not be said. `part` is a message and `queued` the queued line that it belongs to. */
export type PartFilter = (part: Line, queued: QueuedLine) => boolean;

/** What has become of a queued line. A line that was skipped counts as said, as people heard as much as they wanted. */
export interface LineFate {
  outcome: 'waiting' | 'said' | 'lost';
}

/**
 * About how many seconds a line is heard. For an answer that is still to be written, it is the length of the question.
 */
export function secondsOf({ text, manner }: Line): number {
  return spokenSeconds(text) / manner.speed;
}

export class QueuedLine {
  /** A line with priority is heard before those without. */
  readonly priority: boolean;
  /** Is an object of its own, so that others can keep it without keeping the words of the line. */
  readonly fate: LineFate = { outcome: 'waiting' };
  readonly journey = new Journey();
  /** The messages; `onOutcome` and `onFailed` are called for each. */
  #parts: Line[];
  /** All messages as one line, without those that are not to be said any more. */
  #line: Line;
  /** The messages that were taken out after they had been heard. */
  readonly #hidden = new Set<Line>();
  #seconds: number;
  /** Null until the synthesis of the line begins. */
  sound: Sound | null = null;
  readonly #silence = new AbortController();

  constructor(parts: readonly [Line, ...Line[]], { priority }: { readonly priority: boolean }) {
    this.priority = priority;
    this.#parts = [...parts];
    this.#line = inOneBreath(parts);
    this.#seconds = secondsOf(this.#line);
  }

  /** The line as people may see it: all its messages as one, without those that were taken out. */
  get line(): Line {
    return this.#line;
  }

  get userId(): string {
    return this.#line.userId;
  }

  /** How many messages the line is made of. */
  get messages(): number {
    return this.#parts.length;
  }

  /** About how many seconds the line is heard (see `secondsOf`). */
  get seconds(): number {
    return this.#seconds;
  }

  /** About how many seconds of the line are still to be heard. */
  get secondsLeft(): number {
    if (!this.sound) return this.#seconds;
    const { filled, received, played } = this.sound.cushion;
    return Math.max(0, (filled ? received / PACKETS_A_SECOND : this.#seconds) - played / PACKETS_A_SECOND);
  }

  /** Adds a message, which is said in one breath with the others (see `mayJoin`). */
  join(part: Line): void {
    this.#become([...this.#parts, part]);
  }

  /** How many of its messages `which` selects. */
  count(which: PartFilter): number {
    return this.#parts.filter(part => which(part, this)).length;
  }

  /** Takes out the messages that `which` selects, while the line waits; at least one has to be left. */
  leaveOut(which: PartFilter, reason: Reason): void {
    const gone = this.#parts.filter(part => which(part, this));
    this.#become(this.#parts.filter(part => !gone.includes(part)));
    this.unmake();
    for (const part of gone) part.onOutcome(reason);
  }

  /**
   * Takes out the messages that `which` selects, while the line is being heard. The line ends before the first of these
   * that has not been heard yet, or at once if that one is being heard now, or if nothing of the line has been heard:
   * where a message begins is only estimated. Returns the other messages after that, which are to be said anew.
   */
  cutOff(which: PartFilter, reason: Reason): readonly Line[] {
    if (!this.sound || this.fate.outcome !== 'waiting' || this.count(which) === 0) return [];
    const { cushion } = this.sound;
    const starts = this.#partStarts(this.sound);
    const isUnheard = (part: Line, index: number) =>
      which(part, this) && (starts[index + 1] ?? Number.POSITIVE_INFINITY) > cushion.played;
    const at = cushion.played === 0 ? 0 : this.#parts.findIndex(isUnheard);
    const behind = at < 0 ? [] : this.#parts.splice(at);
    this.#hide(which);
    if (at < 0) return [];
    for (const part of behind) if (which(part, this)) part.onOutcome(reason);
    const start = starts[at] ?? 0;
    if (at === 0) this.silence(reason);
    else cushion.endAt(start > cushion.played ? cushion.pauseNear(start) : cushion.played);
    return behind.filter(part => !which(part, this));
  }

  /** Is aborted with a `Silenced` when the line shall not be heard any further. */
  get signal(): AbortSignal {
    return this.#silence.signal;
  }

  /**
   * Ends the synthesis of the line, because nobody is there any more. If some of it has been heard, what has been
   * synthesised is still heard. If nothing has been heard, the line is dropped, and its messages are returned, to be
   * said when somebody is there.
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

  /** Drops the sound of the line; it can be made again. */
  unmake(): void {
    this.sound?.controller.abort(new Silenced('stopped'));
    this.sound = null;
  }

  /** People begin to hear the line now. */
  begin(): void {
    this.journey.firstPacketAt = performance.now();
    for (const part of this.#parts) part.onBegun?.();
  }

  /** Ends the line at once, whether or not it has begun. `error` is what its people are told, if nobody wanted this. */
  silence(reason: Reason, error?: UserError): void {
    this.#silence.abort(new Silenced(reason));
    this.end(reason, reason === 'restarting' ? new UserError('restarting') : error);
  }

  /** Reports once what became of the line: null if it was heard to its end. `error` is what its people are told. */
  end(outcome: Reason | null, error?: UserError): void {
    if (this.fate.outcome !== 'waiting') return;
    this.fate.outcome = outcome === null || outcome === 'skipped' ? 'said' : 'lost';
    this.journey.reason = outcome;
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

  /** Takes the messages that `which` selects, and those that are not said any more, out of what people see. */
  #hide(which: PartFilter): void {
    for (const part of this.#parts) if (which(part, this)) this.#hidden.add(part);
    const [first, ...others] = this.#parts.filter(part => !this.#hidden.has(part));
    if (first) this.#line = inOneBreath([first, ...others]);
  }

  /** Estimates with which packet each of the messages begins, by the lengths of their texts. */
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
