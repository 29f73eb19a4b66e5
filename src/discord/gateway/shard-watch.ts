import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../log.ts';
import { RECOVERY, SHARD_STATUS, type Shard } from './shard.ts';
import { GATEWAY_TIMINGS } from './timings.ts';

// Keeps one shard (one connection to Discord's gateway) alive in cases in which the library would wait or fail: the
// list is at the class `ShardWatch`. Most of the times are in `timings.ts`.

/** The time between two heartbeats that is assumed until Discord has said how often it wants them. */
const HEARTBEAT_MS = 41_250;
/** A connection is dead when no heartbeat was answered for this many intervals, even if TCP still keeps it open. */
const SILENT_INTERVALS = 2.5;
/** When connections do not last, this many in a row are opened at once. Before each later one this class waits. */
const FREE_CONNECTIONS = 2;
/** The first byte of a message in JSON. */
const JSON_BEGINS = '{'.charCodeAt(0);

export interface ShardWatchOptions {
  /** Called when the shard could not be brought back for so long that this process should give up. */
  readonly onLost: () => void;
  /** Called each time when the shard connects again. */
  readonly onReconnect: () => void;
  readonly log: Logger;
  /** Aborted when the process ends; no connection is opened after that. */
  readonly signal: AbortSignal;
}

type Deadline = 'silence' | 'lost' | 'resume' | 'stable';

/**
 * Watches one shard, and steps in where the library would wait or fail:
 *
 * - a connection that went silent is dropped, and the session is resumed;
 * - a peer that does not answer our closing is not waited for;
 * - after connections that did not last, the next one begins after a growing pause;
 * - an error that the library throws for one event costs only that event.
 */
export class ShardWatch implements Disposable {
  readonly #shard: Shard;
  readonly #options: ShardWatchOptions;
  #heartbeatMs = HEARTBEAT_MS;
  /** True until the first message of the present connection, which tells the interval of heartbeats. */
  #fresh = true;
  /** True when the heartbeats of the present connection have gone unanswered for too long. */
  #silent = false;
  /** When Discord last answered a heartbeat, by `performance.now()`. */
  #answeredAt = performance.now();
  /** Since when the shard has not been ready, by `performance.now()`; null while it is ready. */
  #awaySince: number | null = performance.now();
  #everReady = false;
  /** How many connections were opened since the last one that stayed ready for `GATEWAY_TIMINGS.stable`. */
  #attempts = 0;
  #disposed = false;
  readonly #timers: Partial<Record<Deadline, NodeJS.Timeout>> = {};

