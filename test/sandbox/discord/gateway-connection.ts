import type { WebSocket } from 'ws';
import { GATEWAY_OP, type GatewaySession, type Identify } from './gateway-session.ts';
import { refusedIntents } from './intents.ts';
import { isRecord, type JsonObject, parseJson } from './json.ts';

/** A client that does not beat for so many intervals is closed with 4009. */
const SILENT_INTERVALS = 2;
/** (Discord, "Gateway", Rate Limiting.) */
const SENDS_PER_WINDOW = 120;
const SEND_WINDOW_MS = 60_000;

/** (Discord, "Opcodes and Status Codes", Gateway Close Event Codes.) */
export const CLOSE = {
  unknownError: 4000,
  unknownOpcode: 4001,
  decodeError: 4002,
  notAuthenticated: 4003,
  authenticationFailed: 4004,
  alreadyAuthenticated: 4005,
  invalidSequence: 4007,
  rateLimited: 4008,
  timedOut: 4009,
  invalidShard: 4010,
  invalidVersion: 4012,
  disallowedIntents: 4014,
} as const;

/** Update Voice State (op 4). */
export interface VoiceRequest {
  readonly guildId: string;
  /** Null to leave. */
  readonly channelId: string | null;
  readonly selfMute: boolean;
  readonly selfDeaf: boolean;
}

/** What a connection needs of the gateway. */
export interface GatewayHost {
  readonly token: string;
  readonly messageContent: boolean;
  readonly heartbeatMs: number;
  /** What becomes of RESUME, if not what should. */
  readonly resume: 'refused' | 'unanswered' | undefined;
  /** Close code for this IDENTIFY, if it is to be refused. */
  refusal(): number | undefined;
  /** Whether an IDENTIFY may come now, by the rate limit of its shard. */
  inTime(identify: Identify): boolean;
  /** Makes the session and tells it of READY and the servers. */
  start(identify: Identify, socket: WebSocket): GatewaySession;
  /** The living session of that id. */
  find(sessionId: string): GatewaySession | undefined;
  onResumed(session: GatewaySession): void;
  onVoiceState(session: GatewaySession, request: VoiceRequest): void;
  onRequestMembers(session: GatewaySession, data: JsonObject): void;
  /** The bot asks for the statuses of a server's voice channels. */
  onRequestChannelInfo(session: GatewaySession, guildId: string): void;
  /** The socket is gone; `code` is what the client closed with, or null when it was not the client who closed. */
  onGone(session: GatewaySession, code: number | null): void;
}

/** One socket of a bot: checks what it sends as strictly as Discord does. */
export class GatewayConnection {
  readonly #socket: WebSocket;
  readonly #host: GatewayHost;
  readonly #port: number;
  #session: GatewaySession | null = null;
  #sends: number[] = [];
  #silent: NodeJS.Timeout;
  #closedByUs = false;
  #frozen = false;
  readonly #heartbeatMs: number;

