import type { Circuit } from '../fish/circuit.ts';
import type { Logger } from '../log.ts';
import { insist, later } from '../walls.ts';
import { explain, reasonFor } from './failures.ts';
import { Unsaid } from './reasons.ts';

// Decides whether the next line may begin: somebody listens and would hear it, Fish Audio can be asked, and its time
// has come. How long lines wait for a Fish Audio that fails is decided here too; `playout.ts` says them.

/**
 * Why nobody would hear the bot, though it is in a voice channel. `muted`: a moderator has muted it; `audience`: it is
 * in the audience of a stage; `no-permission`: it may not speak there; `suppressed`: Discord silences it for another
 * reason, as it does with everybody in an AFK channel.
 */
export type Hindrance = 'muted' | 'audience' | 'no-permission' | 'suppressed';

export interface FloorOptions {
  /** Whether somebody is there to listen. */
  readonly listened: () => boolean;
  readonly hindrance: () => Hindrance | null;
  readonly circuit: Circuit;
  /** Called when `isFree` may have changed because of Fish Audio, or because time has passed. */
  readonly onChange: () => void;
  /**
   * Called, again and again in an outage, when Fish Audio has failed for too long for the lines that were accepted
   * at `until` (`performance.now()`) or before: they are given up.
   */
  readonly onGivenUp: (error: unknown, until: number) => void;
  readonly log: Logger;
}

/**
 * How long each line is kept in an outage, from its beginning or from when the line was accepted; nobody wants it
 * said much later.
 */
const PATIENCE_MS = 20_000;
/** How often it is looked whether a line has waited for too long. */
const LOOK_MS = 1_000;

/** Calls `onChange` when the answer may have changed, and `onGivenUp` while Fish Audio fails for too long. */
export class Floor implements Disposable {
  readonly #options: FloorOptions;
  readonly #life = new AbortController();
  /** Runs during an outage, again and again. */
  #patience: NodeJS.Timeout | undefined;
  /** Runs until the next line may begin, if it has to wait for a certain time. */
  #waiting: NodeJS.Timeout | undefined;

  constructor(options: FloorOptions) {
    this.#options = options;
    const changed = () => insist(options.log, 'an outage', () => this.#circuitChanged());
    options.circuit.onChange(changed, this.#life);
  }

  /**
   * Whether the next line may begin. `inHand` says that its synthesis has begun already, so Fish need not be asked. For
   * `notBefore` see `Line`; `onChange` is called when that time has come.
   */
  isFree({ inHand, notBefore = 0 }: { inHand: boolean; notBefore?: number | undefined }): boolean {
    const { listened, hindrance, circuit } = this.#options;
    return listened() && !hindrance() && (inHand || circuit.refusal === null) && this.#hasCome(notBefore);
  }

  /** Throws Unsaid if a new line cannot be said for now because Fish Audio does not work. */
  checkFish(): void {
    const refusal = this.#options.circuit.knock();
    if (refusal) throw new Unsaid(reasonFor(refusal), explain(refusal).key);
  }

  [Symbol.dispose](): void {
    this.#life.abort();
    clearTimeout(this.#patience);
    clearTimeout(this.#waiting);
  }

  #hasCome(time: number): boolean {
    clearTimeout(this.#waiting);
    const { log, onChange } = this.#options;
    const leftMs = time - performance.now();
    if (leftMs > 0) this.#waiting = later(log, 'a line that waits for its time', leftMs, onChange);
    return leftMs <= 0;
  }

  #circuitChanged(): void {
    const { circuit, onChange, onGivenUp, log } = this.#options;
    if (!circuit.outage) {
      clearTimeout(this.#patience);
      this.#patience = undefined;
    } else if (!this.#patience) {
      const { error } = circuit.outage;
      const outSince = performance.now();
      // A failure that somebody has to mend does not pass within seconds, so nobody waits.
      if (!error.retryable) onGivenUp(error, outSince);
      this.#patience = later(log, 'an outage given up on', LOOK_MS, () => {
        this.#patience?.refresh();
        const until = performance.now() - PATIENCE_MS;
        if (until >= outSince) onGivenUp(circuit.outage?.error, until);
      });
    }
    onChange();
  }
}
