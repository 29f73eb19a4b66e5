import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { decode, encode } from '@msgpack/msgpack';
import { type WebSocket, WebSocketServer } from 'ws';
import { type FishBehaviour, type FishFault, testBehaviour } from './behaviour.ts';
import { isMap, parseRequest, RequestError } from './request.ts';
import { type FishSession, LiveSession } from './session.ts';

export { type FishBehaviour, type FishFault, realisticBehaviour } from './behaviour.ts';

/** A Fish Audio on this machine. */
export interface FakeFish extends AsyncDisposable {
  /** For FISH_API_URL. */
  readonly url: string;
  /** The one key that is accepted. */
  readonly apiKey: string;
  /** May be changed at any time; applies to what comes next. */
  readonly behaviour: FishBehaviour;
  /** One per `start`, in order. */
  readonly sessions: readonly FishSession[];
  readonly handshakes: readonly { at: number; model: string; status: number }[];
  readonly openSockets: number;
  readonly openSessions: number;
  readonly peakSessions: number;
  /** Closes the sockets that have no session, with a close frame or without. */
  dropIdleSockets(how?: 'close' | 'terminate'): void;
}

const PATH = '/v1/tts/live';
const MODELS = new Set(['s1', 's2-pro', 's2.1-pro', 's2.1-pro-free']);
/** What an unknown or missing model silently becomes. */
const DEFAULT_MODEL = 's2.1-pro';
const NO_CLOSE_FRAME = 1006;
const NO_STATUS = 1005;

/** Starts it on a free port. Without `behaviour` it is quick, and its packets can be told apart. */
export async function startFish(behaviour: Partial<FishBehaviour> = {}): Promise<FakeFish> {
  const server = new FishServer({ ...testBehaviour, ...behaviour });
  await server.listen();
  return server;
}

/** One client's connection. */
interface Connection {
  readonly id: number;
  readonly ws: WebSocket;
  readonly model: string;
  session: LiveSession | null;
}

