import { randomBytes } from 'node:crypto';
import type { WebSocket } from 'ws';
import { hears } from './intents.ts';
import { shardOf } from './snowflake.ts';

/** (Discord, "Opcodes and Status Codes", Gateway Opcodes.) */
export const GATEWAY_OP = {
  dispatch: 0,
  heartbeat: 1,
  identify: 2,
  presence: 3,
  voiceState: 4,
  resume: 6,
  reconnect: 7,
  requestMembers: 8,
  invalidSession: 9,
  hello: 10,
  heartbeatAck: 11,
  requestChannelInfo: 43,
} as const;

const SESSION_ID_BYTES = 16;
/** A bot that has missed more events than this cannot resume. */
const KEPT = 10_000;

/** The payload of IDENTIFY, but for the token, and when it came (ms, `performance.now()`). */
export interface Identify {
  readonly intents: number;
  readonly shard: readonly [id: number, count: number];
  readonly properties: unknown;
  readonly at: number;
  /** The port of the client's TCP connection, by which its process can be found. */
  readonly port: number;
}

/** A bot's session: it outlives its sockets, keeps what it told the bot, and tells it again after a resume. */
export class GatewaySession {
  readonly id = randomBytes(SESSION_ID_BYTES).toString('hex');
  readonly identify: Identify;
  /** Null while the bot is away and may resume. */
  socket: WebSocket | null;
  /** READY and all servers have been told. */
  ready = false;
  /** The last events, as they were sent. */
  readonly #told: string[] = [];
  readonly #toldAs: (event: string, data: object) => object;
  #sequence = 0;

  /** `toldAs` makes of an event what the bot is told. */
  constructor(identify: Identify, socket: WebSocket, toldAs: (event: string, data: object) => object) {
    this.#toldAs = toldAs;
    this.identify = identify;
    this.socket = socket;
  }

  /** Number of the last event. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Whether everything after event number `sequence` can be told once more. */
  remembers(sequence: number): boolean {
    return sequence >= this.#sequence - this.#told.length;
  }

  /** Whether this session's shard has the server. */
  has(guildId: string): boolean {
    const [id, count] = this.identify.shard;
    return shardOf(guildId, count) === id;
  }

  /** Tells the bot, now or when it resumes, if its intents cover the event; `own`: it is about the bot itself. */
  dispatch(event: string, data: object, own = false): void {
    if (!own && !hears(this.identify.intents, event)) return;
    this.#sequence += 1;
    const d = this.#toldAs(event, data);
    const text = JSON.stringify({ op: GATEWAY_OP.dispatch, t: event, s: this.#sequence, d });
    this.#told.push(text);
    if (this.#told.length > KEPT) this.#told.shift();
    this.socket?.send(text);
  }

  /** Everything after event number `sequence` once more, over a new socket; all of it is remembered. */
  resume(socket: WebSocket, sequence: number): void {
    this.socket = socket;
    const first = this.#sequence - this.#told.length;
    for (const text of this.#told.slice(sequence - first)) socket.send(text);
    this.dispatch('RESUMED', { _trace: ['sandbox'] });
  }
}
