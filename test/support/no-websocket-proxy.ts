import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface NoWebSocketProxy extends AsyncDisposable {
  /** Its own origin. */
  readonly url: string;
}

/**
 * Starts a proxy in front of the server at `target` as many are set up: it passes each request on, but without the
 * headers `Upgrade` and `Connection`, so that a WebSocket becomes an ordinary request.
 */
export async function startNoWebSocketProxy(target: string): Promise<NoWebSocketProxy> {
  const server = createServer((request, response) => {
    const { authorization } = request.headers;
    void fetch(new URL(request.url ?? '/', target), {
      ...(authorization !== undefined && { headers: { authorization } }),
    }).then(async answer => {
      response.writeHead(answer.status, {
        'content-type': answer.headers.get('content-type') ?? 'text/plain',
      });
      response.end(Buffer.from(await answer.arrayBuffer()));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
