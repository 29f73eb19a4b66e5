import { once } from 'node:events';
import type { Server, Socket } from 'node:net';

/**
 * Ends a server together with every connection to it, also one that became a WebSocket or comes at the very end: Node's
 * own `closeAllConnections` knows only those that still speak HTTP, and a bot that tries again would keep the server
 * from ending. Call it before a client can
 * know of the server; what it returns ends it.
 */
export function endingWithConnections(server: Server): () => Promise<void> {
  const sockets = new Set<Socket>();
  let isEnding = false;
  server.on('connection', (socket: Socket) => {
    if (isEnding) return void socket.destroy();
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  return async () => {
    isEnding = true;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
}
