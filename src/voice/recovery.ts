import { DeadPaths } from './dead-paths.ts';
import type { VoiceEnd } from './errors.ts';
import type { LinkPhase } from './phase.ts';

/**
 * Discord's voice close codes (Discord, "Opcodes and Status Codes": Voice Close Event Codes), as far as they
 * decide what happens next.
 */
const CLOSE_DISCONNECTED = 4014;
const CLOSE_DAVE_REQUIRED = 4017;
const CLOSE_RATE_LIMITED = 4021;
const CLOSE_CALL_TERMINATED = 4022;

/** Pauses before our own re-joins, in ms; there are as many re-joins as pauses. */
const REJOIN_PAUSES_MS = [0, 1_000, 2_000, 4_000, 8_000];
const JITTER = 0.2;

/** After 4014 Discord may still say where it moved us, or that we were kicked. */
const MOVE_WAIT_MS = 5_000;
/** The voice server may go away for a while before Discord names another (null endpoint). */
const ENDPOINT_WAIT_MS = 30_000;
const ENDPOINT_WAITS = 5;
/** The gateway cannot take a join while its own connection is down; asked again after this. */
const GATEWAY_WAIT_MS = 1_000;
const GATEWAY_GIVE_UP_MS = 120_000;
/** Re-joins for a phase that passed its deadline while the first join was still awaited. */
const FIRST_JOIN_RETRIES = 1;

/** What to do about a voice connection that failed: end for good, or re-join after a pause. */
export type Remedy = { end: VoiceEnd } | { pauseMs: number };

/** The pause before re-join number `attempt` (from 0) with ±20 % of jitter, or the end when none is left. */
export function rejoinRemedy(attempt: number, end: VoiceEnd, random: () => number = Math.random): Remedy {
  const pause = REJOIN_PAUSES_MS[attempt];
  if (pause === undefined) return { end };
  return { pauseMs: pause * (1 + JITTER * (2 * random() - 1)) };
}

/** The remedy for a close `code` of the voice gateway; `attempt` counts the re-joins so far. */
export function closeRemedy(code: number | undefined, attempt: number): Remedy {
  if (code === CLOSE_DAVE_REQUIRED) return { end: 'outdated' };
  if (code === CLOSE_CALL_TERMINATED) return { end: 'gone' };
  if (code === CLOSE_RATE_LIMITED) return { end: 'limited' };
  if (code === CLOSE_DISCONNECTED && attempt === 0) return { pauseMs: MOVE_WAIT_MS };
  return rejoinRemedy(attempt, 'closed');
}

/** What one link has been through, and so what it does next. */
export class Recovery {
  readonly deadPaths = new DeadPaths();
  /** Re-joins since it was heard for a while. */
  #attempts = 0;
  /** It has been in the channel that it is to be in. */
  #everReady = false;
  #gatewayDownSince: number | null = null;

  get attempts(): number {
    return this.#attempts;
  }

  /** All is well for a while, or begins anew. */
  forget(): void {
    this.#attempts = 0;
  }

  /** Another channel is entered for the first time. */
  anew(): void {
    this.#attempts = 0;
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
    const hopeful = this.#everReady && phase !== 'encryption';
    if (!hopeful && this.#attempts >= FIRST_JOIN_RETRIES) return { end };
    return rejoinRemedy(this.#attempts, end);
  }
}
