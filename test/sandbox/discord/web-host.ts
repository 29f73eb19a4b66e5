import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { endingWithConnections } from '../end-server.ts';
import type { Gateway } from './gateway.ts';
import type { RestServer } from './rest-server.ts';

/** The one port that REST and the gateway are reached by. */
export class WebHost implements AsyncDisposable {
  /** Such as `127.0.0.1:12345`. */
  readonly host: string;
  readonly #server: Server;
  readonly #end: () => Promise<void>;

  private constructor(server: Server) {
    this.#server = server;
    this.#end = endingWithConnections(server);
    this.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(): Promise<WebHost> {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return new WebHost(server);
  }

  /** Where the gateway is, for bots. */
  get gatewayUrl(): string {
    return `ws://${this.host}/gateway`;
  }

  serve(rest: RestServer, gateway: Gateway): void {
    this.#server.on('request', (request: IncomingMessage, response) => {
      rest.handle(request, response).catch((error: unknown) => {
        if (!request.complete) return; // the client went away
        response.destroy();
        throw error;
      });
    });
    this.#server.on('upgrade', (request, socket, head) => {
      if (request.url?.startsWith('/gateway')) gateway.accept(request, socket, head);
      else socket.destroy();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end();
  }
}
