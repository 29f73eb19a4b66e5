import { NetworkingStatusCode } from '@discordjs/voice';
import { networkingMethods, udpMethods, type VoiceUdpSocketInternals } from './internals.ts';
import { CALL_TIMINGS } from './timings.ts';

// Notices when a call's datagrams do not reach the voice server, by a probe that the voice library does not send
// itself. `dead-paths.ts` decides what follows.

/** Our datagrams do not reach the voice server any more, and so nobody hears what is said. */
export class DeadPath extends Error {
  override readonly name = 'DeadPath';
}

/** The voice server answers no discovery during the session, and so nothing shows whether datagrams reach it. */
export class NoSign extends Error {
  override readonly name = 'NoSign';
}

/** Request and answer of IP discovery have 74 bytes: type, length, SSRC, address (Discord, "Voice Connections"). */
const DISCOVERY_BYTES = 74;
const DISCOVERY_BODY_BYTES = 70;
const REQUEST = 1;
const RESPONSE = 2;
/** After this many probes without an answer the path counts as dead. */
const PROBES = 3;

/** The datagram that asks for IP discovery. */
function discovery(ssrc: number): Buffer {
  const datagram = Buffer.alloc(DISCOVERY_BYTES);
  datagram.writeUInt16BE(REQUEST, 0);
  datagram.writeUInt16BE(DISCOVERY_BODY_BYTES, 2);
  datagram.writeUInt32BE(ssrc, 4);
  return datagram;
}

const isAnswer = (datagram: Buffer) =>
  datagram.length >= DISCOVERY_BYTES && datagram.readUInt16BE(0) === RESPONSE;

/**
 * Replaces methods of the library, so that a dead path is noticed. The first discovery is sent again until it is
 * answered, since the library sends it only once. Once the voice server has described the session, the same datagram is
 * sent as a probe. A dead path shows in no other way: Discord no longer answers keep-alives, and a bot that is deaf
 * receives nothing. Discord's documents do not say whether discovery is answered during a session, so missing answers
 * count only on a connection on which one has come before. A dead path becomes an `error` event of the socket.
 */
export function watchPaths(): void {
  const { performIPDiscovery } = udpMethods;
  udpMethods.performIPDiscovery = async function (ssrc) {
    const again = setInterval(() => send(this, ssrc), CALL_TIMINGS.discovery);
    this.once('close', () => clearInterval(again));
    try {
      return await performIPDiscovery.call(this, ssrc);
    } finally {
      clearInterval(again);
    }
  };
  const { onWsPacket } = networkingMethods;
  networkingMethods.onWsPacket = function (packet) {
    const before = this.state.code;
    onWsPacket.call(this, packet);
    const { code, udp, connectionData } = this.state;
    const isDescribed =
      before === NetworkingStatusCode.SelectingProtocol && code === NetworkingStatusCode.Ready;
    if (isDescribed && udp && connectionData) probe(udp, connectionData.ssrc);
  };
}

/** Sends a discovery. The error of a socket that was closed meanwhile becomes its `error` event, which nobody hears. */
function send(udp: VoiceUdpSocketInternals, ssrc: number): void {
  try {
    udp.send(discovery(ssrc));
  } catch (error) {
    udp.emit('error', error);
  }
}

/**
 * Probes the path until the socket is closed. An answer to a discovery that was sent before the session, or at its very
 * beginning, says nothing about the later ones: a voice server may answer only until then. So the first probe is sent
 * one interval after the session was described, and no earlier answer counts.
 */
function probe(udp: VoiceUdpSocketInternals, ssrc: number): void {
  let everAnswered = false;
  let unanswered = 0;
  let told = false;
  const ask = () => {
    if (unanswered >= PROBES) {
      unanswered = 0;
      if (everAnswered) udp.emit('error', new DeadPath('the voice server answers no datagram'));
      else if (!told) udp.emit('error', new NoSign('the voice server repeats no discovery'));
      told = true;
      timer = setTimeout(ask, CALL_TIMINGS.probe);
      return;
    }
    unanswered += 1;
    timer = setTimeout(ask, CALL_TIMINGS.probeAgain);
    send(udp, ssrc);
  };
  const heard = (datagram: Buffer) => {
    if (!isAnswer(datagram)) return;
    everAnswered = true;
    unanswered = 0;
    clearTimeout(timer);
    timer = setTimeout(ask, CALL_TIMINGS.probe);
  };
  let timer = setTimeout(() => {
    udp.on('message', heard);
    ask();
  }, CALL_TIMINGS.probe);
  udp.once('close', () => clearTimeout(timer));
}
