import { once } from 'node:events';
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

/** A server somewhere else: every byte takes half a round trip each way, and connecting takes one. */
export interface Distance extends AsyncDisposable {
  readonly port: number;
}

function closing(server: Server, sockets: Set<Socket>): () => Promise<void> {
  server.on('connection', socket => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  return async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  };
}

function relay(from: Socket, to: Socket, delayMs: number): void {
  from.on('data', bytes => setTimeout(() => to.writable && to.write(bytes), delayMs));
  from.on('close', () => setTimeout(() => to.destroy(), delayMs));
}

/**
 * TLS in front of a plain server on `targetPort`, `rttMs` away. The TCP handshake of loopback takes no time, so
 * its round trip is charged to the first bytes.
 */
export async function startDistance(
  targetPort: number,
  rttMs: number,
  certificate: { cert: string; key: string },
): Promise<Distance> {
  const tls = createTlsServer(certificate, secure => {
    const plain = connect(targetPort, '127.0.0.1').setNoDelay(true);
    secure.on('error', () => plain.destroy());
    relay(secure, plain, 0);
    relay(plain, secure, 0);
  });
  tls.on('connection', (socket: Socket) => socket.setNoDelay(true));
  const closeTls = closing(tls, new Set());
  tls.listen(0, '127.0.0.1');
  await once(tls, 'listening');
  const far = createTcpServer(near => {
    near.setNoDelay(true);
    near.pause();
    const inner = connect((tls.address() as AddressInfo).port, '127.0.0.1').setNoDelay(true);
    relay(inner, near, rttMs / 2);
    setTimeout(() => {
      relay(near, inner, rttMs / 2);
      near.resume();
    }, rttMs);
  });
  const closeFar = closing(far, new Set());
  far.listen(0, '127.0.0.1');
  await once(far, 'listening');
  return {
    port: (far.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      await closeFar();
      await closeTls();
    },
  };
}
