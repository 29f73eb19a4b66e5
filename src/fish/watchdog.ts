import type { Logger } from '../log.ts';
import { Deadline } from './deadline.ts';
import { FishError, type FishPhase } from './errors.ts';
import type { FishTimings } from './timings.ts';

// Notices when Fish Audio does not answer in time in one session; `delivery.ts` decides what follows. What Fish
// owes us, and when, is written here; `timings.ts` says how long it may take.

type Waits = Pick<FishTimings, 'firstAudioMs' | 'stallMs' | 'finishMs'>;

/**
 * Fish owes the first audio after the first `flush` or `stop`, more audio after a later `flush`, and audio or `finish`
 * after `stop`. While Fish owes nothing no time runs: a language model may think as long as it likes between two
 * sentences.
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

  /** Notes that audio has come. */
  heard(): void {
    this.#heardAudio = true;
    this.#owed = this.#stopped;
    this.#restart();
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

  #restart(): void {
    this.#deadline.clear();
    this.#phase = undefined;
    this.#watch();
  }

  #watch(): void {
    if (!this.#owed || this.#resting) return;
    const late = this.#stopped ? 'finish' : 'stall';
    const phase = this.#heardAudio ? late : 'first-audio';
    if (this.#phase === phase) return;
    this.#phase = phase;
    const { firstAudioMs, stallMs, finishMs } = this.#waits;
    const ms = { 'first-audio': firstAudioMs, stall: stallMs, finish: finishMs }[phase];
    this.#deadline.start(ms, () => {
      this.#onLate(new FishError('timeout', `Fish Audio was silent for ${ms} ms (${phase})`, { phase }));
    });
  }
}
