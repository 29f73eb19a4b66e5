import type { Networking } from '@discordjs/voice';
import type { Logger } from '../log.ts';
import { walled } from '../walls.ts';
import type { LinkPhase } from './phase.ts';

// The states of `CallLink` (`link.ts`), which keeps the bot in one voice channel: it joins, can be heard, waits for its
// next join, or has ended. `phase.ts` has the steps of joining. Which state follows is decided by the link.

export type LinkState =
  | { readonly name: 'joining'; readonly phase: LinkPhase }
  | { readonly name: 'audible' }
  /**
   * The link waits for its next join. A networking other than `givenUp` ends the wait early. If `mayForm`, it also
   * ends early when the encryption group takes the bot in after all.
   */
  | { readonly name: 'waiting'; readonly givenUp: Networking | null; readonly mayForm: boolean }
  | { readonly name: 'ended' };

/** What is done when a state has lasted for `ms` milliseconds. `what` names it in the log, should it throw. */
export interface StateTimer {
  readonly what: string;
  readonly ms: number;
  readonly run: () => void;
}

export interface PresentStateOptions {
  readonly log: Logger;
  /** Called when what a state's timer runs has thrown, so that the link never waits for nothing. It is logged. */
  readonly onFault: () => void;
}

/**
 * The state in which a link is, with the timer of that state, which ends with it. It begins as `joining`, and never
 * leaves `ended`.
 */
export class PresentState {
  readonly #options: PresentStateOptions;
  #now: LinkState = { name: 'joining', phase: 'signalling' };
  #timer: NodeJS.Timeout | undefined;
  #change = Promise.withResolvers<void>();

  constructor(options: PresentStateOptions) {
    this.#options = options;
  }

  get now(): LinkState {
    return this.#now;
  }

  get name(): LinkState['name'] {
    return this.#now.name;
  }

  /** The phase of joining; null when the link is not joining. */
  get phase(): LinkPhase | null {
    return this.#now.name === 'joining' ? this.#now.phase : null;
  }

  /** Resolves when another state is entered. */
  get changed(): Promise<void> {
    return this.#change.promise;
  }

  /** Enters a state, and returns the former one. Once the link has ended it does nothing, and returns `ended`. */
  enter(next: LinkState, timer?: StateTimer): LinkState {
    const former = this.#now;
    if (former.name === 'ended') return former;
    clearTimeout(this.#timer);
    this.#now = next;
    this.#timer = timer && this.#started(timer);
    this.#change.resolve();
    this.#change = Promise.withResolvers();
    return former;
  }

  #started({ what, ms, run }: StateTimer): NodeJS.Timeout {
    const { log, onFault } = this.#options;
    return setTimeout(() => walled(log, what, run, onFault), ms);
  }
}
