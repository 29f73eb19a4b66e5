import type { Socket } from 'node:dgram';
import {
  Networking,
  type NetworkingStatusCode,
  type VoiceConnection,
  VoiceReceiver,
  VoiceUDPSocket,
  VoiceWebSocket,
} from '@discordjs/voice';

// The private parts of @discordjs/voice 0.19.2 that this directory relies on, described in one place. The version of
// the library is pinned exactly, and `guardVoiceLibrary` refuses to start when a method that it replaces is missing.

/** The end-to-end encryption (DAVE) of one connection: the library's `DAVESession`. */
export interface DaveState {
  /** 0 while the call is not end-to-end encrypted. */
  readonly protocolVersion: number;
  /** Empty or null until this client is a member of the call's encryption group (MLS). */
  readonly voicePrivacyCode: string | null;
  /** Changes of keys that were announced (op 29, 30) and not yet executed by the voice server (op 22), by their id. */
  readonly pendingTransitions: ReadonlyMap<number, number>;
  encrypt(packet: Buffer): Buffer;
}

/**
 * The keys of the transport encryption, which the voice server tells when it describes the session (op 4), and the
 * numbers of the next RTP packet.
 */
export interface ConnectionData {
  readonly ssrc: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly encryptionMode: string;
  readonly secretKey: Uint8Array;
  readonly nonceBuffer: Buffer;
  nonce: number;
}

/** The library's private `Networking.state`. */
export interface NetworkingState {
  readonly code: NetworkingStatusCode;
  readonly dave?: DaveState;
  readonly connectionData?: ConnectionData;
  readonly udp?: VoiceUdpSocketInternals;
  /** The Opus packet that will be encrypted and sent at the next tick of the clock. */
  preparedPacket?: Buffer | undefined;
}

/** A message of the voice gateway: its opcode `op` and its data `d`. */
export interface VoiceGatewayPacket {
  readonly op: number;
  d?: { modes?: string[] };
}

export interface NetworkingInternals {
  encryptOpusPacket(packet: Buffer, data: ConnectionData, header: Buffer, dave?: DaveState): Buffer;
  readonly state: NetworkingState;
  playAudioPacket(datagram: Buffer): void;
  prepareAudioPacket(packet: Buffer): Buffer | undefined;
  dispatchAudio(): boolean;
  onWsPacket(packet: VoiceGatewayPacket): void;
  onWsBinary(message: { op: number; seq: number; payload: Buffer }): void;
}

export interface VoiceReceiverInternals {
  onUdpMessage(message: Buffer): void;
}

export interface VoiceUdpSocketInternals {
  readonly socket: Socket;
  readonly remote: { readonly ip: string; readonly port: number };
  keepAlive(): void;
  performIPDiscovery(ssrc: number): Promise<unknown>;
  send(datagram: Buffer): void;
  emit(event: 'error', error: unknown): unknown;
  on(event: 'message', listener: (datagram: Buffer) => void): unknown;
  once(event: 'close', listener: () => void): unknown;
}

export interface VoiceWebSocketInternals {
  readonly ws: { terminate(): void };
  setHeartbeatInterval(ms: number): void;
  destroy(): void;
  on(event: 'packet', listener: (packet: VoiceGatewayPacket) => void): unknown;
  onMessage(event: { data: unknown }): void;
}

/** The prototypes whose methods are replaced, with the types of their private methods. */
export const networkingMethods = Networking.prototype as unknown as NetworkingInternals;
export const receiverMethods = VoiceReceiver.prototype as unknown as VoiceReceiverInternals;
export const udpMethods = VoiceUDPSocket.prototype as unknown as VoiceUdpSocketInternals;
export const webSocketMethods = VoiceWebSocket.prototype as unknown as VoiceWebSocketInternals;

/** The library's object for the sockets of a connection; null while there is none. */
export function networkingOf(connection: VoiceConnection): Networking | null {
  const state: object = connection.state;
  return 'networking' in state && state.networking instanceof Networking ? state.networking : null;
}

/** The id of the gateway session by which a connection joined its channel; undefined before it has. */
export function gatewaySessionOf(connection: VoiceConnection): string | undefined {
  const { packets } = connection as unknown as { packets: { state?: { session_id: string } } };
  return packets.state?.session_id;
}

/** Drops the packet that was prepared for the next tick of the clock, if there is one. */
export function dropPrepared(connection: VoiceConnection): void {
  const networking = networkingOf(connection);
  if (networking) stateOf(networking).preparedPacket = undefined;
}

/** The private state of a networking, as far as this directory reads it. */
export function stateOf(networking: Networking): NetworkingState {
  return networking.state as unknown as NetworkingState;
}
