import type { Logger } from '../log.ts';
import { Circuit } from './circuit.ts';
import { dial } from './dial.ts';
import { FishError, type FishErrorKind } from './errors.ts';
import { FailureCounts } from './failure-counts.ts';
import type { FishHeaders } from './headers.ts';
import { Limit } from './limit.ts';
import { OneStream } from './one-stream.ts';
import { Pool } from './pool.ts';
import type { FishModel } from './protocol.ts';
import { Reuse } from './reuse.ts';
import { SharedSlots } from './shared-slots.ts';
import type { SlotSharing } from './slot-sharing.ts';
import { Slots } from './slots.ts';
import { SocketPeaks } from './socket-peaks.ts';
import { DEFAULT_TIMINGS, type FishTimings } from './timings.ts';

// Puts together all by which this process reaches Fish Audio, the service that makes the speech: the pool of sockets,
// the limit of sessions and its sharing, the circuit breaker, the figures. `speak.ts` has an utterance said with it.

export interface FishOptions {
  /**
   * The http(s) origin of Fish Audio, or of a server that speaks its protocol. The live socket is at the same origin.
   */
  url: string;
  apiKey: string;
  model: FishModel;
  /** How many sessions there may be at once, over all lanes: a number is the most; `auto` follows what Fish says. */
  concurrency: number | 'auto';
  log: Logger;
  timings?: Partial<FishTimings>;
  /** Where other processes may use the same account, how they share its sessions; null or absent if none does. */
  sharing?: SlotSharing | null;
}

interface FishStatus {
  /** How many sessions there may be at once, now. */
  limit: number;
  /** How many sessions are under way. */
  inFlight: number;
  /** How many utterances wait for a slot. */
  waiting: number;
  /** How many sockets are open and ready. */
  spares: number;
  lastConnectMs: number | null;
  lastFirstAudioMs: number | null;
  /** The last failure. The next success makes it null. */
  lastError: FishError | null;
  /** How many sessions and attempts to open a socket have failed since the process began, by kind. */
  failures: Readonly<Partial<Record<FishErrorKind, number>>>;
}

/** What the parts of this room share; only files of `src/fish` use it. */
export interface FishRoom {
  readonly model: FishModel;
  readonly timings: FishTimings;
  readonly log: Logger;
  readonly slots: Slots;
  readonly pool: Pool;
  readonly circuit: Circuit;
  readonly reuse: Reuse;
  /** Aborted when the room closes. */
  readonly signal: AbortSignal;
  /** Notes how long Fish took from `start` to the first audio. */
  heardAfter(firstAudioMs: number): void;
  /** Notes that an utterance went well. */
  spoke(): void;
  /** Notes that an utterance failed. */
  failed(error: FishError): void;
  /** Notes that Fish refused a session, sent at `beganAt` (`performance.now()`), since there are too many at once. */
  refused(error: FishError, beganAt: number): void;
}

/** Our connection to Fish Audio; one for the whole process. */
export interface Fish extends AsyncDisposable {
  status(): FishStatus;
  /** Opens the spare socket if there is none, as soon as the pauses between attempts allow; also after a refusal. */
  warm(): void;
  /** Takes note of what Fish told in the headers of a REST answer. */
  answered(answer: FishHeaders): void;
  /** Knows whether Fish can be asked now, or has an outage. */
  readonly circuit: Circuit;
  /** Knows whether the end of an Ogg stream is the end of what was to be said. */
  readonly oneStream: OneStream;
  /** Is for `speak` only. */
  readonly room: FishRoom;
}

/**
 * Connects to Fish Audio: returns at once, and opens the first socket in the background. It never throws; `status()`
 * shows what fails.
 */
