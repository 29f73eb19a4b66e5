import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { VoiceFaults } from './voice-api.ts';
import { RTP_HEADER_BYTES } from './voice-rtp.ts';
import type { VoiceSession } from './voice-session.ts';

/** IP discovery (Discord, "Voice Connections"): type, length, SSRC, 64 bytes of address, port. */
const DISCOVERY_BYTES = 74;
const DISCOVERY_BODY_BYTES = 70;
const DISCOVERY_REQUEST = 1;
const DISCOVERY_RESPONSE = 2;
/** While this process is busy, what arrives waits in the system, which else soon drops it (it may allow less). */
const RECEIVE_BUFFER_BYTES = 4 << 20;
/** RTCP shares the port; by RFC 5761 its packet types are these second bytes. */
const RTCP_TYPES = { first: 192, last: 223 } as const;

/** Finds the session of a datagram. */
export interface SessionDirectory {
  bySsrc(ssrc: number): VoiceSession | undefined;
}

/** The UDP side of the voice server: answers IP discovery and gives RTP to its session. */
export class VoiceUdp implements AsyncDisposable {
  readonly #socket: Socket;
  readonly #sessions: SessionDirectory;
  readonly #faults: VoiceFaults;
  /** Gets RTP in place of the sessions. */
  readonly #onDatagram: ((datagram: Buffer) => void) | undefined;
  /** Sessions by the "address:port" that discovery came from. */
  readonly #byAddress = new Map<string, VoiceSession>();
  /** RTP datagrams of sessions that were over. */
  late = 0;
  #closed = false;

  private constructor(
    socket: Socket,
    sessions: SessionDirectory,
    faults: VoiceFaults,
    onDatagram?: (datagram: Buffer) => void,
  ) {
    this.#onDatagram = onDatagram;
    this.#socket = socket;
    this.#sessions = sessions;
    this.#faults = faults;
    socket.on('message', (datagram, from) => this.#receive(datagram, from));
  }

  static async bind(
    host: string,
    sessions: SessionDirectory,
    faults: VoiceFaults,
    onDatagram?: (datagram: Buffer) => void,
  ): Promise<VoiceUdp> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: RECEIVE_BUFFER_BYTES });
    socket.bind(0, host);
    await once(socket, 'listening');
    return new VoiceUdp(socket, sessions, faults, onDatagram);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** The session is over: its address means nothing any more. */
  forget(session: VoiceSession): void {
    for (const [address, owner] of this.#byAddress) if (owner === session) this.#byAddress.delete(address);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }

  #receive(datagram: Buffer, from: RemoteInfo): void {
    if (this.#faults.blackHole) return;
    // Keep-alives of 8 bytes (or 4) are not answered: Discord stopped in 2023.
    if (datagram.length < RTP_HEADER_BYTES) return;
    if (datagram.length === DISCOVERY_BYTES && datagram.readUInt16BE() === DISCOVERY_REQUEST)
      return this.#discover(datagram, from);
    const type = datagram.readUInt8(1);
    if (type >= RTCP_TYPES.first && type <= RTCP_TYPES.last) return;
    if (this.#onDatagram) return this.#onDatagram(datagram);
    const session =
      this.#sessions.bySsrc(datagram.readUInt32BE(8)) ?? this.#byAddress.get(`${from.address}:${from.port}`);
    if (session) session.receive(datagram);
    else this.late += 1;
  }

  #discover(request: Buffer, from: RemoteInfo): void {
    const session = this.#sessions.bySsrc(request.readUInt32BE(4));
    if (!session || request.readUInt16BE(2) !== DISCOVERY_BODY_BYTES) return;
    if (this.#faults.noDiscoveryReply) return;
    if (this.#faults.dropDiscovery) {
      this.#faults.dropDiscovery--;
      return;
    }
    const address = `${from.address}:${from.port}`;
    if (this.#faults.noRepeatedDiscovery && this.#byAddress.get(address) === session) return;
    if (this.#faults.noLateDiscovery && session.described) return;
    if (session.described) session.call.probed += 1;
    this.#byAddress.set(address, session);
    const reply = Buffer.alloc(DISCOVERY_BYTES);
    reply.writeUInt16BE(DISCOVERY_RESPONSE, 0);
    reply.writeUInt16BE(DISCOVERY_BODY_BYTES, 2);
    reply.writeUInt32BE(session.ssrc, 4);
    reply.write(from.address, 8, 'ascii');
    reply.writeUInt16BE(from.port, DISCOVERY_BYTES - 2);
    const answer = () => this.#closed || this.#socket.send(reply, from.port, from.address);
    const { discoveryDelayMs } = this.#faults;
    if (discoveryDelayMs) setTimeout(answer, discoveryDelayMs);
    else answer();
  }
}
