import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { decode, encode } from '@msgpack/msgpack';
import { WebSocket } from 'ws';
import { until } from '../support/until.ts';

/** A client of Fish Audio's live socket made of ws and MessagePack alone: it says exactly what a test wants said. */

const WITHIN_MS = 20_000;
const PATH = '/v1/tts/live';

export interface RawFrame {
  readonly at: number;
  readonly isBinary: boolean;
  readonly bytes: Buffer;
  /** Undefined where the frame is no MessagePack. */
  readonly message: unknown;
}

export interface RawEvent {
  readonly event: string;
  readonly audio?: unknown;
  readonly error?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly time?: number;
  readonly max_concurrency?: number;
}

interface Server {
  readonly url: string;
  readonly apiKey: string;
}

interface Door {
  key?: string | undefined;
  model?: string | undefined;
  path?: string;
}

function dial({ url, apiKey }: Server, { key = apiKey, model, path = PATH }: Door): WebSocket {
  const headers = { authorization: `Bearer ${key}`, ...(model !== undefined && { model }) };
  return new WebSocket(url.replace('http', 'ws') + path, { headers, handshakeTimeout: WITHIN_MS });
}

/** What is answered instead of an upgrade. */
export async function refusal(server: Server, door: Door = {}) {
  const socket = dial(server, door);
  socket.on('error', () => undefined); // `terminate` below, before the upgrade
  const answer = once(socket, 'unexpected-response', { signal: AbortSignal.timeout(WITHIN_MS) });
  const [, response] = (await answer) as [unknown, IncomingMessage];
  let body = '';
  for await (const chunk of response.setEncoding('utf8')) body += chunk;
  socket.terminate();
  return { status: response.statusCode, headers: response.headers, body };
}

export class RawFish implements AsyncDisposable {
  readonly #socket: WebSocket;
  /** Of the answer to the upgrade. */
  readonly headers: IncomingHttpHeaders;
  readonly frames: RawFrame[] = [];
  pongs = 0;
  /** The close code, once there is one. */
  closeCode: number | undefined;

  private constructor(socket: WebSocket, headers: IncomingHttpHeaders) {
    this.#socket = socket;
    this.headers = headers;
    socket.on('message', (bytes: Buffer, isBinary) =>
      this.frames.push({
        at: performance.now(),
        isBinary,
        bytes,
        message: isBinary ? decoded(bytes) : undefined,
      }),
    );
    socket.on('pong', () => (this.pongs += 1));
    socket.on('close', code => (this.closeCode = code));
  }

  static async connect(server: Server, door: Door = {}): Promise<RawFish> {
    const socket = dial(server, door);
    const headers: IncomingHttpHeaders = {};
    socket.once('upgrade', response => Object.assign(headers, response.headers));
    const client = new RawFish(socket, headers);
    await once(socket, 'open', { signal: AbortSignal.timeout(WITHIN_MS) });
    socket.on('error', () => undefined); // the close code tells
    return client;
  }

  send(message: unknown): void {
    this.#socket.send(encode(message));
  }

  raw(frame: Buffer | string): void {
    this.#socket.send(frame);
  }

  ping(): void {
    this.#socket.ping();
  }

  start(request: Record<string, unknown> = {}): void {
    this.send({ event: 'start', request: { text: '', format: 'opus', ...request } });
  }

  /** `start`, each text with a `flush` behind it, `stop`. */
  say(...texts: string[]): void {
    this.start();
    for (const text of texts) {
      this.send({ event: 'text', text });
      this.send({ event: 'flush' });
    }
    this.send({ event: 'stop' });
  }

  get events(): RawEvent[] {
    return this.frames.flatMap(({ message }) => (isEvent(message) ? [message] : []));
  }

  /** The bytes of each audio event. */
  get audio(): Buffer[] {
    return this.events.flatMap(({ audio }) => (audio instanceof Uint8Array ? [Buffer.from(audio)] : []));
  }

  get finishes(): RawEvent[] {
    return this.events.filter(({ event }) => event === 'finish');
  }

  /** Waits for `finish`, `error` or the end of the connection. */
  async over(finishes = 1): Promise<void> {
    const failed = () => this.events.some(({ event }) => event === 'error');
    const ended = () => this.closeCode !== undefined || failed() || this.finishes.length >= finishes;
    await until('the end of the session', ended, WITHIN_MS);
  }

  async closed(): Promise<number> {
    await until('the end of the connection', () => this.closeCode !== undefined, WITHIN_MS);
    return this.closeCode ?? 0;
  }

  /** A round trip: all that the server had to say before it has come. */
  async roundTrip(): Promise<void> {
    const { pongs } = this;
    this.ping();
    await until('the pong', () => this.pongs > pongs, WITHIN_MS);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.terminate();
    await this.closed();
  }
}

function decoded(bytes: Buffer): unknown {
  try {
    return decode(bytes);
  } catch {
    return undefined; // told as such in `RawFrame`
  }
}

function isEvent(value: unknown): value is RawEvent {
  return typeof value === 'object' && value !== null && 'event' in value;
}