export function createFish(options: FishOptions): Fish {
  const { log, model } = options;
  const timings = { ...DEFAULT_TIMINGS, ...options.timings };
  const life = new AbortController();
  const reuse = new Reuse(timings);
  let lastConnectMs: number | null = null;
  let lastFirstAudioMs: number | null = null;
  const failures = new FailureCounts();
  const limit = new Limit({
    ceiling: options.concurrency,
    toldMs: timings.toldLimitMs,
    guessedMs: timings.guessedLimitMs,
    log,
    onChange: value => {
      log.info({ limit: value }, 'the limit of sessions at once with Fish Audio has changed');
      if (shared) return shared.limitChanged();
      slots.setLimit(value);
      pool.setLimit(value);
    },
  });
  const slots = new Slots(options.sharing ? 0 : limit.value);
  /**
   * How many sockets or sessions the account has, as far as this process knows: `mine` are of this process, the others
   * of the processes with which it shares the account.
   */
  const inAll = (mine: number) => mine + (shared?.elsewhere ?? 0);
  const peaks = new SocketPeaks();
  const open = async (signal: AbortSignal) => {
    const from = performance.now();
    const { opened, peak } = await peaks.during(
      () => pool.socketCount,
      () => dial({ ...options, timings }, signal),
    );
    lastConnectMs = performance.now() - from;
    failures.connected();
    limit.heard(opened.headers, inAll(peak));
    return opened;
  };
  const circuit = new Circuit({
    timings,
    probe: (signal, began) => {
      const dialNow = (life: AbortSignal) => {
        began();
        return open(life);
      };
      return pool.probe(dialNow, signal);
    },
    onOver: () => pool.warm(),
    log,
  });
  /** `otherOwn` is how many other sessions this process had. */
  const refused = (error: FishError, beganAt: number, otherOwn: number) => {
    const { kind, status, code, traceId, maxConcurrency: told, remaining } = error;
    log.warn({ kind, status, code, traceId, told }, 'Fish Audio has refused a socket or a session');
    if (kind === 'rate-limit') limit.refused({ told, beganAt, others: inAll(otherOwn) });
    else if (told !== undefined) limit.heard({ limit: told }, inAll(pool.socketCount));
    if (remaining !== undefined) limit.heard({ remaining }, inAll(pool.socketCount));
  };
  const pool = new Pool({
    dial: (signal, urgent) => circuit.dialling(() => open(signal), { awaited: urgent }),
    limit: slots.limit,
    onClosed: () => shared?.socketsChanged(),
    reuse,
    timings,
    log,
    onRefused: (error, beganAt) => {
      failures.failed(error);
      refused(error, beganAt, pool.leased);
    },
  });
  const shared: SharedSlots | undefined = options.sharing
    ? new SharedSlots({ sharing: options.sharing, slots, pool, limit, log })
    : undefined;
  return {
    circuit,
    oneStream: new OneStream(),
    room: {
      model,
      timings,
      log,
      slots,
      pool,
      circuit,
      reuse,
      signal: life.signal,
      heardAfter(firstAudioMs) {
        lastFirstAudioMs = firstAudioMs;
      },
      spoke: () => failures.spoke(),
      failed: error => failures.failed(error),
      refused: (error, beganAt) => refused(error, beganAt, slots.inFlight - 1),
    },
    warm: () => pool.warm(),
    answered: answer =>
      limit.heard({ ...(answer.limit && { limit: answer.limit }) }, inAll(pool.socketCount)),
    status: () => ({
      limit: slots.limit,
      inFlight: slots.inFlight,
      waiting: slots.waiting,
      spares: pool.spares,
      lastConnectMs,
      lastFirstAudioMs,
      lastError: failures.last,
      failures: failures.byKind,
    }),
    async [Symbol.asyncDispose]() {
      life.abort(
        new FishError('closed', 'this process has closed its connections to Fish Audio', {
          retryable: false,
        }),
      );
      circuit[Symbol.dispose]();
      limit[Symbol.dispose]();
      await pool[Symbol.asyncDispose]();
      await shared?.[Symbol.asyncDispose]();
    },
  };
}
