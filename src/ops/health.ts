import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Logger } from '../log.ts';
import type { Metrics } from './metrics/metrics.ts';

// The small HTTP server for whoever runs the bot: `/healthz` and `/readyz` tell Docker or Kubernetes whether it works,
// and `/metrics` gives Prometheus its figures. What the checks look at is decided in `bot.ts`.

/**
 * The checks of readiness, by name, such as `{ gateway: { ok: true, detail: '42 ms' } }`. `detail` holds no secrets.
 */
export type ReadyReport = Readonly<Record<string, { ok: boolean; detail?: string }>>;

export interface HealthOptions {
  host: string;
  /** 0 takes any free port. */
  port: number;
  log: Logger;
  /** Makes the checks for `/readyz`. */
  ready: () => ReadyReport;
  /** Whether the process works, for `/healthz`. */
  alive: () => boolean;
  /** For `/metrics`. */
  metrics: Metrics;
}

/** The port could not be opened. `message` is one line for the operator, with what to do where that is known. */
export class PortError extends Error {
  override readonly name = 'PortError';
  readonly exitCode = 1;
}

/** A request must have arrived and be answered within this time. */
const REQUEST_TIMEOUT_MS = 5_000;
/**
 * How often Node ends requests that have had their time. Its default of 30 s would let a few clients keep probes out.
 */
const CHECK_EVERY_MS = 1_000;
const MAX_CONNECTIONS = 64;

const FAULTS: Record<string, string> = {
  EADDRINUSE: 'HTTP_PORT is already in use on this machine: choose another one or end what uses it',
  EACCES: 'HTTP_PORT may not be opened by this user: choose one above 1023',
  EADDRNOTAVAIL: 'HTTP_HOST is not an address of this machine: use 127.0.0.1 or 0.0.0.0',
  ENOTFOUND: 'HTTP_HOST cannot be resolved: use 127.0.0.1 or 0.0.0.0',
};

/**
 * Serves `/healthz` (200 if `alive()` is true, else 503; JSON `{ alive }`), `/readyz` (200 if every check of `ready()`
 * is ok, else 503; JSON `{ ready, checks }`) and `/metrics` (text for Prometheus). Resolves once the port is open;
 * rejects with PortError if it cannot be opened. Disposing of the result closes the port and all open connections.
 */
export async function startHealth(options: HealthOptions): Promise<AsyncDisposable & { port: number }> {
  const server = createServer({ connectionsCheckingInterval: CHECK_EVERY_MS }, (request, response) => {
    void answer(options, request, response);
  });
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.headersTimeout = REQUEST_TIMEOUT_MS;
  server.maxConnections = MAX_CONNECTIONS;

  const { promise: listening, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(options.port, options.host, resolve);
  await listening.catch((error: NodeJS.ErrnoException) => {
    throw new PortError(FAULTS[error.code ?? ''] ?? 'HTTP_PORT could not be opened', { cause: error });
  });
  server.off('error', reject).on('error', err => options.log.error({ err }, 'health server failed'));

  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : options.port,
    async [Symbol.asyncDispose]() {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      await closed.promise;
    },
  };
}

/** Never rejects. */
async function answer(
  options: HealthOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { status, body, type = 'application/json' } = await reply(options, request);
  // Each connection has one request only: probes are rare, and so nothing is left open when the server ends.
  response.writeHead(status, {
    connection: 'close',
    'cache-control': 'no-store',
    'content-type': type,
    ...(status === 405 && { allow: 'GET, HEAD' }),
  });
  const text = typeof body === 'string' ? body : `${JSON.stringify(body)}\n`;
  response.end(request.method === 'HEAD' ? undefined : text);
}

interface Reply {
  readonly status: number;
  /** An object is sent as JSON. */
  readonly body: object | string;
  /** The content type, if the body is no JSON. */
  readonly type?: string;
}

const PATHS = new Set(['/healthz', '/readyz', '/metrics']);

async function reply(options: HealthOptions, request: IncomingMessage): Promise<Reply> {
  const path = request.url?.split('?', 1)[0] ?? '';
  if (!PATHS.has(path)) return { status: 404, body: { error: 'not found' } };
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return { status: 405, body: { error: 'only GET and HEAD' } };
  }
  try {
    if (path === '/healthz') {
      const alive = options.alive();
      return { status: alive ? 200 : 503, body: { alive } };
    }
    if (path === '/metrics') {
      const { metrics } = options;
      return { status: 200, body: await metrics.text(), type: metrics.contentType };
    }
    const checks = options.ready();
    const ready = Object.values(checks).every(check => check.ok);
    return { status: ready ? 200 : 503, body: { ready, checks } };
  } catch (err) {
    options.log.error({ err }, 'health check failed');
    return { status: 503, body: { error: 'the check failed' } };
  }
}
