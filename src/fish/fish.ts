import type { Logger } from '../log.ts';
import type { Answer } from './answer.ts';
import { Circuit } from './circuit.ts';
import { dial } from './dial.ts';
import { FishError } from './errors.ts';
import { Limit } from './limit.ts';
import { Pool } from './pool.ts';
import type { FishModel } from './protocol.ts';
import { Reuse } from './reuse.ts';
import { Slots } from './slots.ts';
import { DEFAULT_TIMINGS, type FishTimings } from './timings.ts';

export interface FishOptions {
  /** http(s) origin of Fish Audio or its equal; the live socket is the same origin, ws(s). */
  url: string;
  apiKey: string;
  model: FishModel;
  /** Most sessions in flight at once, over all lanes: a ceiling, or `auto` for what Fish says. */
  concurrency: number | 'auto';
  log: Logger;
  timings?: Partial<FishTimings>;
}

interface FishStatus {
  /** How many sessions there may be at once, as Fish has said. */
  limit: number;
  inFlight: number;
  waiting: number;
  /** Sockets open and ready. */
  spares: number;
  lastConnectMs: number | null;
  lastFirstAudioMs: number | null;
  /** The last failure; the next success clears it. */
  lastError: FishError | null;
}

/** What this room's parts share. */
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
  /** Fish took so long from `start` to the first audio. */
  heardAfter(firstAudioMs: number): void;
  /** An utterance went well. */
  spoke(): void;
  /** An utterance failed. */
  failed(error: FishError): void;
  /** Fish refused a session that was sent at `beganAt` (`performance.now()`), because there are too many. */
  refused(error: FishError, beganAt: number): void;
}

export interface Fish extends AsyncDisposable {
  status(): FishStatus;
  /** Opens the spare socket if it is missing, as soon as the pauses between attempts allow, also after a refusal. */
  warm(): void;
  /** What Fish told in the headers of a REST answer. */
  answered(answer: Answer): void;
  /** Knows whether Fish can be asked at all. */
  readonly circuit: Circuit;
  /** For `speak`. */
  readonly room: FishRoom;
}

/** Opens this room, and one socket in the background. Never throws; what fails shows in `status()`. */
export function createFish(options: FishOptions): Fish {
  const { log, model } = options;
  const timings = { ...DEFAULT_TIMINGS, ...options.timings };
  const life = new AbortController();
  const reuse = new Reuse(timings);
  let lastConnectMs: number | null = null;
  let lastFirstAudioMs: number | null = null;
  let lastError: FishError | null = null;

  const limit = new Limit({
    ceiling: options.concurrency,
    toldMs: timings.toldLimitMs,
    guessedMs: timings.guessedLimitMs,
    log,
    onChange: value => {
      log.info({ limit: value }, 'so many sessions at once with Fish Audio from now on');
      slots.setLimit(value);
      pool.setLimit(value);
    },
  });
  const slots = new Slots(limit.value);
  /** What each answer on its way tells is as old as its request: the most sockets there have been since that. */
  const crowds = new Set<{ peak: number }>();
  const open = async (signal: AbortSignal) => {
    const from = performance.now();
    const own = { peak: 0 };
    crowds.add(own);
    for (const each of crowds) each.peak = Math.max(each.peak, pool.crowd);
    try {
      const socket = await dial({ ...options, timings }, signal);
      lastConnectMs = performance.now() - from;
      if (lastError?.phase === 'connect') lastError = null;
      limit.heard(socket.answer, own.peak);
      return socket;
    } finally {
      crowds.delete(own);
    }
  };
  const circuit = new Circuit({
    timings,
    probe: signal => pool.probe(open, signal),
    onOver: () => pool.warm(),
    log,
  });
  const refused = (error: FishError, beganAt: number, others: number) => {
    const { kind, status, code, traceId, maxConcurrency: told, remaining } = error;
    log.warn({ kind, status, code, traceId, told }, 'Fish Audio has refused a socket or a session');
    if (kind === 'rate-limit') limit.refused({ told, beganAt, others });
    else if (told !== undefined) limit.heard({ limit: told }, pool.crowd);
    if (remaining !== undefined) limit.heard({ remaining }, pool.crowd);
  };
  const pool = new Pool({
    dial: (signal, urgent) => circuit.dialling(() => open(signal), { awaited: urgent }),
    limit: limit.value,
    reuse,
    timings,
    log,
    onRefused: (error, beganAt) => {
      lastError = error;
      refused(error, beganAt, pool.leased);
    },
  });
  return {
    circuit,
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
      spoke() {
        lastError = null;
      },
      failed(error) {
        lastError = error;
      },
      refused: (error, beganAt) => refused(error, beganAt, slots.inFlight - 1),
    },
    warm: () => pool.warm(),
    answered: answer => limit.heard({ ...(answer.limit && { limit: answer.limit }) }, pool.crowd),
    status: () => ({
      limit: slots.limit,
      inFlight: slots.inFlight,
      waiting: slots.waiting,
      spares: pool.spares,
      lastConnectMs,
      lastFirstAudioMs,
      lastError,
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
    },
  };
}
