import {
  Networking,
  type NetworkingStatusCode,
  type VoiceConnection,
  VoiceReceiver,
  VoiceUDPSocket,
  VoiceWebSocket,
} from '@discordjs/voice';

/**
 * The private parts of @discordjs/voice 0.19.2 that this room relies on, named once. The version is pinned
 * exactly, and `guardVoiceLibrary` refuses to start when a method that it bends is missing.
 */

/** End-to-end encryption (DAVE) of one connection: the library's `DAVESession`. */
export interface DaveState {
  /** 0 while the call is not end-to-end encrypted. */
  readonly protocolVersion: number;
  /** Empty or null until this client is a member of the call's MLS group. */
  readonly voicePrivacyCode: string | null;
  /** Transitions announced (op 29, 30) that the voice server has not yet executed (op 22), by id. */
  readonly pendingTransitions: ReadonlyMap<number, number>;
  encrypt(packet: Buffer): Buffer;
}

/** What the library knows once the voice server has described the session (op 4). */
export interface ConnectionData {
  readonly encryptionMode: string;
  readonly secretKey: Uint8Array;
  readonly nonceBuffer: Buffer;
  nonce: number;
}

/** `Networking.state`. */
export interface NetworkingState {
  readonly code: NetworkingStatusCode;
  readonly dave?: DaveState;
  readonly connectionData?: ConnectionData;
  /** Encrypted already, sent at the next tick of the clock. */
  preparedPacket?: Buffer | undefined;
}

/** A voice gateway packet: `op` and its data. */
export interface VoiceGatewayPacket {
  readonly op: number;
  d?: { modes?: string[] };
}

export interface NetworkingInternals {
  encryptOpusPacket(
    packet: Buffer,
    data: ConnectionData,
    header: Buffer,
    dave?: DaveState,
  ): [encrypted: Buffer, nonce: Buffer];
  prepareAudioPacket(packet: Buffer): Buffer | undefined;
  dispatchAudio(): boolean;
  onWsPacket(packet: VoiceGatewayPacket): void;
  onWsBinary(message: { op: number; seq: number; payload: Buffer }): void;
}

export interface VoiceReceiverInternals {
  onUdpMessage(message: Buffer): void;
}

export interface VoiceUdpSocketInternals {
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

/** The prototypes whose methods are bent, under their private names. */
export const networkingMethods = Networking.prototype as unknown as NetworkingInternals;
export const receiverMethods = VoiceReceiver.prototype as unknown as VoiceReceiverInternals;
export const udpMethods = VoiceUDPSocket.prototype as unknown as VoiceUdpSocketInternals;
export const webSocketMethods = VoiceWebSocket.prototype as unknown as VoiceWebSocketInternals;

/** The networking of a connection, or null while there is none. */
export function networkingOf(connection: VoiceConnection): Networking | null {
  const state: object = connection.state;
  return 'networking' in state && state.networking instanceof Networking ? state.networking : null;
}

/** The gateway session by which a connection got into its channel; undefined before it did. */
export function gatewaySessionOf(connection: VoiceConnection): string | undefined {
  const { packets } = connection as unknown as { packets: { state?: { session_id: string } } };
  return packets.state?.session_id;
}

/** Forgets the packet that was prepared for the next tick, if any. */
export function dropPrepared(connection: VoiceConnection): void {
  const networking = networkingOf(connection);
  if (networking) stateOf(networking).preparedPacket = undefined;
}

/** The private state of a networking, as far as this room reads it. */
export function stateOf(networking: Networking): NetworkingState {
  return networking.state as unknown as NetworkingState;
}
