import { setTimeout as sleep } from 'node:timers/promises';
import type { Player } from '../audio/player.ts';
import { UserError } from '../errors.ts';
import type { Circuit } from '../fish/circuit.ts';
import { FishError } from '../fish/errors.ts';
import type { Logger } from '../log.ts';
import { later, walled } from '../walls.ts';
import { Ahead } from './ahead.ts';
import { explain, reasonFor } from './failures.ts';
import type { Floor } from './floor.ts';
import type { SpeechQueue } from './queue.ts';
import { type QueuedLine, Silenced } from './queued-line.ts';
import { Unsaid } from './reasons.ts';
import type { Sound, SoundMaker } from './sound.ts';
import type { SpeechTally } from './tally.ts';
import type { Tap } from './tap.ts';

// Says the lines that wait, one after another: takes the next line from the queue as soon as it may begin (`floor.ts`),
// gives its sound (`ahead.ts`) to the player, and ends it with what became of it.

/** After an error between two lines the next line begins this many milliseconds later. */
const FAULT_PAUSE_MS = 1_000;
/** How often it is looked whether the line whose turn has come goes on. */
const LOOK_MS = 1_000;

export interface PlayoutOptions {
  readonly queue: SpeechQueue;
  readonly floor: Floor;
  readonly sounds: SoundMaker;
  readonly player: Player;
  readonly circuit: Circuit;
  /** Nothing is sent to Fish Audio while it is shut. */
  readonly tap: Tap;
  readonly tally: SpeechTally;
  /** Called when no line is being heard and none can begin now. */
  readonly onQuiet: () => void;
  /** Called when a line that had been taken is not said, because no more may be spent. */
  readonly onUnsaid: (queued: QueuedLine, why: Unsaid) => void;
  /** Called when a line failed at Fish Audio, and again and again while one waits long for it in an outage. */
  readonly onTrouble: () => void;
  readonly log: Logger;
}

/** It begins when it is made. While a line is being heard, the next line is already being synthesised. */
export class Playout implements Disposable {
  readonly #options: PlayoutOptions;
  readonly #ahead: Ahead;
  #current: QueuedLine | null = null;
  #wake = Promise.withResolvers<void>();
  #over = false;

  constructor(options: PlayoutOptions) {
    this.#options = options;
    const { queue, floor, sounds, player, tally, log } = options;
    this.#ahead = new Ahead({
      queue,
      sounds,
      current: () => this.#current,
      paused: () => player.paused,
      wanted: () => floor.isFree({ inHand: false, notBefore: queue.next?.line.notBefore }),
      onRefused: why => this.#nextRefused(why),
      onEnded: journey => tally.ended(journey),
      log,
    });
    void this.#run();
  }

  /** The line being heard, or about to be heard; null if there is none. */
  get current(): QueuedLine | null {
    return this.#current;
  }

  /** Call this when it may have changed which line is the next one, or whether it may begin. */
  goOn(): void {
    this.#ahead.look();
    this.#wake.resolve();
  }

  /** Notes that somebody has come who has not heard who spoke before. */
  newcomer(): void {
    this.#ahead.lastSpeaker.newcomer();
  }

  /** Begins no more lines; the line being heard goes on. */
  [Symbol.dispose](): void {
    this.#over = true;
    this.#ahead[Symbol.dispose]();
    this.#wake.resolve();
  }

  async #run(): Promise<void> {
    while (!this.#over) {
      let pauseMs = 0;
      const onFault = () => {
        pauseMs = FAULT_PAUSE_MS;
      };
      await walled(this.#options.log, 'conversation', () => this.#sayNext(), onFault);
      if (pauseMs > 0) await sleep(pauseMs);
    }
  }

  /** Says the next line, or waits until there may be one. */
  async #sayNext(): Promise<void> {
    const { queue, floor, onQuiet } = this.#options;
    const { next } = queue;
    const about = { inHand: Boolean(next?.sound), notBefore: next?.line.notBefore };
    const queued = floor.isFree(about) ? queue.shift() : undefined;
    if (queued) return this.#say(queued);
    this.#wake = Promise.withResolvers();
    onQuiet();
    await this.#wake.promise;
  }

  /** Says one line. Its way: text → Fish Audio → Ogg → 20 ms Opus packets → cushion → player → call. */
  async #say(queued: QueuedLine): Promise<void> {
    this.#current = queued;
    let whole = false;
    let wait: NodeJS.Timeout | undefined;
    try {
      const sound = this.#ahead.soundOf(queued);
      wait = this.#watchWait(sound);
      await this.#options.player.play(sound.cushion, {
        signal: queued.signal,
        onBegun: () => queued.begin(),
      });
      whole = true;
      queued.end(null);
    } catch (error) {
      this.#failed(queued, error);
    } finally {
      clearTimeout(wait);
      this.#current = null;
      this.#ahead.ended(queued, { whole });
    }
  }

  /**
   * Has people told of an outage when they have heard nothing of the line for long. It may wait for minutes before it
   * fails, and nobody else may write meanwhile. Returns the timer, which runs as long as the line is being heard.
   */
  #watchWait({ cushion }: Sound): NodeJS.Timeout {
    const { circuit, tap, onTrouble, log } = this.#options;
    let [since, played] = [performance.now(), 0];
    const timer = later(log, 'a line that waits for Fish Audio', LOOK_MS, () => {
      timer.refresh();
      const waits = tap.open && !cushion.filled && cushion.played === played;
      if (!waits) [since, played] = [performance.now(), cushion.played];
      if (circuit.isHoldingUp(performance.now() - since)) onTrouble();
    });
    return timer;
  }

  /** Drops the next line, because no more may be spent. */
  #nextRefused(why: Unsaid): void {
    const queued = this.#options.queue.shift();
    if (queued) this.#failed(queued, why);
  }

  #failed(queued: QueuedLine, error: unknown): void {
    if (error instanceof Silenced) return queued.end(error.reason); // most often it has been ended already
    const { log, onUnsaid, onTrouble } = this.#options;
    if (error instanceof Unsaid) onUnsaid(queued, error);
    else if (!(error instanceof FishError || error instanceof UserError))
      log.error({ err: error }, 'a line failed');
    queued.end(reasonFor(error), explain(error));
    if (error instanceof FishError) onTrouble();
  }
}
