import { randomInt } from 'node:crypto';
import type { WebSocket } from 'ws';
import { u16 } from './dave-bytes.ts';
import type { GroupMember } from './dave-member.ts';
import type { EncryptionMode, Ticket } from './voice-api.ts';
import type { ChannelCall } from './voice-call.ts';
import { TransportCipher } from './voice-cipher.ts';
import { Op } from './voice-codes.ts';
import { Outbox } from './voice-outbox.ts';
import { readRtpHeader } from './voice-rtp.ts';

const MAX_SSRC = 0xffff_ffff;

/** What a session is made of at Identify. */
export interface SessionParts {
  readonly ticket: Ticket;
  readonly token: string;
  readonly call: ChannelCall;
  readonly offered: readonly EncryptionMode[];
  readonly socket: WebSocket;
}

/** One identified client in a call. It outlives its socket for as long as it may be resumed. */
export class VoiceSession implements GroupMember {
  readonly ticket: Ticket;
  readonly token: string;
  readonly call: ChannelCall;
  readonly ssrc = randomInt(1, MAX_SSRC);
  readonly outbox = new Outbox();
  /** The modes that op 2 offered. */
  readonly offered: readonly EncryptionMode[];
  #socket: WebSocket;
  #cipher: TransportCipher | null = null;

  constructor({ ticket, token, call, offered, socket }: SessionParts) {
    this.ticket = ticket;
    this.token = token;
    this.call = call;
    this.offered = offered;
    this.#socket = socket;
    this.outbox.attach(socket);
  }

  get userId(): string {
    return this.ticket.userId;
  }

  /** The key of the transport encryption, once the client has it. */
  get secret(): Uint8Array | undefined {
    return this.#cipher?.secret;
  }

  get socket(): WebSocket {
    return this.#socket;
  }

  /** Whether op 4 has been sent, and audio may come. */
  get described(): boolean {
    return this.#cipher !== null;
  }

  /** Draws the secret key of the chosen mode and sends op 4. */
  describe(mode: EncryptionMode): void {
    this.#cipher = new TransportCipher(mode);
    this.outbox.unnumbered(Op.sessionDescription, {
      mode,
      secret_key: [...this.#cipher.secret],
      dave_protocol_version: this.call.group.version,
    });
  }

  /** Goes on over another socket: op 9, then what the client had not acknowledged. */
  resume(socket: WebSocket, acknowledged: number, sendResumed: boolean): void {
    this.#socket = socket;
    this.outbox.attach(socket);
    this.outbox.acknowledge(acknowledged);
    if (!sendResumed) return;
    this.outbox.unnumbered(Op.resumed, null);
    this.outbox.replay();
  }

  /** Takes an RTP datagram that carries this session's SSRC or comes from its address. */
  receive(datagram: Buffer): void {
    const header = readRtpHeader(datagram);
    const payload = header?.ssrc === this.ssrc ? this.#cipher?.open(datagram, header.bytes) : null;
    if (!header || !payload || !this.#cipher) return this.call.reject();
    const { sequence, timestamp } = header;
    const frame = payload.subarray(header.extensionBytes);
    const { userId, sessionId } = this.ticket;
    this.call.receive({ userId, sessionId, sequence, timestamp, mode: this.#cipher.mode, frame });
  }

  externalSender(payload: Buffer): void {
    this.outbox.binary(Op.externalSender, payload);
  }

  proposals(payload: Buffer): void {
    this.outbox.binary(Op.proposals, payload);
  }

  announceCommit(transitionId: number, commit: Buffer): void {
    this.outbox.binary(Op.announceCommit, u16(transitionId), commit);
  }

  welcome(transitionId: number, welcome: Buffer): void {
    this.outbox.binary(Op.welcome, u16(transitionId), welcome);
  }

  prepareTransition(transitionId: number, version: number): void {
    this.outbox.json(Op.prepareTransition, { protocol_version: version, transition_id: transitionId });
  }

  executeTransition(transitionId: number): void {
    this.outbox.json(Op.executeTransition, { transition_id: transitionId });
  }

  prepareEpoch(version: number, epoch: number): void {
    this.outbox.json(Op.prepareEpoch, { protocol_version: version, epoch });
  }
}
