import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import { type FishBehaviour, testBehaviour } from './behaviour.ts';
import { LiveSocket } from './live-socket.ts';
import { Library } from './library.ts';
import { FishRest, type RestRecord } from './rest.ts';
import type { FishSession, SessionRecord } from './session-record.ts';
import { Slots } from './slots.ts';
import { waited } from './waiting.ts';
import { Words } from './words.ts';

export { type FishBehaviour, type FishFault, realisticBehaviour } from './behaviour.ts';

/**
 * A Fish Audio on this machine: the live socket, `/v1/tts/live`, and over HTTP the library of voices, `/model`, and
 * the credit, `/wallet/self/api-credit`. Times are `performance.now()`, in ms.
 */
export interface FakeFish extends AsyncDisposable {
  /** For FISH_API_URL. */
  readonly url: string;
  /** The one key that is accepted. */
  readonly apiKey: string;
  /** May be changed at any time; applies to what comes next. */
  readonly behaviour: FishBehaviour;
  /** One per `start`, in order, those that were refused too. */
  readonly sessions: readonly FishSession[];
  /** Each attempt to connect; status 0 is one that got no answer. */
  readonly handshakes: readonly { at: number; model: string; status: number }[];
  /** Each call over HTTP. */
  readonly calls: readonly RestRecord[];
  /** The voices there are, and what was made of which recordings. */
  readonly library: Library;
  /** What the account has left, US dollars. */
  readonly credit: number;
  readonly openSockets: number;
  readonly openSessions: number;
  readonly peakSessions: number;
  /** Closes the sockets that have no session, with a close frame or without. */
  dropIdleSockets(how?: 'close' | 'terminate'): void;
}

const PATH = '/v1/tts/live';
const API_KEY = 'fish-sandbox-key-0123456789abcdef';
const MODELS = new Set(['s1', 's2-pro', 's2.1-pro', 's2.1-pro-free']);
/** What an unknown or missing model silently becomes. */
const DEFAULT_MODEL = 's2.1-pro';
const UNANSWERED = 0;
const NOT_FOUND = { status: 404, body: '{"message":"Not Found","status":404}' };
const INVALID_TOKEN = { status: 401, body: '{"message":"Invalid Token","status":401}' };

interface Refusal {
  status: number;
  body: string;
  headers?: Record<string, string>;
}

/** Starts it on a free port. Without `behaviour` it is quick, and its packets can be told apart. */
export async function startFish(behaviour: Partial<FishBehaviour> = {}): Promise<FakeFish> {
  const http = createServer();
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return new FishServer(http, { ...testBehaviour, ...behaviour });
}

class FishServer implements FakeFish {
  readonly apiKey = API_KEY;
  readonly behaviour: FishBehaviour;
  readonly sessions: SessionRecord[] = [];
  readonly handshakes: { at: number; model: string; status: number }[] = [];
  readonly words = new Words();
  readonly slots = new Slots();
  readonly #life = new AbortController();
  readonly #wss = new WebSocketServer({ noServer: true, autoPong: false, perMessageDeflate: false });
  readonly #tcp = new Set<Socket>();
  readonly #sockets = new Set<LiveSocket>();
  #ids = 0;
  readonly #http: Server;
  readonly url: string;
  readonly library: Library;
  readonly #rest: FishRest;

  /** `http` listens already. */
  constructor(http: Server, behaviour: FishBehaviour) {
    this.behaviour = behaviour;
    this.#http = http;
    this.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    this.library = new Library(this.url);
    const { library, sessions } = this;
    const { signal } = this.#life;
    this.#rest = new FishRest({ apiKey: API_KEY, behaviour, library, sessions, signal });
    this.#http.on('request', (request, response) => void this.#rest.handle(request, response));
    this.#http.on('connection', socket => this.#connect(socket));
    this.#http.on('upgrade', (request, _socket, head) => void this.#upgrade(request, head));
  }

  get calls(): readonly RestRecord[] {
    return this.#rest.records;
  }

  get credit(): number {
    return this.#rest.credit;
  }

  get openSockets(): number {
    return this.#sockets.size;
  }

  get openSessions(): number {
    return this.slots.taken;
  }

  get peakSessions(): number {
    return this.slots.peak;
  }

  dropIdleSockets(how: 'close' | 'terminate' = 'close'): void {
    for (const { ws, idle } of this.#sockets) {
      if (!idle) continue;
      if (how === 'close') ws.close(1000);
      else ws.terminate();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.abort();
    const closed = once(this.#http, 'close');
    this.#http.close();
    for (const { ws } of this.#sockets) ws.terminate();
    for (const socket of this.#tcp) socket.destroy();
    await closed;
  }

  #connect(socket: Socket): void {
    this.#tcp.add(socket);
    socket.on('close', () => this.#tcp.delete(socket));
    socket.on('error', () => socket.destroy());
    if (!this.behaviour.refuseTcp) return;
    this.#note('', UNANSWERED);
    socket.resetAndDestroy();
  }

  async #upgrade(request: IncomingMessage, head: Buffer): Promise<void> {
    const { socket } = request;
    const named = request.headers['model'];
    const model = typeof named === 'string' && MODELS.has(named) ? named : DEFAULT_MODEL;
    if (this.behaviour.hangUpgrade) {
      this.#note(model, UNANSWERED);
      return;
    }
    if (!(await waited(this.behaviour.connectMs, this.#life.signal)) || socket.destroyed) return;
    const refusal = this.#refusal(request);
    this.#note(model, refusal?.status ?? 101);
    if (refusal) socket.end(httpResponse(refusal));
    else this.#wss.handleUpgrade(request, socket, head, ws => this.#open(ws, socket, model));
  }

  #open(ws: LiveSocket['ws'], tcp: Socket, model: string): void {
    this.#ids += 1;
    const socket = new LiveSocket(ws, tcp, this.#ids, model, this);
    this.#sockets.add(socket);
    ws.on('close', () => this.#sockets.delete(socket));
  }

  #refusal(request: IncomingMessage): Refusal | undefined {
    const { upgrade } = this.behaviour;
    if (upgrade && (upgrade.times ?? 1) > 0) {
      if (upgrade.times !== undefined) upgrade.times -= 1;
      return upgrade;
    }
    if (request.url !== PATH) return NOT_FOUND;
    return request.headers.authorization === `Bearer ${API_KEY}` ? undefined : INVALID_TOKEN;
  }

  #note(model: string, status: number): void {
    this.handshakes.push({ at: performance.now(), model, status });
  }
}

/** A whole HTTP response in place of the upgrade. A body that is not JSON goes out as plain text. */
function httpResponse({ status, body, headers }: Refusal): string {
  const fields = Object.entries({
    'content-type': body.startsWith('{') || body.startsWith('[') ? 'application/json' : 'text/plain',
    ...headers,
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  });
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}\r\n${lines.join('')}\r\n${body}`;
}