class FishServer implements FakeFish {
  readonly apiKey = 'fish-sandbox-key-0123456789abcdef';
  readonly behaviour: FishBehaviour;
  readonly sessions: FishSession[] = [];
  readonly handshakes: { at: number; model: string; status: number }[] = [];
  openSessions = 0;
  peakSessions = 0;
  readonly #http = createServer((_request, response) => {
    response
      .writeHead(404, { 'content-type': 'application/json' })
      .end('{"message":"Not Found","status":404}');
  });
  readonly #wss = new WebSocketServer({ noServer: true, autoPong: false, perMessageDeflate: false });
  readonly #tcp = new Set<Socket>();
  readonly #connections = new Set<Connection>();
  #ids = 0;

  constructor(behaviour: FishBehaviour) {
    this.behaviour = behaviour;
    this.#http.on('connection', socket => {
      if (this.behaviour.refuseTcp) socket.resetAndDestroy();
      this.#tcp.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => this.#tcp.delete(socket));
    });
    this.#http.on('upgrade', (request, socket, head) => {
      void this.#upgrade(request, socket, head);
    });
  }

  async listen(): Promise<void> {
    this.#http.listen(0, '127.0.0.1');
    await once(this.#http, 'listening');
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  get openSockets(): number {
    return this.#connections.size;
  }

  dropIdleSockets(how: 'close' | 'terminate' = 'close'): void {
    for (const { ws, session } of this.#connections) {
      if (session) continue;
      if (how === 'close') ws.close(1000);
      else ws.terminate();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { ws } of this.#connections) ws.terminate();
    for (const socket of this.#tcp) socket.destroy();
    this.#http.close();
    await once(this.#http, 'close');
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy());
    const named = String(request.headers['model'] ?? '');
    const model = MODELS.has(named) ? named : DEFAULT_MODEL;
    if (this.behaviour.hangUpgrade) return;
    if (this.behaviour.connectMs > 0) await sleep(this.behaviour.connectMs);
    const refusal = this.#refusal(request);
    const status = refusal?.status ?? 101;
    this.handshakes.push({ at: performance.now(), model, status });
    if (socket.destroyed) return;
    if (refusal) {
      const headers = { 'content-type': 'application/json', ...refusal.headers, connection: 'close' };
      const lines = Object.entries({ ...headers, 'content-length': Buffer.byteLength(refusal.body) });
      socket.end(
        `HTTP/1.1 ${status} Refused\r\n${lines.map(line => line.join(': ')).join('\r\n')}\r\n\r\n${refusal.body}`,
      );
      return;
    }
    this.#wss.handleUpgrade(request, socket, head, ws => this.#open(ws, model));
  }

  #refusal(
    request: IncomingMessage,
  ): { status: number; body: string; headers?: Record<string, string> } | null {
    const { upgrade } = this.behaviour;
    if (upgrade && (upgrade.times ?? 1) > 0) {
      if (upgrade.times !== undefined) upgrade.times -= 1;
      return upgrade;
    }
    if (request.url !== PATH) return { status: 404, body: '{"message":"Not Found","status":404}' };
    if (request.headers.authorization !== `Bearer ${this.apiKey}`)
      return { status: 401, body: '{"message":"Invalid Token","status":401}' };
    return null;
  }

  #open(ws: WebSocket, model: string): void {
    const connection: Connection = { id: (this.#ids += 1), ws, model, session: null };
    this.#connections.add(connection);
    ws.on('error', () => ws.terminate());
    ws.on('ping', data => {
      if (this.behaviour.fault?.kind !== 'no-pong') ws.pong(data);
    });
    ws.on('message', (data: Buffer, isBinary) => this.#onFrame(connection, data, isBinary));
    ws.on('close', () => {
      this.#connections.delete(connection);
      connection.session?.end('client-closed');
    });
  }

  #onFrame(connection: Connection, data: Buffer, isBinary: boolean): void {
    let message: unknown;
    try {
      message = isBinary ? decode(data) : null;
    } catch {
      message = null;
    }
    if (!isMap(message) || typeof message['event'] !== 'string') {
      this.#refuse(connection, 'invalid message');
      return;
    }
    const { event } = message;
    connection.session?.record.frames.push({ at: performance.now(), event });
    if (event === 'start' && !connection.session) this.#start(connection, message);
    else if (event === 'text' && connection.session && typeof message['text'] === 'string')
      connection.session.text(message['text']);
    else if (event === 'flush' && connection.session) connection.session.flush();
    else if (event === 'stop' && connection.session) connection.session.stop();
    else this.#refuse(connection, 'invalid_request');
  }

  #start(connection: Connection, message: Record<string, unknown>): void {
    const { ws, model, id } = connection;
    const raw = isMap(message['request']) ? message['request'] : {};
    if (this.openSessions >= this.behaviour.maxConcurrency) {
      const limit = {
        event: 'error',
        error: 'Concurrency limit exceeded',
        max_concurrency: this.behaviour.maxConcurrency,
      };
      this.#send(ws, limit);
      ws.close(1000);
      return;
    }
    try {
      const session = new LiveSession({
        behaviour: this.behaviour,
        request: parseRequest(message['request'], model),
        raw,
        model,
        socketId: id,
        fault: this.#takeFault(),
        wire: {
          send: event => this.#send(ws, event),
          sendRaw: data => ws.readyState === ws.OPEN && ws.send(data),
          close: code => this.#close(ws, code),
        },
        onOver: () => {
          connection.session = null;
          this.openSessions -= 1;
        },
      });
      session.record.frames.push({ at: performance.now(), event: 'start' });
      connection.session = session;
      this.sessions.push(session.record);
      this.openSessions += 1;
      this.peakSessions = Math.max(this.peakSessions, this.openSessions);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      this.#refuse(connection, error.message);
    }
  }

  #takeFault(): FishFault | undefined {
    const { fault, faultTimes } = this.behaviour;
    if (faultTimes === undefined) return fault;
    this.behaviour.faultTimes = faultTimes - 1;
    if (faultTimes <= 1) {
      delete this.behaviour.fault;
      delete this.behaviour.faultTimes;
    }
    return faultTimes > 0 ? fault : undefined;
  }

  #refuse({ ws, session }: Connection, error: string): void {
    session?.end('error');
    this.#send(ws, { event: 'error', error });
    ws.close(1000);
  }

  #send(ws: WebSocket, event: Record<string, unknown>): void {
    if (ws.readyState === ws.OPEN) ws.send(encode(event));
  }

  #close(ws: WebSocket, code: number): void {
    if (code === NO_CLOSE_FRAME) ws.terminate();
    else if (code === NO_STATUS) ws.close();
    else ws.close(code);
  }
}
