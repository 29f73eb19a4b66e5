import type { RawData, WebSocket } from 'ws';
import { heed } from './voice-client-frames.ts';
import { Close, isResumable, Op, ProtocolViolation } from './voice-codes.ts';
import { type ClientFrame, integer, readFrame, text } from './voice-frame.ts';
import type { VoiceSession } from './voice-session.ts';
import type { Claim } from './voice-tickets.ts';

/** A client that misses this many heartbeats is gone. */
const MISSED_HEARTBEATS = 3;
const CLOSE_REASON_MAX_BYTES = 123;

/** What a connection needs of the server it belongs to. */
export interface Gatekeeper {
  readonly heartbeatMs: number;
  readonly says: { readonly hello: boolean; readonly heartbeatAck: boolean; readonly description: boolean };
  /** Op 0. Throws a ProtocolViolation where the claim is not good. */
  identify(claim: Claim, maxDaveVersion: number, socket: WebSocket): VoiceSession;
  /** Op 7. Throws as above. */
  resume(claim: Omit<Claim, 'userId'>, acknowledged: number, socket: WebSocket): VoiceSession;
  /** The socket of a session has closed. */
  lost(session: VoiceSession, resumable: boolean): void;
  /** Ends a session because its client broke the protocol or fell silent. */
  expel(session: VoiceSession): void;
}

/** Serves one WebSocket of the voice gateway, version 8, until it closes. */
export function serve(socket: WebSocket, gate: Gatekeeper): void {
  const connection = new VoiceConnection(socket, gate);
  connection.greet();
}

/** Says hello, wants Identify or Resume, then gives the client's frames to its session. */
class VoiceConnection {
  readonly #socket: WebSocket;
  readonly #gate: Gatekeeper;
  readonly #watchdog: NodeJS.Timeout;
  #session: VoiceSession | null = null;

  constructor(socket: WebSocket, gate: Gatekeeper) {
    this.#socket = socket;
    this.#gate = gate;
    this.#watchdog = setTimeout(
      () => !socket.isPaused && this.#close(Close.sessionTimeout, ''),
      gate.heartbeatMs * MISSED_HEARTBEATS,
    );
    socket.on('message', (message, isBinary) => this.#receive(message, isBinary));
    // A broken connection also closes; what broke it does not matter here.
    socket.on('error', () => socket.terminate());
    socket.once('close', code => this.#closed(code));
  }

  greet(): void {
    if (this.#gate.says.hello) this.#say(Op.hello, { v: 8, heartbeat_interval: this.#gate.heartbeatMs });
  }

  #say(op: number, d: unknown): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify({ op, d }));
  }

  #receive(message: RawData, isBinary: boolean): void {
    // What arrives after we have closed is not for a session that may be over.
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    try {
      this.#obey(readFrame(message, isBinary));
    } catch (error) {
      if (error instanceof ProtocolViolation) this.#close(error.code, error.message);
      // Of MLS messages: what cannot be read, or must not be accepted.
      else if (error instanceof RangeError) this.#close(Close.badRequest, error.message);
      else throw error;
    }
  }

  #obey(frame: ClientFrame): void {
    const { kind, op } = frame;
    if (kind === 'json' && op === Op.heartbeat) return this.#heartbeat(frame);
    if (kind === 'json' && (op === Op.identify || op === Op.resume)) return this.#authenticate(frame);
    heed(frame, this.#session, this.#gate.says.description);
  }

  #heartbeat(frame: ClientFrame & { kind: 'json' }): void {
    this.#watchdog.refresh();
    const t = integer(frame.data, 't');
    const acknowledged = frame.data['seq_ack'];
    if (typeof acknowledged === 'number') this.#session?.outbox.acknowledge(acknowledged);
    if (this.#gate.says.heartbeatAck) this.#say(Op.heartbeatAck, { t });
  }

  #authenticate({ op, data }: ClientFrame & { kind: 'json' }): void {
    if (this.#session) throw new ProtocolViolation(Close.alreadyAuthenticated, 'Already authenticated.');
    const claim = {
      guildId: text(data, 'server_id'),
      sessionId: text(data, 'session_id'),
      token: text(data, 'token'),
    };
    if (op === Op.resume) {
      this.#session = this.#gate.resume(claim, integer(data, 'seq_ack'), this.#socket);
      return;
    }
    const daveVersion =
      data['max_dave_protocol_version'] === undefined ? 0 : integer(data, 'max_dave_protocol_version');
    this.#session = this.#gate.identify(
      { ...claim, userId: text(data, 'user_id') },
      daveVersion,
      this.#socket,
    );
  }

  #close(code: number, reason: string): void {
    this.#socket.close(code, Buffer.from(reason).subarray(0, CLOSE_REASON_MAX_BYTES));
    if (this.#session) this.#gate.expel(this.#session);
  }

  #closed(code: number): void {
    clearTimeout(this.#watchdog);
    if (this.#session?.socket === this.#socket) this.#gate.lost(this.#session, isResumable(code));
  }
}
