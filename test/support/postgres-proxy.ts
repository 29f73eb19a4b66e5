import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A proxy between the bot and a PostgreSQL, which can cut and silence connections as networks do. */
export class PostgresProxy implements AsyncDisposable {
  /** Called with what a client sends, before that is passed on; `cut` cuts the connection. */
  onRequest: (bytes: Buffer, cut: () => void) => void = () => {};
  /** Decides whether an answer is lost; then its connection is cut. */
  loses: (answer: Buffer) => boolean = () => false;
  /** Whether PostgreSQL is away: the connection of whoever sends something is cut. */
  away = false;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #servers = new Set<Socket>();
  #silent = false;

  private constructor(target: number) {
    this.#server = createServer(client => {
      const server = connect(target, '127.0.0.1');
      this.#servers.add(server);
      server.on('close', () => this.#servers.delete(server));
      for (const [socket, other] of [
        [client, server],
        [server, client],
      ] as const) {
        this.#sockets.add(socket);
        if (this.#silent) socket.pause();
        socket.on('error', () => other.destroy());
        socket.on('close', () => {
          this.#sockets.delete(socket);
          other.destroy();
        });
      }
      client.on('data', bytes => {
        if (this.away) return void client.destroy();
        this.onRequest(bytes, () => client.destroy());
        if (!server.destroyed) server.write(bytes);
      });
      server.on('data', bytes => {
        if (this.loses(bytes)) client.destroy();
        else if (!client.destroyed) client.write(bytes);
      });
    });
  }

  static async start(target: number): Promise<PostgresProxy> {
    const proxy = new PostgresProxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    const address = this.#server.address();
    if (typeof address !== 'object' || address === null) throw new Error('no port');
    return address.port;
  }

  /** The ports from which it has connected to PostgreSQL, one for each connection that is open. */
  get serverPorts(): readonly number[] {
    return [...this.#servers].flatMap(({ localPort }) => localPort ?? []);
  }

  /** Passes nothing on any more, while the connections stay open. */
  silence(): void {
    this.#silent = true;
    for (const socket of this.#sockets) socket.pause();
  }

  /** Passes everything on again, also what was held back. */
  resume(): void {
    this.#silent = false;
    for (const socket of this.#sockets) socket.resume();
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
