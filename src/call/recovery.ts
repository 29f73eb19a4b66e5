import { DeadPaths } from './dead-paths.ts';
import type { LinkPhase } from './phase.ts';
import { closeRemedy, type Remedy, rejoinRemedy } from './remedy.ts';

/** The voice server may go away for a while before Discord names another (null endpoint). */
const ENDPOINT_WAIT_MS = 30_000;
const ENDPOINT_WAITS = 5;
/** The gateway cannot take a join while its own connection is down; asked again after this. */
const GATEWAY_WAIT_MS = 1_000;
const GATEWAY_GIVE_UP_MS = 120_000;
/** Re-joins for a phase that passed its deadline while the first join was still awaited, and for encryption always. */
const FIRST_JOIN_RETRIES = 1;

/** What one link has been through, and so what it does next. */
export class Recovery {
  readonly deadPaths = new DeadPaths();
  /** Re-joins since it was heard for a while. */
  #attempts = 0;
  /** How many of these were for want of end-to-end encryption: whatever else fails does not use up that one's try. */
  #unencrypted = 0;
  /** It has been in the channel that it is to be in. */
  #everReady = false;
  #gatewayDownSince: number | null = null;

  get attempts(): number {
    return this.#attempts;
  }

  /** All is well for a while, or begins anew. */
  forget(): void {
    this.#attempts = 0;
    this.#unencrypted = 0;
  }

  /** Another channel is entered for the first time. */
  anew(): void {
    this.forget();
    this.#everReady = false;
  }

  ready(): void {
    this.#everReady = true;
  }

  /** A re-join is tried. */
  tried(): void {
    this.#attempts += 1;
  }

  /** The gateway has taken the join. */
  asked(): void {
    this.#gatewayDownSince = null;
  }

  afterClose(code: number | undefined): Remedy {
    return closeRemedy(code, this.#attempts);
  }

  afterFault(): Remedy {
    return rejoinRemedy(this.#attempts, 'closed');
  }

  /** The voice server has gone, and Discord has not named another. */
  withoutServer(): Remedy {
    return this.#attempts < ENDPOINT_WAITS ? { pauseMs: ENDPOINT_WAIT_MS } : { end: 'closed' };
  }

  /** The gateway could not take the join that was tried. */
  withoutGateway(): Remedy {
    this.#attempts -= 1;
    this.#gatewayDownSince ??= performance.now();
    const given = performance.now() - this.#gatewayDownSince > GATEWAY_GIVE_UP_MS;
    return given ? { end: 'closed' } : { pauseMs: GATEWAY_WAIT_MS };
  }

  /** A phase has not got on. */
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
