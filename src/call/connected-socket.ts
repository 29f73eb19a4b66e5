import type { RemoteInfo } from 'node:dgram';
import { udpMethods } from './internals.ts';
import { leaveBuffer } from './packet-cipher.ts';

// Makes it cheaper to send a call's packets: the system ties each UDP socket to its voice server, so that no address is
// looked up for each datagram. `guards.ts` calls this once, before the first call.

/** The sockets that the system has connected to their voice server. */
const connected = new WeakSet<object>();

/**
 * Replaces methods of the library's UDP sockets, so that a socket is connected to its voice server once discovery has
 * been answered. A datagram then leaves within the call that sends it, and for half the cost: no address is looked up
 * in Node, and no way in the system. A connected socket also takes nothing from anybody else; so where the answer came
 * from another address than the voice server's, the socket is not connected, or it would not hear the next answer. A
 * datagram of a socket that is not connected leaves later than the call, and so it is copied.
 */
export function connectSockets(): void {
  const { performIPDiscovery } = udpMethods;
  udpMethods.performIPDiscovery = async function (ssrc) {
    const { socket, remote } = this;
    let sender: RemoteInfo | undefined;
    const note = (_datagram: Buffer, from: RemoteInfo) => {
      sender = from;
    };
    socket.prependListener('message', note);
    const found = await performIPDiscovery.call(this, ssrc).finally(() => socket.off('message', note));
    if (sender?.address !== remote.ip || sender.port !== remote.port) return found;
    socket.once('connect', () => connected.add(socket));
    socket.connect(remote.port, remote.ip);
    return found;
  };

  udpMethods.send = function (datagram) {
    const { socket, remote } = this;
    if (!connected.has(socket)) {
      socket.send(Buffer.from(datagram), remote.port, remote.ip);
      return;
    }
    socket.send(datagram);
    if (socket.getSendQueueCount() > 0) leaveBuffer();
  };
}
