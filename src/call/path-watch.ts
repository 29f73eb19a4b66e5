import { udpMethods, type VoiceUdpSocketInternals } from './internals.ts';
import { CALL_TIMINGS } from './timings.ts';

/** The way of our datagrams to the voice server is dead: what is said is heard by nobody. */
export class DeadPath extends Error {
  override readonly name = 'DeadPath';
}

/** The voice server answers no repeated discovery: whether datagrams reach it cannot be known on this connection. */
export class NoSign extends Error {
  override readonly name = 'NoSign';
}

/** IP discovery (Discord, "Voice Connections"): request and answer, 74 bytes with type, length and SSRC first. */
const DISCOVERY_BYTES = 74;
const DISCOVERY_BODY_BYTES = 70;
const REQUEST = 1;
const RESPONSE = 2;
/** So many probes without an answer are no accident. */
const PROBES = 3;

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
 * Bends the library's UDP sockets. The first discovery is sent again until it is answered, since the library sends it
 * once. Then the same datagram is a probe: a dead path has no other sign, for Discord answers no keep-alives any more
 * and a bot that is deaf receives nothing. Whether Discord answers a repeated discovery its documents do not say, so
 * the sign counts only on a connection on which it has been answered once. A dead path becomes an `error` of the socket.
 */
export function watchPaths(): void {
  const { performIPDiscovery } = udpMethods;
  udpMethods.performIPDiscovery = async function (ssrc) {
    const again = setInterval(() => send(this, ssrc), CALL_TIMINGS.discovery);
    this.once('close', () => clearInterval(again));
    try {
      const found = await performIPDiscovery.call(this, ssrc);
      probe(this, ssrc);
      return found;
    } finally {
      clearInterval(again);
    }
  };
}

/** A socket that was closed meanwhile throws; its connection is over, and nobody asks any more. */
function send(udp: VoiceUdpSocketInternals, ssrc: number): void {
  try {
    udp.send(discovery(ssrc));
  } catch (error) {
    udp.emit('error', error);
  }
}

/** Probes the path until the socket is closed. */
function probe(udp: VoiceUdpSocketInternals, ssrc: number): void {
  let everAnswered = false;
  let unanswered = 0;
  let told = false;
  let timer: NodeJS.Timeout;
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
  udp.on('message', datagram => {
    if (!isAnswer(datagram)) return;
    everAnswered = true;
    unanswered = 0;
    clearTimeout(timer);
    timer = setTimeout(ask, CALL_TIMINGS.probe);
  });
  udp.once('close', () => clearTimeout(timer));
  ask();
}
