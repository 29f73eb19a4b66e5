import { DeadPaths } from './dead-paths.ts';
import type { LinkPhase } from './phase.ts';
import { closeRemedy, type Remedy, rejoinRemedy } from './remedy.ts';

/**
 * The pause before a re-join when Discord has taken the voice server away (null endpoint) and has not named another.
 */
const ENDPOINT_WAIT_MS = 30_000;
const ENDPOINT_WAITS = 5;
/** While the connection to the gateway is down, no join can be sent; it is tried again after this pause. */
const GATEWAY_WAIT_MS = 1_000;
const GATEWAY_GIVE_UP_MS = 120_000;
/**
 * So many re-joins are tried when a phase passes its deadline before the bot was ever in the channel. For the phase of
 * encryption it is always so many.
 */
const FIRST_JOIN_RETRIES = 1;

/** Remembers what has gone wrong with one link, and decides what the link does next. */
export class Recovery {
  readonly deadPaths = new DeadPaths();
  /** How many re-joins were tried since people could hear the bot for a while. */
  #attempts = 0;
  /** How many of these were tried because end-to-end encryption had failed; they are counted apart from the others. */
  #unencrypted = 0;
  /** Whether the bot has been in the channel that it is to be in now. */
  #everReady = false;
  #gatewayDownSince: number | null = null;

  /** How many re-joins were tried since people could hear the bot for a while. */
  get attempts(): number {
    return this.#attempts;
  }

  /** Counts re-joins from zero again. */
  forget(): void {
    this.#attempts = 0;
    this.#unencrypted = 0;
  }

  /** To be called when the bot begins to move to another channel. */
  anew(): void {
    this.forget();
    this.#everReady = false;
  }

  /** To be called when the bot is in the channel. */
  ready(): void {
    this.#everReady = true;
  }

  /** Counts a re-join. */
  tried(): void {
    this.#attempts += 1;
  }

  /** To be called when the gateway has accepted a join. */
  asked(): void {
    this.#gatewayDownSince = null;
  }

  /** What to do after the voice gateway has closed with `code`. */
  afterClose(code: number | undefined): Remedy {
    return closeRemedy(code, this.#attempts);
  }

  /** What to do after an exception. */
  afterFault(): Remedy {
    return rejoinRemedy(this.#attempts, 'closed');
  }

  /** What to do when Discord has taken the voice server away and has not named another. */
  withoutServer(): Remedy {
    return this.#attempts < ENDPOINT_WAITS ? { pauseMs: ENDPOINT_WAIT_MS } : { end: 'closed' };
  }

  /** What to do when the join could not be sent because the gateway is down. */
  withoutGateway(): Remedy {
    this.#attempts -= 1;
    this.#gatewayDownSince ??= performance.now();
    const given = performance.now() - this.#gatewayDownSince > GATEWAY_GIVE_UP_MS;
    return given ? { end: 'closed' } : { pauseMs: GATEWAY_WAIT_MS };
  }

  /** What to do when a phase has passed its deadline. */
  afterDeadline(phase: Exclude<LinkPhase, 'transition'>): Remedy {
    const end = phase === 'resuming' ? 'connecting' : phase;
    if (phase === 'udp' && this.deadPaths.isDead) return this.deadPaths.next();
    if (phase === 'signalling' && !this.#everReady) return { end };
    if (phase === 'encryption') this.#unencrypted += 1;
    const tries = phase === 'encryption' ? this.#unencrypted - 1 : this.#attempts;
    const hopeful = this.#everReady && phase !== 'encryption';
    if (!hopeful && tries >= FIRST_JOIN_RETRIES) return { end };
    return rejoinRemedy(this.#attempts, end);
  }
}
