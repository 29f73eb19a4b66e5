import type { Circuit } from '../fish/circuit.ts';
import { explain, reasonFor } from './failures.ts';
import { Unsaid } from './reasons.ts';
import type { Logger } from '../log.ts';
import { insist, later } from '../walls.ts';

/**
 * Why nobody would hear the bot, though it is in the channel. `muted`: by a moderator; `audience`: of a stage;
 * `no-permission`: to speak; `suppressed`: by Discord for another reason, as everybody is in an AFK channel.
 */
export type Hindrance = 'muted' | 'audience' | 'no-permission' | 'suppressed';

export interface FloorOptions {
  /** Somebody is there to listen. */
  readonly listened: () => boolean;
  readonly hindrance: () => Hindrance | null;
  readonly circuit: Circuit;
  /** It may have become different whether the next line can be begun. */
  readonly onChange: () => void;
  /** Fish Audio fails, and what waits shall not wait for it any longer. */
  readonly onGivenUp: (error: unknown) => void;
  readonly log: Logger;
}

/** What waits when Fish begins to fail may be said when that passes within this; nobody wants it said much later. */
const PATIENCE_MS = 20_000;

/** Whether the next line may be begun: somebody is there to listen and would hear it, and Fish Audio can be asked. */
export class Floor implements Disposable {
  readonly #options: FloorOptions;
  readonly #life = new AbortController();
  #patience: NodeJS.Timeout | undefined;

  constructor(options: FloorOptions) {
    this.#options = options;
    const changed = () => insist(options.log, 'an outage', () => this.#circuitChanged());
    options.circuit.onChange(changed, this.#life);
  }

  /** `inHand`: it has been synthesised already, or is being so. */
  isFree({ inHand }: { inHand: boolean }): boolean {
    const { listened, hindrance, circuit } = this.#options;
    return listened() && !hindrance() && (inHand || circuit.refusal === null);
  }

  /** Throws Unsaid where a new line could not be said for now, whoever is there: nothing can be had from Fish. */
  checkFish(): void {
    const refusal = this.#options.circuit.knock();
    if (refusal) throw new Unsaid(reasonFor(refusal), explain(refusal).key);
  }

  [Symbol.dispose](): void {
    this.#life.abort();
    clearTimeout(this.#patience);
  }

  #circuitChanged(): void {
    const { circuit, onChange, onGivenUp } = this.#options;
    if (!circuit.outage) {
      clearTimeout(this.#patience);
      this.#patience = undefined;
    } else if (!this.#patience) {
      const { error } = circuit.outage;
      // What somebody has to mend is not mended within seconds.
      if (!error.retryable) onGivenUp(error);
      const giveUp = () => onGivenUp(circuit.outage?.error);
      this.#patience = later(this.#options.log, 'an outage given up on', PATIENCE_MS, giveUp);
    }
    onChange();
  }
}
