import { EventEmitter } from 'node:events';
import { watchHeartbeats } from './heartbeats.ts';
import { networkingMethods, receiverMethods, udpMethods, webSocketMethods } from './internals.ts';
import { installPacketCipher, preferXChaCha } from './packet-cipher.ts';
import { watchPaths } from './path-watch.ts';

/**
 * Walls between guilds. In @discordjs/voice 0.19.2 an exception from a voice gateway message (a malformed DAVE
 * frame, say) or from a keep-alive ends the process, and one while a packet is prepared or sent goes up to the clock
 * that all guilds share. Each is caught here, where it arises, and becomes an `error` of that guild's connection,
 * whose link re-joins.
 */

/** What the voice library threw, or was sent, in one guild's connection. `cause` holds the original. */
export class CallFault extends Error {
  override readonly name = 'CallFault';
}

/** Emitted by a Networking after each message of its voice gateway: what it can encrypt may have changed. */
export const VOICE_GATEWAY_MESSAGE = 'parrotfish:message';

/** sequence (2 bytes) and opcode (1 byte), before the payload: voice gateway v8, "Binary WebSocket Messages". */
const BINARY_HEADER_BYTES = 3;

/** Ready of the voice gateway (op 2), which carries the encryption modes on offer. */
const OP_READY = 2;

function report(emitter: unknown, what: string, cause: unknown): void {
  if (emitter instanceof EventEmitter) emitter.emit('error', new CallFault(what, { cause }));
}

function announce(emitter: unknown): void {
  if (emitter instanceof EventEmitter) emitter.emit(VOICE_GATEWAY_MESSAGE);
}

/** The methods bent here; a library without one of them is not the library that was tested. */
const BENT = [
  [networkingMethods, 'encryptOpusPacket'],
  [networkingMethods, 'prepareAudioPacket'],
  [networkingMethods, 'dispatchAudio'],
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

let guarded = false;

/**
 * Bends the voice library, once a process and before the first join (its constructors bind the methods).
 * Throws if one of them is missing.
 */
export function guardVoiceLibrary(): void {
  if (guarded) return;
  for (const [methods, name] of BENT) {
    if (typeof Reflect.get(methods, name) !== 'function')
      throw new Error(`@discordjs/voice has no ${name}: this version was not tested with Parrotfish`);
  }
  guarded = true;
  installPacketCipher();
  watchHeartbeats();
  watchPaths();

  const { prepareAudioPacket, dispatchAudio, onWsPacket, onWsBinary } = networkingMethods;
  networkingMethods.prepareAudioPacket = function (packet) {
    try {
      return prepareAudioPacket.call(this, packet);
    } catch (error) {
      report(this, 'preparing a packet failed', error);
      return undefined;
    }
  };
  networkingMethods.dispatchAudio = function () {
    try {
      return dispatchAudio.call(this);
    } catch (error) {
      report(this, 'sending a packet failed', error);
      return false;
    }
  };
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

  // The bot is deaf. The library would read the header of any datagram, from whomever, and throw at a short one.
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