  /** `port` is the client's. */
  constructor(socket: WebSocket, host: GatewayHost, port: number) {
    this.#socket = socket;
    this.#port = port;
    this.#host = host;
    this.#heartbeatMs = host.heartbeatMs;
    this.#silent = this.#untilSilent();
    socket.on('message', (data: Buffer, binary) =>
      this.#onMessage(binary ? null : parseJson(data.toString('utf8'))),
    );
    socket.on('error', () => socket.terminate());
    socket.on('close', code => {
      clearTimeout(this.#silent);
      const session = this.#session;
      if (session?.socket === socket) host.onGone(session, this.#closedByUs ? null : code);
    });
    this.#send(GATEWAY_OP.hello, { heartbeat_interval: this.#heartbeatMs, _trace: ['sandbox'] });
  }

  close(code: number, reason = ''): void {
    this.#closedByUs = true;
    this.#socket.close(code, reason);
  }

  /** The TCP connection is half open from now on: nothing gets through, either way, and nobody is told. */
  freeze(): void {
    this.#frozen = true;
    this.#socket.pause();
    clearTimeout(this.#silent);
    if (this.#session) this.#host.onGone(this.#session, null);
  }

  /** Asks the client to come back and resume. */
  askToReconnect(): void {
    this.#send(GATEWAY_OP.reconnect, null);
  }

  /** Takes the session away. The client may send RESUME again over this socket if `resumable`, else IDENTIFY. */
  invalidate(resumable: boolean): GatewaySession | null {
    const session = this.#session;
    this.#session = null;
    if (session) session.socket = null;
    this.#send(GATEWAY_OP.invalidSession, resumable);
    return session;
  }

  #send(op: number, d: unknown): void {
    if (!this.#frozen) this.#socket.send(JSON.stringify({ op, d, s: null, t: null }));
  }

  #untilSilent(): NodeJS.Timeout {
    const silentMs = SILENT_INTERVALS * this.#heartbeatMs;
    return setTimeout(() => this.close(CLOSE.timedOut, 'Session timed out.'), silentMs);
  }

  #onMessage(message: unknown): void {
    if (this.#closedByUs || this.#frozen) return;
    if (!isRecord(message) || typeof message['op'] !== 'number') {
      this.close(CLOSE.decodeError, 'Error while decoding payload.');
      return;
    }
    const now = performance.now();
    this.#sends = [...this.#sends.filter(at => now - at < SEND_WINDOW_MS), now];
    if (this.#sends.length > SENDS_PER_WINDOW) this.close(CLOSE.rateLimited, 'You are being rate limited.');
    else this.#onOp(message['op'], message['d']);
  }

  #onOp(op: number, data: unknown): void {
    const session = this.#session;
    if (op === GATEWAY_OP.heartbeat) {
      clearTimeout(this.#silent);
      this.#silent = this.#untilSilent();
      this.#send(GATEWAY_OP.heartbeatAck, null);
      return;
    }
    const known = [
      GATEWAY_OP.identify,
      GATEWAY_OP.resume,
      GATEWAY_OP.presence,
      GATEWAY_OP.voiceState,
      GATEWAY_OP.requestMembers,
      GATEWAY_OP.requestChannelInfo,
    ];
    if (!known.some(one => one === op)) this.close(CLOSE.unknownOpcode, 'Unknown opcode.');
    else if (!isRecord(data)) this.close(CLOSE.decodeError, 'Error while decoding payload.');
    else if (op === GATEWAY_OP.identify || op === GATEWAY_OP.resume) {
      if (session) this.close(CLOSE.alreadyAuthenticated, 'Already authenticated.');
      else if (op === GATEWAY_OP.identify) this.#onIdentify(data);
      else this.#onResume(data);
    } else if (!session) this.close(CLOSE.notAuthenticated, 'Not authenticated.');
    else if (op === GATEWAY_OP.voiceState) this.#onVoiceState(session, data);
    else if (op === GATEWAY_OP.requestMembers) this.#host.onRequestMembers(session, data);
    else if (op === GATEWAY_OP.requestChannelInfo) this.#onRequestChannelInfo(session, data);
  }

  #authentic(data: JsonObject): boolean {
    const { token } = data;
    if (typeof token === 'string' && token.replace(/^Bot /u, '') === this.#host.token) return true;
    this.close(CLOSE.authenticationFailed, 'Authentication failed.');
    return false;
  }

  #onIdentify(data: JsonObject): void {
    const refusal = this.#host.refusal();
    if (refusal !== undefined) {
      this.close(refusal, 'As the sandbox was told.');
      return;
    }
    if (!this.#authentic(data)) return;
    const { intents, properties, shard = [0, 1] } = data;
    const refused = refusedIntents(intents, this.#host.messageContent);
    if (refused) this.close(refused, refused === 4013 ? 'Invalid intent(s).' : 'Disallowed intent(s).');
    else if (!isRecord(properties)) this.close(CLOSE.decodeError, 'Error while decoding payload.');
    else if (!isShard(shard)) this.close(CLOSE.invalidShard, 'Invalid shard.');
    else {
      const at = performance.now();
      const identify = { intents: Number(intents), shard, properties, at, port: this.#port };
      // (Discord, "Gateway", Invalid Session: op 9 also says that no session could be made after an IDENTIFY.)
      if (!this.#host.inTime(identify)) this.#send(GATEWAY_OP.invalidSession, false);
      else this.#session = this.#host.start(identify, this.#socket);
    }
  }

  #onResume(data: JsonObject): void {
    if (!this.#authentic(data)) return;
    const { session_id: id, seq } = data;
    if (this.#host.resume === 'unanswered') return;
    const session =
      typeof id === 'string' && this.#host.resume !== 'refused' ? this.#host.find(id) : undefined;
    if (!session) {
      this.#send(GATEWAY_OP.invalidSession, false);
    } else if (typeof seq !== 'number' || seq < 0 || seq > session.sequence) {
      this.close(CLOSE.invalidSequence, 'Invalid seq.');
    } else if (!session.remembers(seq)) {
      this.#send(GATEWAY_OP.invalidSession, false);
    } else {
      session.socket?.close(CLOSE.unknownError, 'Resumed elsewhere.');
      this.#session = session;
      session.resume(this.#socket, seq);
      this.#host.onResumed(session);
    }
  }

  #onRequestChannelInfo(session: GatewaySession, { guild_id: guildId, fields }: JsonObject): void {
    if (typeof guildId === 'string' && Array.isArray(fields) && fields.includes('status'))
      this.#host.onRequestChannelInfo(session, guildId);
    else this.close(CLOSE.decodeError, 'Error while decoding payload.');
  }

  #onVoiceState(session: GatewaySession, data: JsonObject): void {
    const { guild_id: guildId, channel_id: channelId, self_mute: selfMute, self_deaf: selfDeaf } = data;
    if (
      typeof guildId === 'string' &&
      (channelId === null || typeof channelId === 'string') &&
      typeof selfMute === 'boolean' &&
      typeof selfDeaf === 'boolean'
    )
      this.#host.onVoiceState(session, { guildId, channelId, selfMute, selfDeaf });
    else this.close(CLOSE.decodeError, 'Error while decoding payload.');
  }
}

function isShard(shard: unknown): shard is [number, number] {
  if (!Array.isArray(shard) || shard.length !== 2) return false;
  const [id, count]: unknown[] = shard;
  return Number.isInteger(id) && Number.isInteger(count) && Number(id) >= 0 && Number(id) < Number(count);
}
