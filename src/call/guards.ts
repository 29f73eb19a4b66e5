import { EventEmitter } from 'node:events';
import { NetworkingStatusCode } from '@discordjs/voice';
import { connectSockets } from './connected-socket.ts';
import { watchHeartbeats } from './heartbeats.ts';
import {
  type NetworkingInternals,
  networkingMethods,
  receiverMethods,
  udpMethods,
  webSocketMethods,
} from './internals.ts';
import { encryptOpusPacket, preferXChaCha, rtpHeader } from './packet-cipher.ts';
import { watchPaths } from './path-watch.ts';

// Walls between guilds. In @discordjs/voice 0.19.2 an exception that is thrown for a message of the voice gateway (such
// as a malformed DAVE frame) or by a keep-alive ends the process, and one that is thrown while a packet is prepared or
// sent reaches the clock that all guilds share. Here each exception is caught where it is thrown, and becomes an
// `error` event of that guild's connection, whose link re-joins.

/**
 * Something failed in one guild's connection: the voice library threw `cause`, or Discord sent what nobody can read.
 */
export class CallFault extends Error {
  override readonly name = 'CallFault';
}

/**
 * The event that a Networking emits after each message of its voice gateway, as it may be able to encrypt more then.
 */
export const VOICE_GATEWAY_MESSAGE = 'parrotfish:message';

/** The sequence number (2 bytes) and opcode (1 byte) before the payload (Discord, "Binary WebSocket Messages"). */
const BINARY_HEADER_BYTES = 3;

/** The opcode of the voice gateway's message Ready, which has the encryption modes that Discord offers. */
const OP_READY = 2;

function report(emitter: unknown, what: string, cause: unknown): void {
  if (emitter instanceof EventEmitter) emitter.emit('error', new CallFault(what, { cause }));
}

function announce(emitter: unknown): void {
  if (emitter instanceof EventEmitter) emitter.emit(VOICE_GATEWAY_MESSAGE);
}

/**
 * The methods that are replaced, here or by the watches. A library without one of them is not the version that was
 * tested.
 */
export const REPLACED_METHODS = [
  [networkingMethods, 'encryptOpusPacket'],
  [networkingMethods, 'prepareAudioPacket'],
  [networkingMethods, 'dispatchAudio'],
  [networkingMethods, 'playAudioPacket'],
  [networkingMethods, 'onWsPacket'],
  [networkingMethods, 'onWsBinary'],
  [receiverMethods, 'onUdpMessage'],
  [udpMethods, 'keepAlive'],
  [udpMethods, 'performIPDiscovery'],
  [udpMethods, 'send'],
  [webSocketMethods, 'onMessage'],
  [webSocketMethods, 'setHeartbeatInterval'],
  [webSocketMethods, 'destroy'],
] as const;

/** Keeps a packet for the next tick of the clock. It is encrypted only then, in the memory that all guilds share. */
function keepPacket(this: NetworkingInternals, packet: Buffer): Buffer | undefined {
  const { state } = this;
  if (state.code !== NetworkingStatusCode.Ready) return undefined;
  state.preparedPacket = packet;
  return packet;
}

/** Encrypts the packet that was kept, and sends it; returns whether there was one. */
function sendPacket(networking: NetworkingInternals): boolean {
  const { state } = networking;
  const { code, preparedPacket, connectionData, dave } = state;
  if (code !== NetworkingStatusCode.Ready || !preparedPacket || !connectionData) return false;
  const header = rtpHeader(connectionData);
  networking.playAudioPacket(networking.encryptOpusPacket(preparedPacket, connectionData, header, dave));
  state.preparedPacket = undefined;
  return true;
}

let guarded = false;

/**
 * Replaces methods of the voice library, so that one guild's failure harms no other, and a packet costs little. It must
 * be called before the first join, because the library's constructors bind the methods; a second call does nothing.
 * Throws if a method is missing.
 */
export function guardVoiceLibrary(): void {
  for (const [methods, name] of REPLACED_METHODS) {
    if (typeof Reflect.get(methods, name) !== 'function')
      throw new Error(`@discordjs/voice has no ${name}: this version was not tested with Parrotfish`);
  }
  if (guarded) return;
  guarded = true;
  watchHeartbeats();
  watchPaths();
  connectSockets();

  networkingMethods.encryptOpusPacket = encryptOpusPacket;
  networkingMethods.prepareAudioPacket = keepPacket;
  networkingMethods.dispatchAudio = function () {
    try {
      return sendPacket(this);
    } catch (error) {
      report(this, 'sending a packet failed', error);
      return false;
    }
  };
  const { onWsPacket, onWsBinary } = networkingMethods;
  networkingMethods.onWsPacket = function (packet) {
    try {
      if (packet.op === OP_READY) preferXChaCha(packet);
      onWsPacket.call(this, packet);
      announce(this);
    } catch (error) {
      report(this, `voice gateway op ${packet.op} failed`, error);
    }
  };
  networkingMethods.onWsBinary = function (message) {
    try {
      onWsBinary.call(this, message);
      announce(this);
    } catch (error) {
      report(this, `voice gateway op ${message.op} failed`, error);
    }
  };

  // The bot listens to nobody. The library would read the header of each datagram, whoever sent it, and throw at a
  // short one.
  receiverMethods.onUdpMessage = () => {};

  const { keepAlive } = udpMethods;
  udpMethods.keepAlive = function () {
    try {
      keepAlive.call(this);
    } catch (error) {
      report(this, 'a keep-alive failed', error);
    }
  };

  const { onMessage } = webSocketMethods;
  webSocketMethods.onMessage = function (event) {
    const { data } = event;
    const bytes = data instanceof ArrayBuffer || Buffer.isBuffer(data) ? data.byteLength : null;
    if (bytes !== null && bytes < BINARY_HEADER_BYTES) {
      report(this, `voice gateway sent a binary message of ${bytes} bytes`, undefined);
      return;
    }
    try {
      onMessage.call(this, event);
    } catch (error) {
      report(this, 'a voice gateway message failed', error);
    }
  };
}
