import type { Socket } from 'node:net';
import { decode, encode } from '@msgpack/msgpack';
import type { WebSocket } from 'ws';
import type { FishBehaviour, FishFault } from './behaviour.ts';
import { Chance } from './chance.ts';
import type { Library } from './library.ts';
import { isMap } from './message-map.ts';
import { parseRequest, type TtsRequest } from './request.ts';
import { RequestError } from './request-error.ts';
import { LiveSession, type SessionWire } from './session.ts';
import { newRecord, type SessionRecord } from './session-record.ts';
import type { Slots } from './slots.ts';
import { recordTrack } from './studio.ts';
import type { Words } from './words.ts';

const NO_STATUS = 1005;
const NO_CLOSE_FRAME = 1006;

/** What all sockets of a server share. */
export interface Account {
  readonly behaviour: FishBehaviour;
  readonly slots: Slots;
  readonly words: Words;
  readonly library: Library;
  readonly sessions: SessionRecord[];
}

export interface LiveSocketOptions {
  readonly tcp: Socket;
  readonly id: number;
  readonly model: string;
  /** It is that of the path `/with-timestamp`. */
  readonly timestamps: boolean;
}

/** One client's WebSocket: its sessions, one after another. */
export class LiveSocket {
  readonly ws: WebSocket;
  readonly #options: LiveSocketOptions;
  readonly #account: Account;
  readonly #records: SessionRecord[] = [];
  #session: LiveSession | undefined;
  /** Whose words come in. */
  #writing: SessionRecord | undefined;
  /** Nothing that comes is read, and nothing is answered. */
  #deaf = false;
  #isLost = false;
  #ending: NodeJS.Timeout | undefined;

