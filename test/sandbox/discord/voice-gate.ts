import type { WebSocket } from 'ws';
import type { EncryptionMode, VoiceFaults } from './voice-api.ts';
import type { ChannelCall } from './voice-call.ts';
import { Close, Op, ProtocolViolation } from './voice-codes.ts';
import type { Gatekeeper } from './voice-connection.ts';
import type { VoiceSession } from './voice-session.ts';
import type { Sessions } from './voice-sessions.ts';
import type { Claim, Tickets } from './voice-tickets.ts';

/** What the gate knows of the server, read anew at every use: tests change it. */
export interface GateSettings {
  readonly modes: readonly EncryptionMode[];
  readonly dave: boolean;
  readonly heartbeatMs: number;
  readonly refuseResume: boolean;
  readonly faults: VoiceFaults;
  /** Where RTP is to go. */
  readonly udp: { readonly ip: string; readonly port: number };
  call(channelId: string): ChannelCall;
}

/** Decides who gets a session on this voice server, and what is left when a socket goes. */
export class Gate implements Gatekeeper {
  readonly #settings: GateSettings;
  readonly #tickets: Tickets;
  readonly #sessions: Sessions;
  #identifies = 0;
  #resumes = 0;

  constructor(settings: GateSettings, tickets: Tickets, sessions: Sessions) {
    this.#settings = settings;
    this.#tickets = tickets;
    this.#sessions = sessions;
  }

  get identifies(): number {
    return this.#identifies;
  }

  get resumes(): number {
    return this.#resumes;
  }

  get heartbeatMs(): number {
    return this.#settings.heartbeatMs;
  }

  get says() {
    const { noHello, noHeartbeatAck, noSessionDescription } = this.#settings.faults;
    return { hello: !noHello, heartbeatAck: !noHeartbeatAck, description: !noSessionDescription };
  }

  identify(claim: Claim, maxDaveVersion: number, socket: WebSocket): VoiceSession {
    this.#identifies++;
    const { faults, dave, modes, udp } = this.#settings;
    const refusal = faults.identifyCloseOf?.[claim.guildId] ?? faults.identifyClose;
    if (refusal) throw new ProtocolViolation(refusal, 'As the test asks.');
    const ticket = this.#tickets.check(claim);
    if (dave && maxDaveVersion < 1)
      throw new ProtocolViolation(Close.daveRequired, 'E2EE/DAVE protocol required');
    const call = this.#settings.call(ticket.channelId);
    const offered = [...modes];
    const session = this.#sessions.open({ ticket, token: claim.token, call, offered, socket });
    const ready = { ssrc: session.ssrc, ip: udp.ip, port: udp.port, modes: offered };
    session.outbox.unnumbered(Op.ready, { ...ready, streams: [], experiments: [] });
    call.join(session);
    return session;
  }

  resume({ guildId, sessionId, token }: Omit<Claim, 'userId'>, acknowledged: number, socket: WebSocket) {
    this.#resumes++;
    const session = this.#sessions.resumable(guildId, sessionId, token);
    if (!session || this.#settings.refuseResume) {
      if (session) this.#sessions.end(session);
      throw new ProtocolViolation(Close.sessionInvalid, 'Session is no longer valid.');
    }
    this.#sessions.reattach(session);
    session.resume(socket, acknowledged, !this.#settings.faults.noResumed);
    return session;
  }

  lost(session: VoiceSession, resumable: boolean): void {
    if (resumable) this.#sessions.detach(session);
    else this.#sessions.end(session);
  }

  expel(session: VoiceSession): void {
    this.#sessions.end(session);
  }
}
