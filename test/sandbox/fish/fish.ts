import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import { endingWithConnections } from '../end-server.ts';
import { type FishBehaviour, testBehaviour } from './behaviour.ts';
import { Library } from './library.ts';
import { LiveSocket } from './live-socket.ts';
import { FishRest, type RestRecord } from './rest.ts';
import type { FishSession, SessionRecord } from './session-record.ts';
import { Slots, type TooMany } from './slots.ts';
import {
  answerHeaders,
  FREE_MODEL,
  httpResponse,
  modelOf,
  NO_CREDIT,
  type Refusal,
  TOO_MANY,
  wrongDoor,
} from './upgrade.ts';
import { waited } from './waiting.ts';
import { Words } from './words.ts';

export { type FishBehaviour, type FishFault, realisticBehaviour } from './behaviour.ts';

/**
 * A Fish Audio on this machine: the live socket, `/v1/tts/live` and the same `/with-timestamp`, and over HTTP the
 * library of voices, `/model`, and the credit, `/wallet/self/api-credit`. Times are `performance.now()`, in ms.
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
  readonly handshakes: readonly Handshake[];
  /** Each call over HTTP. */
  readonly calls: readonly RestRecord[];
  /** The voices there are, and what was made of which recordings. */
  readonly library: Library;
  /** What the account has left, US dollars. */
  readonly credit: number;
  readonly openSockets: number;
  readonly openSessions: number;
  readonly peakSessions: number;
  /** What was refused because there was too much at once. */
  readonly tooMany: readonly TooMany[];
  /** Closes the sockets that have no session, with a close frame or without. */
  dropIdleSockets(how?: 'close' | 'terminate'): void;
  /**
   * A silent loss of the network under the sockets that have no session, or under all: nothing of them arrives any
   * more, at either end, and neither is told. New connections are not touched. They are no `openSockets` any more.
   */
  loseSockets(which?: 'idle' | 'all'): void;
  /** Makes the first line come as soon as later ones. It keeps this process busy for a second or so. */
  warmUp(): Promise<void>;
  /** Drops all that was noted until now, but for the sessions that go on. For runs of hours. */
  forget(): void;
}

const API_KEY = 'fish-sandbox-key-0123456789abcdef';
const UNANSWERED = 0;

interface Handshake {
  readonly at: number;
  readonly model: string;
  readonly path: string;
  readonly status: number;
  /** `x-fish-trace-id` of the answer; '' where there was none. */
  readonly trace: string;
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
  readonly handshakes: Handshake[] = [];
  readonly words = new Words();
  readonly slots: Slots;
  readonly #life = new AbortController();
  readonly #wss = new WebSocketServer({ noServer: true, autoPong: false, perMessageDeflate: false });
  readonly #sockets = new Set<LiveSocket>();
  #ids = 0;
  readonly #end: () => Promise<void>;
  readonly url: string;
  readonly library: Library;
  readonly #rest: FishRest;

  /** `http` listens already. */
  constructor(http: Server, behaviour: FishBehaviour) {
    this.behaviour = behaviour;
    this.#end = endingWithConnections(http);
    this.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    this.library = new Library(this.url);
    this.slots = new Slots(behaviour, () => this.openSockets);
    const { library, sessions, slots } = this;
    const { signal } = this.#life;
    this.#rest = new FishRest({ apiKey: API_KEY, behaviour, library, sessions, slots, signal });
    http.on('request', (request, response) => void this.#rest.handle(request, response));
    http.on('connection', socket => this.#connect(socket));
    http.on('upgrade', (request, _socket, head) => void this.#upgrade(request, head));
  }

  get calls(): readonly RestRecord[] {
    return this.#rest.records;
  }

  get credit(): number {
    return this.#rest.credit;
  }

  get openSockets(): number {
    return [...this.#sockets].filter(({ isLost }) => !isLost).length;
  }

  get tooMany(): readonly TooMany[] {
    return this.slots.refused;
  }

  get openSessions(): number {
    return this.slots.taken;
  }

  get peakSessions(): number {
    return this.slots.peak;
  }

  dropIdleSockets(how: 'close' | 'terminate' = 'close'): void {
    for (const { ws, idle, isLost } of this.#sockets) {
      if (!idle || isLost) continue;
      if (how === 'close') ws.close(1000);
      else ws.terminate();
    }
  }

  loseSockets(which: 'idle' | 'all' = 'idle'): void {
    for (const socket of this.#sockets) if (socket.idle || which === 'all') socket.lose();
  }

  async warmUp(): Promise<void> {
    await this.words.warmUp();
  }

  forget(): void {
    const going = this.sessions.filter(({ ended }) => ended === undefined);
    this.sessions.splice(0, Infinity, ...going);
    this.handshakes.length = 0;
    this.#rest.records.length = 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.abort();
    await this.#end();
  }

  #connect(socket: Socket): void {
    socket.on('error', () => socket.destroy());
    if (!this.behaviour.refuseTcp) return;
    this.#note(null, UNANSWERED);
    socket.resetAndDestroy();
  }

  async #upgrade(request: IncomingMessage, head: Buffer): Promise<void> {
    const { socket } = request;
    if (this.behaviour.hangUpgrade) {
      this.#note(request, UNANSWERED);
      return;
    }
    if (!(await waited(this.behaviour.connectMs, this.#life.signal)) || socket.destroyed) return;
    const refusal = this.#refusal(request);
    const status = refusal?.status ?? 101;
    const headers = { ...this.slots.headers, ...answerHeaders(status) };
    this.#note(request, status, headers['x-fish-trace-id']);
    if (refusal) {
      socket.end(httpResponse({ ...refusal, headers: { ...headers, ...refusal.headers } }));
      return;
    }
    const tell = (lines: string[]) =>
      lines.push(...Object.entries(headers).map(([name, value]) => `${name}: ${value}`));
    this.#wss.once('headers', tell); // told in the call that follows
    this.#wss.handleUpgrade(request, socket, head, ws => this.#open(ws, request));
    this.#wss.off('headers', tell);
  }

  #open(ws: LiveSocket['ws'], request: IncomingMessage): void {
    this.#ids += 1;
    const socket = new LiveSocket(ws, { tcp: request.socket, id: this.#ids, ...modelOf(request) }, this);
    this.#sockets.add(socket);
    ws.on('close', () => this.#sockets.delete(socket));
  }

  #refusal(request: IncomingMessage): Refusal | undefined {
    const { upgrade } = this.behaviour;
    if (upgrade && (upgrade.times ?? 1) > 0) {
      if (upgrade.times !== undefined) upgrade.times -= 1;
      return upgrade;
    }
    const unpaid = this.behaviour.creditUsd <= 0 && modelOf(request).model !== FREE_MODEL;
    const tooMany = this.slots.refusesUpgrade() ? TOO_MANY : undefined;
    return wrongDoor(request, API_KEY) ?? (unpaid ? NO_CREDIT : tooMany);
  }

  #note(request: IncomingMessage | null, status: number, trace = ''): void {
    const model = request ? modelOf(request).model : '';
    this.handshakes.push({ at: performance.now(), model, path: request?.url ?? '', status, trace });
  }
}