  constructor(ws: WebSocket, options: LiveSocketOptions, account: Account) {
    this.ws = ws;
    this.#options = options;
    this.#account = account;
    ws.on('error', () => ws.terminate());
    ws.on('ping', data => {
      if (account.behaviour.fault?.kind === 'no-pong' || this.#isLost) return;
      if (ws.readyState === ws.OPEN) ws.pong(data);
    });
    ws.on('message', (data: Buffer, isBinary) => this.#onFrame(data, isBinary));
    ws.on('close', () => this.#onClose());
  }

  get idle(): boolean {
    return this.#session === undefined;
  }

  /** The network has lost it: see `lose`. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** From now on nothing arrives and nothing leaves, and neither side is told: a NAT has forgotten the connection. */
  lose(): void {
    this.#isLost = true;
    this.#deaf = true;
    clearTimeout(this.#ending);
    this.#options.tcp.pause();
  }

  readonly #wire: SessionWire = {
    send: event => this.#wire.sendRaw(encode(event)),
    sendRaw: frame => {
      if (this.ws.readyState === this.ws.OPEN && !this.#isLost) this.ws.send(frame);
    },
    close: (code, reason) => {
      if (this.#isLost) return;
      // What was sent before must still arrive, so the connection ends behind it.
      if (code === NO_CLOSE_FRAME) this.#options.tcp.destroySoon();
      else if (code === NO_STATUS) this.ws.close();
      else this.ws.close(code, reason);
    },
  };

  #onFrame(data: Buffer, isBinary: boolean): void {
    if (this.#deaf) return;
    const message = isBinary ? decoded(data) : undefined;
    if (this.ws.readyState !== this.ws.OPEN) {
      this.#tooLate(message);
      return;
    }
    if (!isMap(message) || typeof message['event'] !== 'string') {
      this.#refuse('invalid message');
      return;
    }
    const { event, text } = message;
    const session = this.#session;
    session?.record.frames.push({ at: performance.now(), event });
    if (event === 'start' && !session) this.#open(message['request'], message['debug'] === true);
    else if (event === 'text' && session && !session.stopped && typeof text === 'string') session.text(text);
    else if (event === 'flush' && session && !session.stopped) session.flush();
    else if (event === 'stop' && session && !session.stopped) session.stop();
    else this.#refuse('invalid_request');
  }

  /** Words of a session that were on their way while it was being refused have been sent all the same. */
  #tooLate(message: unknown): void {
    if (!isMap(message)) return;
    const { event, text } = message;
    if (event === 'start') this.#writing = undefined; // of another session, which nobody reads
    if (event !== 'text' || typeof text !== 'string' || !this.#writing) return;
    this.#writing.text += text;
    this.#writing.bytes += Buffer.byteLength(text);
  }

  #open(raw: unknown, debug: boolean): void {
    const { secondStart } = this.#account.behaviour;
    if (this.#records.length === 0 || secondStart === 'accept') this.#start(raw, debug);
    else if (secondStart === 'close') {
      this.#writing = undefined; // the words behind this `start` are no words of the session before
      this.#wire.close(1000);
    } else this.#deaf = true;
  }

  #start(raw: unknown, debug: boolean): void {
    const { behaviour, slots, words, sessions, library } = this.#account;
    const { id: socketId, model, timestamps } = this.#options;
    const record = newRecord(isMap(raw) ? raw : {}, model, socketId);
    sessions.push(record);
    this.#records.push(record);
    this.#writing = record;
    try {
      const request = parseRequest(raw, model);
      record.references = request.references;
      if (slots.refusesStart()) {
        record.ended = 'error';
        this.#refuse('Concurrency limit exceeded', { max_concurrency: behaviour.maxConcurrency });
        return;
      }
      const fault = takeFault(behaviour, request);
      const onOver = (finished: boolean) => {
        this.#session = undefined;
        slots.free();
        if (finished) this.#endSoon();
      };
      const number = sessions.length - 1;
      const track = recordTrack({ words, behaviour, request, fault, record, number });
      const wire = this.#wire;
      slots.take();
      const chance = new Chance(behaviour.seed, number);
      const options = { behaviour, request, record, track, chance, fault, wire, debug, timestamps, onOver };
      this.#session = new LiveSession(options);
      const unknown = request.voices.some(id => !library.speaks(id, behaviour.strictVoices === true));
      if (fault?.kind === 'unknown-voice' || unknown) this.#session.fail('Reference not found');
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      record.ended = 'error';
      this.#refuse(error.message);
    }
  }

  #endSoon(): void {
    const { afterFinish, seed } = this.#account.behaviour;
    if (afterFinish === 'keep' || this.#ending) return;
    const { code, ms } = afterFinish;
    const [least, most] = typeof ms === 'number' ? [ms, ms] : ms;
    this.#ending = setTimeout(
      () => {
        this.#session?.end('server-closed');
        this.#wire.close(code);
      },
      least + new Chance(seed, this.#options.id).fraction() * (most - least),
    );
  }

  #refuse(error: string, details: Record<string, unknown> = {}): void {
    this.#wire.send({ event: 'error', error, ...details });
    this.#session?.end('error');
    this.#wire.close(1000);
  }

  #onClose(): void {
    clearTimeout(this.#ending);
    this.#session?.end('client-closed');
    for (const record of this.#records) record.closedAt = performance.now();
  }
}

function decoded(data: Buffer): unknown {
  try {
    return decode(data);
  } catch {
    return undefined; // refused like every other frame that is no map
  }
}

/** The fault of the session that begins now, counted off. */
function takeFault(behaviour: FishBehaviour, request: TtsRequest): FishFault | undefined {
  const { fault, faultTimes } = behaviour;
  if (fault?.kind === 'unknown-voice' && (fault.voice ?? request.voice) !== request.voice) return undefined;
  if (fault === undefined) return behaviour.faultOf?.(request.voice);
  if (faultTimes === undefined) return fault;
  behaviour.faultTimes = faultTimes - 1;
  if (faultTimes <= 1) {
    delete behaviour.fault;
    delete behaviour.faultTimes;
  }
  return faultTimes > 0 ? fault : undefined;
}
