import { DeadPaths } from './dead-paths.ts';
import type { CallTrouble } from './errors.ts';
import type { LinkPhase } from './phase.ts';
import { closeRemedy, type Remedy, rejoinRemedy } from './remedy.ts';
import { Unencrypted } from './unencrypted.ts';

// Decides what a link (which keeps the bot in one voice channel) does after a failure, by what went wrong before: join
// again, keep trying for minutes, or give up. `remedy.ts` has the pauses of the usual re-joins.

/**
 * When Discord has taken the voice server away (null endpoint), it usually names another one within this time, in
 * milliseconds. If it does not, people are told.
 */
const ENDPOINT_TOLD_MS = 5_000;
/** If no voice server is named for this many milliseconds more, the bot re-joins. */
const ENDPOINT_WAIT_MS = 25_000;
/** How many times in a row the bot waits for another voice server before it leaves. */
const ENDPOINT_WAITS = 5;
/** While the connection to the gateway is down, no join can be sent; it is tried again after this pause. */
const GATEWAY_WAIT_MS = 1_000;
const GATEWAY_GIVE_UP_MS = 120_000;
/** How many re-joins are tried when a phase passes its deadline before the bot was ever in the channel. */
const FIRST_JOIN_RETRIES = 1;

export class Recovery {
  readonly deadPaths = new DeadPaths();
  readonly #unencrypted = new Unencrypted();
  /** How many re-joins were tried since people could hear the bot for a while, without those that are counted apart. */
  #attempts = 0;
  /** Whether the next re-join is counted apart. */
  #apart = false;
  /** Whether the last re-join was counted in `#attempts`. */
  #counted = false;
  #everReady = false;
  #gatewayDownSince: number | null = null;
  /** How often Discord has taken the voice server away since people could last hear the bot. */
  #endpointsRemoved = 0;
  #trouble: CallTrouble | null = null;
  /** The troubles of which people were told since they could last hear the bot for a while. */
  readonly #told = new Set<CallTrouble>();

  /** How many re-joins were tried since people could hear the bot for a while. */
  get attempts(): number {
    return this.#attempts;
  }

  /** Whether the bot has been in the channel that it is to be in now. */
  get everReady(): boolean {
    return this.#everReady;
  }

  /** Why people cannot hear the bot, if it may take minutes until they can; otherwise null. */
  get trouble(): CallTrouble | null {
    return this.#trouble;
  }

  /** Counts re-joins from zero again. */
  forget(): void {
    this.#attempts = 0;
    this.#apart = false;
    this.#unencrypted.forget();
  }

  /** Call this when people can hear the bot from now on. */
  heard(): void {
    this.deadPaths.recovered();
    this.#trouble = null;
    this.#endpointsRemoved = 0;
  }

  /** Call this when people have been able to hear the bot for a while. */
  stable(): void {
    this.forget();
    this.#told.clear();
  }

  /** Call this when the bot begins to move to another channel. */
  anew(): void {
    this.stable();
    this.#trouble = null;
    this.#endpointsRemoved = 0;
    this.#everReady = false;
  }

  /** Call this when the bot is in the channel. */
  ready(): void {
    this.#everReady = true;
  }

  /** Counts a re-join. */
  tried(): void {
    this.#counted = !this.#apart;
    if (this.#counted) this.#attempts += 1;
    this.#apart = false;
  }

  /** Call this when the gateway has accepted a join. */
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
    this.#endpointsRemoved += 1;
    if (this.#endpointsRemoved > ENDPOINT_WAITS) return { end: 'closed' };
    return {
      pauseMs: ENDPOINT_TOLD_MS,
      next: () => this.#patiently({ pauseMs: ENDPOINT_WAIT_MS }, 'no-server'),
    };
  }

  /** What to do when the join could not be sent because the gateway is down. */
  withoutGateway(): Remedy {
    if (this.#counted) this.#attempts -= 1;
    this.#apart = !this.#counted;
    this.#gatewayDownSince ??= performance.now();
    const given = performance.now() - this.#gatewayDownSince > GATEWAY_GIVE_UP_MS;
    return given ? { end: 'closed' } : { pauseMs: GATEWAY_WAIT_MS };
  }

  /** What to do when a phase has passed its deadline. */
  afterDeadline(phase: Exclude<LinkPhase, 'transition'>): Remedy {
    const end = phase === 'resuming' ? 'connecting' : phase;
    // The bot is in the channel, so the group may take it in at any time. What failed before does not matter here.
    if (phase === 'encryption')
      return this.#patiently(this.#unencrypted.next(), 'unencrypted', this.#unencrypted.tries > 1);
    if (phase === 'udp' && this.deadPaths.isDead) return this.#patiently(this.deadPaths.next(), 'unheard');
    if (phase === 'signalling' && !this.#everReady) return { end };
    if (!this.#everReady && this.#attempts >= FIRST_JOIN_RETRIES) return { end };
    const remedy = rejoinRemedy(this.#attempts, end);
    if (!('end' in remedy) || phase !== 'udp') return remedy;
    // The bot has been in this channel, so datagrams got through before. This is the same as a path found dead.
    this.deadPaths.lost();
    return this.#patiently(this.deadPaths.next(), 'unheard');
  }

  /**
   * Returns a remedy that may take minutes, whose re-joins are counted apart. It says whether people must be told of
   * the trouble now: once, and the first time that it is `worthTelling`.
   */
  #patiently(remedy: Remedy, trouble: CallTrouble, worthTelling = true): Remedy {
    if ('end' in remedy) return remedy;
    this.#apart = true;
    this.#trouble = trouble;
    const news = worthTelling && !this.#told.has(trouble);
    if (news) this.#told.add(trouble);
    return { ...remedy, trouble, news };
  }
}