  constructor(shard: Shard, options: ShardWatchOptions) {
    this.#shard = shard;
    this.#options = options;
    shard.on('hello', () => this.#onHello());
    shard.on('heartbeat', () => this.#answered());
    shard.on('ready', () => this.#onReady());
    shard.on('resumed', () => this.#onReady());
    shard.on('closed', () => this.#onClosed());
    this.#wrapMethods();
  }

  /**
   * `ok` tells whether the shard works, and `detail` says in English what it is doing. A shard that has been away for
   * less than `GATEWAY_TIMINGS.blip` counts as working.
   */
  get health(): { ok: boolean; detail: string } {
    const seconds = (since: number) => `${Math.round((performance.now() - since) / 1_000)} s`;
    if (this.#silent) return { ok: false, detail: `no answer from Discord for ${seconds(this.#answeredAt)}` };
    if (this.#awaySince === null) return { ok: true, detail: 'connected' };
    const ok = this.#everReady && performance.now() - this.#awaySince < GATEWAY_TIMINGS.blip;
    return { ok, detail: `connecting to Discord for ${seconds(this.#awaySince)}` };
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    for (const timer of Object.values(this.#timers)) clearTimeout(timer);
  }

  /**
   * Puts our methods in the place of the shard's own. The library calls them by name, so it calls ours from now on.
   */
  #wrapMethods(): void {
    const shard = this.#shard;
    const { internalConnect, heartbeat, onMessage, onClose, destroy } = shard;
    shard.internalConnect = () => this.#connect(() => internalConnect.call(shard));
    shard.heartbeat = requested => this.#walled('heartbeat', () => heartbeat.call(shard, requested));
    shard.onClose = code => this.#walled('close', () => onClose.call(shard, code));
    shard.onMessage = (data, isBinary) => {
      const read = isBinary ? textIn(data) : data;
      this.#noteInterval(read);
      return this.#walled('message', () => onMessage.call(shard, read, isBinary && read === data));
    };
    shard.destroy = options => {
      const { connection } = shard;
      // The library removes its own listener here, and an error without a listener would end the process.
      connection?.on('error', () => {});
      setTimeout(() => connection?.terminate(), GATEWAY_TIMINGS.close).unref();
      return destroy.call(shard, options);
    };
  }

  /**
   * Runs a method of the library and logs its error. The library does not handle such a rejection, which would end
   * the process.
   */
  async #walled(what: string, run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      this.#options.log.error(
        { fault: true, err: error, shard: this.#shard.id, what },
        'a fault at the gateway',
      );
    }
  }

  async #connect(connect: () => Promise<void>): Promise<void> {
    const { signal, log } = this.#options;
    const doublings = this.#attempts - FREE_CONNECTIONS;
    if (this.#everReady) this.#options.onReconnect();
    this.#attempts += 1;
    if (doublings >= 0) {
      const pauseMs = Math.min(GATEWAY_TIMINGS.pause * 2 ** doublings, GATEWAY_TIMINGS.longestPause);
      log.warn(
        { shard: this.#shard.id, attempt: this.#attempts, pauseMs },
        'the gateway does not hold, connecting after a pause',
      );
      await sleep(pauseMs * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => {});
    }
    if (signal.aborted || this.#disposed) return;
    this.#fresh = true;
    this.#silent = false;
    try {
      await connect();
    } catch (error) {
      log.error({ fault: true, err: error, shard: this.#shard.id }, 'a fault in connecting to the gateway');
      if (this.#shard.status === SHARD_STATUS.idle) await this.#connect(connect);
      else await this.#restart('connecting failed');
    }
  }

  #restart(reason: string): Promise<void> {
    return this.#walled('restart', () => this.#shard.destroy({ reason, recover: RECOVERY.reconnect }));
  }

  #noteInterval(data: unknown): void {
    if (!this.#fresh) return;
    this.#fresh = false;
    const found = typeof data === 'string' ? /"heartbeat_interval":\s*(\d+)/.exec(data)?.[1] : undefined;
    this.#heartbeatMs = Number(found ?? HEARTBEAT_MS);
  }

  #onHello(): void {
    this.#answered();
    this.#set('resume', GATEWAY_TIMINGS.resume, () => {
      if (this.#shard.status !== SHARD_STATUS.resuming) return;
      this.#options.log.warn({ shard: this.#shard.id }, 'a resume was never answered, identifying anew');
      void this.#restart('Resume was not answered');
    });
  }

  #answered(): void {
    this.#silent = false;
    this.#answeredAt = performance.now();
    // When the event loop was blocked, the answer may have arrived without being read yet. So it is read first.
    this.#set('silence', this.#heartbeatMs * SILENT_INTERVALS, () => setImmediate(() => this.#onSilence()));
  }

  #onSilence(): void {
    const silentMs = performance.now() - this.#answeredAt;
    // An answer may have been read just now. One millisecond may be missing, because timers can end that much early.
    if (this.#disposed || silentMs < this.#heartbeatMs * SILENT_INTERVALS - 1) return;
    this.#silent = true;
    this.#away();
    this.#options.log.warn(
      { shard: this.#shard.id, silentMs: Math.round(silentMs) },
      'no answer from the gateway, dropping the connection',
    );
    this.#shard.connection?.terminate();
  }

  #onReady(): void {
    this.#silent = false;
    if (this.#everReady && this.#awaySince !== null) {
      const seconds = Math.round((performance.now() - this.#awaySince) / 1_000);
      this.#options.log.info({ shard: this.#shard.id, seconds }, 'the gateway is back');
    }
    this.#everReady = true;
    this.#awaySince = null;
    clearTimeout(this.#timers.lost);
    clearTimeout(this.#timers.resume);
    this.#set('stable', GATEWAY_TIMINGS.stable, () => {
      this.#attempts = 0;
    });
  }

  #onClosed(): void {
    clearTimeout(this.#timers.silence);
    clearTimeout(this.#timers.resume);
    clearTimeout(this.#timers.stable);
    this.#away();
  }

  #away(): void {
    if (this.#awaySince !== null) return;
    this.#awaySince = performance.now();
    this.#set('lost', GATEWAY_TIMINGS.lost, () => {
      this.#options.log.fatal({ shard: this.#shard.id }, 'the gateway has been away for too long');
      this.#options.onLost();
    });
  }

  #set(name: Deadline, ms: number, run: () => void): void {
    clearTimeout(this.#timers[name]);
    if (!this.#disposed) this.#timers[name] = setTimeout(run, ms).unref();
  }
}

/**
 * The text of a binary frame that holds JSON, as some proxies send it; the frame itself if it holds anything else. The
 * library takes all binary frames for compressed ones, and no compressed one begins with this sign.
 */
function textIn(frame: unknown): unknown {
  if (!(frame instanceof ArrayBuffer)) return frame;
  const bytes = Buffer.from(frame);
  return bytes[0] === JSON_BEGINS ? bytes.toString() : frame;
}
