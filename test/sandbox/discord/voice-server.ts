import { once } from 'node:events';
import { createServer } from 'node:https';
import { WebSocketServer } from 'ws';
import { endingWithConnections } from '../end-server.ts';
import type { EncryptionMode, HeardPacket, Ticket, VoiceFaults, VoiceServer } from './voice-api.ts';
import { ChannelCall } from './voice-call.ts';
import { Close, isResumable } from './voice-codes.ts';
import { serve } from './voice-connection.ts';
import { Gate, type GateSettings } from './voice-gate.ts';
import { Sessions } from './voice-sessions.ts';
import { Tickets } from './voice-tickets.ts';
import { VoiceUdp } from './voice-udp.ts';

// The contract in one import: these types belong to `startVoiceServer`.
export type { EncryptionMode, VoiceServer } from './voice-api.ts';

const HOST = '127.0.0.1';
const GATEWAY_VERSION = '8';
/** Discord's usual interval. */
const HEARTBEAT_MS = 13_750;
const MAX_FRAME_BYTES = 64 * 1024;

export type OnHeard = (channelId: string, packet: HeardPacket) => void;

/** Starts a Discord voice server on free ports of this machine: voice gateway version 8 over TLS, and UDP. */
export async function startVoiceServer(options: {
  certificate: { cert: string; key: string };
  /** Told of each packet that at least one listener of a channel could hear. */
  onHeard?: OnHeard;
  /** Gets each RTP datagram in place of its session, which costs far less; then nobody hears what is sent. */
  onDatagram?: (datagram: Buffer) => void;
}): Promise<VoiceServer> {
  const server = new SandboxVoiceServer(options.onHeard, options.onDatagram);
  await server.listen(options.certificate);
  return server;
}

class SandboxVoiceServer implements VoiceServer, GateSettings {
  modes: EncryptionMode[] = ['aead_aes256_gcm_rtpsize', 'aead_xchacha20_poly1305_rtpsize'];
  heartbeatMs = HEARTBEAT_MS;
  refuseResume = false;
  readonly faults: VoiceFaults = {};
  readonly #calls = new Map<string, ChannelCall>();
  readonly #tickets = new Tickets();
  readonly #sessions = new Sessions(session => this.#udp?.forget(session));
  readonly #gate = new Gate(this, this.#tickets, this.#sessions);
  readonly #stack = new AsyncDisposableStack();
  #udp: VoiceUdp | null = null;
  #port = 0;
  #dave = true;
  readonly #onHeard: OnHeard;
  readonly #onDatagram: ((datagram: Buffer) => void) | undefined;

  constructor(onHeard: OnHeard = () => {}, onDatagram?: (datagram: Buffer) => void) {
    this.#onHeard = onHeard;
    this.#onDatagram = onDatagram;
  }

  async listen(certificate: { cert: string; key: string }): Promise<void> {
    this.#udp = this.#stack.use(await VoiceUdp.bind(HOST, this.#sessions, this.faults, this.#onDatagram));
    const http = createServer(certificate);
    const end = endingWithConnections(http);
    const gateway = new WebSocketServer({ server: http, maxPayload: MAX_FRAME_BYTES });
    gateway.on('connection', (socket, request) => {
      const version = new URL(request.url ?? '/', 'wss://localhost').searchParams.get('v');
      if (version === GATEWAY_VERSION) serve(socket, this.#gate);
      else socket.close(Close.unknownProtocol, 'Only voice gateway version 8');
    });
    http.listen(0, HOST);
    await once(http, 'listening');
    const address = http.address();
    if (typeof address === 'object' && address) this.#port = address.port;
    this.#stack.defer(async () => {
      this.#sessions.dispose();
      for (const call of this.#calls.values()) call.dispose();
      await end();
    });
  }

  get secrets(): VoiceServer['secrets'] {
    return this.#sessions.all.map(({ token, secret }) => ({ token, key: secret }));
  }

  get endpoint(): string {
    return `localhost:${this.#port}`;
  }

  get udp(): { ip: string; port: number } {
    return { ip: HOST, port: this.#udp?.port ?? 0 };
  }

  get late(): number {
    return this.#udp?.late ?? 0;
  }

  get identifies(): number {
    return this.#gate.identifies;
  }

  get resumes(): number {
    return this.#gate.resumes;
  }

  get dave(): boolean {
    return this.#dave;
  }

  set dave(value: boolean) {
    if (value === this.#dave) return;
    this.#dave = value;
    for (const call of this.#calls.values()) {
      if (call.clients.length > 0) continue;
      if (value) call.group.upgrade();
      else call.group.downgrade();
    }
  }

  admit(ticket: Ticket): string {
    return this.#tickets.admit(ticket);
  }

  evict(guildId: string, userId: string, code: number = Close.disconnected): void {
    this.#tickets.revoke(guildId, userId);
    const session = this.#sessions.of(guildId, userId);
    if (session) this.#sessions.end(session, code);
  }

  close(guildId: string, userId: string, code: number): void {
    const session = this.#sessions.of(guildId, userId);
    if (!session) return;
    if (!isResumable(code)) return this.#sessions.end(session, code);
    session.socket.close(code);
    this.#sessions.detach(session);
  }

  kill(guildId: string, userId: string): void {
    const session = this.#sessions.of(guildId, userId);
    if (!session) return;
    session.socket.terminate();
    this.#sessions.detach(session);
  }

  freeze(guildId: string, userId: string): void {
    const session = this.#sessions.of(guildId, userId);
    if (!session) return;
    session.socket.pause();
    this.#sessions.detach(session);
  }

  sendBinary(guildId: string, userId: string, bytes: Uint8Array): void {
    this.#sessions.of(guildId, userId)?.outbox.raw(bytes);
  }

  enrol(guildId: string, userId: string): void {
    const session = this.#sessions.of(guildId, userId);
    session?.call.group.enrol(session);
  }

  call(channelId: string): ChannelCall {
    let call = this.#calls.get(channelId);
    if (!call) {
      call = new ChannelCall(channelId, this.#dave ? 1 : 0, {
        faults: this.faults,
        onHeard: packet => this.#onHeard(channelId, packet),
      });
      this.#calls.set(channelId, call);
    }
    return call;
  }

  forget(): void {
    for (const call of this.#calls.values()) call.forget();
  }

  downgrade(channelId: string): void {
    this.call(channelId).group.downgrade();
  }

  upgrade(channelId: string): void {
    this.call(channelId).group.upgrade();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}
