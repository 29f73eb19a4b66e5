import type { Logger } from '../log.ts';
import { Circuit } from './circuit.ts';
import { dial } from './dial.ts';
import { FishError } from './errors.ts';
import { Pool } from './pool.ts';
import type { FishModel } from './protocol.ts';
import { Slots } from './slots.ts';
import { DEFAULT_TIMINGS, type FishTimings } from './timings.ts';

export interface FishOptions {
  /** http(s) origin of Fish Audio or its equal; the live socket is the same origin, ws(s). */
  url: string;
  apiKey: string;
  model: FishModel;
  /** Most sessions in flight at once, over all lanes. */
  concurrency: number;
  log: Logger;
  timings?: Partial<FishTimings>;
}

interface FishStatus {
  /** As given, or less when Fish said so. */
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
  /** Aborted when the room closes. */
  readonly signal: AbortSignal;
  /** An utterance went well. */
  spoke(firstAudioMs: number): void;
  /** An utterance failed. */
  failed(error: FishError): void;
}

export interface Fish extends AsyncDisposable {
  status(): FishStatus;
  /** Opens the spare socket now if it is missing, also after a refusal. */
  warm(): void;
  /** Knows whether Fish can be asked at all. */
  readonly circuit: Circuit;
  /** For `speak`. */
  readonly room: FishRoom;
}

/** Sockets kept open ahead of need: each saves the next speaker three round trips. */
const SPARE_SOCKETS = 1;

/** Opens this room, and one socket in the background. Never throws; what fails shows in `status()`. */
export function createFish(options: FishOptions): Fish {
  const { log, model } = options;
  const timings = { ...DEFAULT_TIMINGS, ...options.timings };
  const life = new AbortController();
  const slots = new Slots(options.concurrency);
  let lastConnectMs: number | null = null;
  let lastFirstAudioMs: number | null = null;
  let lastError: FishError | null = null;

  const failed = (error: FishError) => {
    lastError = error;
    const { maxConcurrency } = error;
    if (maxConcurrency === undefined || maxConcurrency >= slots.limit) return;
    slots.shrink(maxConcurrency);
    pool.shrink(slots.limit);
    log.warn({ limit: slots.limit }, 'Fish Audio allows fewer sessions at once than configured');
  };
  const probes = new Set<Promise<void>>();
  const circuit = new Circuit({
    timings,
    async probe(signal) {
      const socket = await dial({ ...options, timings }, signal);
      socket.close();
      probes.add(socket.closed);
      void socket.closed.then(() => probes.delete(socket.closed));
    },
    onOver: () => pool.warm(),
    log,
  });
  const pool = new Pool({
    dial: signal =>
      circuit.dialling(async () => {
        const from = performance.now();
        const socket = await dial({ ...options, timings }, signal);
        lastConnectMs = performance.now() - from;
        if (lastError?.phase === 'connect') lastError = null;
        return socket;
      }),
    limit: slots.limit,
    spares: SPARE_SOCKETS,
    idleMaxAgeMs: timings.idleMaxAgeMs,
    onRefused: error => {
      if (error.notAsked) return;
      failed(error);
      const { kind, status, retryable } = error;
      log.warn({ kind, status, retryable }, 'no socket to Fish Audio');
    },
  });
  const spoke = (firstAudioMs: number) => {
    lastFirstAudioMs = firstAudioMs;
    lastError = null;
  };
  return {
    circuit,
    room: { model, timings, log, slots, pool, circuit, signal: life.signal, spoke, failed },
    warm: () => pool.warm(),
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
      await Promise.all([pool[Symbol.asyncDispose](), ...probes]);
    },
  };
}
