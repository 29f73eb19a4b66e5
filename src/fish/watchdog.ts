import type { Logger } from '../log.ts';
import { Deadline } from './deadline.ts';
import { FishError, type FishPhase } from './errors.ts';
import type { FishTimings } from './timings.ts';

// Notices when Fish Audio does not answer in time in one session; `delivery.ts` decides what follows. What Fish
// owes us, and when, is written here; `timings.ts` says how long it may take.

type Waits = Pick<FishTimings, 'firstAudioMs' | 'stallMs' | 'finishMs'>;

/**
 * Sound puts a deadline off by this many times its own length, though never beyond the whole time that Fish has. So a
 * page of Fish (464 ms) buys all of it, and what drips far slower than it can be heard is a stall in the end.
 */
const MOST_TIMES_AS_SLOW = 10;

/**
 * Fish owes the first audio after the first `flush` or `stop`, more audio after a later `flush`, and audio or `finish`
 * after `stop`. Only sound counts as audio, because bytes may come for ever without any. While Fish owes nothing no
 * time runs: a language model may think as long as it likes between two sentences.
 */
export class Watchdog {
  readonly #waits: Waits;
  readonly #onLate: (error: FishError) => void;
  readonly #deadline: Deadline;
  #phase: FishPhase | undefined;
  #owed = false;
  #stopped = false;
  #heardAudio = false;
  #resting = false;
  /** When the deadline passes that runs now (`performance.now()`). */
  #lateAt = 0;

  constructor(waits: Waits, onLate: (error: FishError) => void, log: Logger) {
    this.#deadline = new Deadline('fish watchdog', log);
    this.#waits = waits;
    this.#onLate = onLate;
  }

  /** Notes that a `flush` was sent, or with `stopped`, the `stop`. A deadline that runs already is not put off. */
  owe({ stopped = false } = {}): void {
    this.#owed = true;
    this.#stopped ||= stopped;
    this.#watch();
  }

  /** Notes how many milliseconds of sound have come. */
  heard(soundMs: number): void {
    const now = performance.now();
    const left = this.#phase === 'finish' ? Math.max(0, this.#lateAt - now) : Number.POSITIVE_INFINITY;
    this.#heardAudio = true;
    this.#owed = this.#stopped;
    this.#restart(left + soundMs * MOST_TIMES_AS_SLOW);
  }

  /** Stops the time while Fish cannot be heard: we have stopped reading, or the socket is being replaced. */
  rest(): void {
    this.#resting = true;
    this.#restart();
  }

  /** Watches again after `rest`, from the beginning of the time that Fish has. */
  wake(): void {
    this.#resting = false;
    this.#restart();
  }

  /** The session is over, so that Fish owes nothing any more. */
  end(): void {
    this.#owed = false;
    this.#stopped = false;
    this.#restart();
  }

  /** Begins the time anew that Fish has, which is at most `mostMs`. */
  #restart(mostMs?: number): void {
    this.#deadline.clear();
    this.#phase = undefined;
    this.#watch(mostMs);
  }

  #watch(mostMs = Number.POSITIVE_INFINITY): void {
    if (!this.#owed || this.#resting) return;
    const late = this.#stopped ? 'finish' : 'stall';
    const phase = this.#heardAudio ? late : 'first-audio';
    if (this.#phase === phase) return;
    this.#phase = phase;
    const { firstAudioMs, stallMs, finishMs } = this.#waits;
    const ms = Math.min(mostMs, { 'first-audio': firstAudioMs, stall: stallMs, finish: finishMs }[phase]);
    this.#lateAt = performance.now() + ms;
    this.#deadline.start(ms, () => {
      const why = `no sound of Fish Audio came in time (${phase})`;
      this.#onLate(new FishError('timeout', why, { phase }));
    });
  }
}
