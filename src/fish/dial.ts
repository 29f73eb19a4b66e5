import type { IncomingMessage } from 'node:http';
import { type ClientOptions, WebSocket } from 'ws';
import type { Logger } from '../log.ts';
import { Deadline } from './deadline.ts';
import { FishError } from './errors.ts';
import { type FishHeaders, fishHeadersOf } from './headers.ts';
import { type FishModel, livePathOf } from './protocol.ts';
import { failedToConnect, refusedUpgrade } from './refusal.ts';
import { LiveSocket } from './socket.ts';
import type { FishTimings } from './timings.ts';

// Opens one live WebSocket to Fish Audio with our key, within a deadline, and turns each failure into a `FishError`.
// `dialler.ts` decides when a socket is opened; `socket.ts` is the socket once it is open.

export interface DialOptions {
  /** The http(s) origin of Fish Audio, or of a server that speaks its protocol. */
  url: string;
  apiKey: string;
  /** The model is sent in a header, so each socket speaks with one model. */
  model: FishModel;
  timings: FishTimings;
  log: Logger;
}

/** How long, in milliseconds, Fish may take to answer our close before the connection is cut. */
const CLOSE_MS = 2_000;
/** The most bytes of a frame. By default `ws` accepts 100 MiB, while half a second of audio is a few KiB. */
const MAX_FRAME_BYTES = 4 * 1024 * 1024;
const MAX_REFUSAL_BYTES = 4 * 1024;

/** Opens one live socket to Fish. Rejects with a FishError of phase `connect`, or the signal's reason. */
export async function dial(options: DialOptions, signal: AbortSignal): Promise<LiveSocket> {
  signal.throwIfAborted();
  const { connectMs } = options.timings;
  const ws = begin(options);
  const attempt = new AbortController();
  const deadline = new Deadline('fish connecting', options.log);
  let refusal: IncomingMessage | undefined;
  let body = '';
  let told: FishHeaders = {};
  const refused = (response: IncomingMessage) =>
    refusedUpgrade({ status: response.statusCode ?? 0, headers: response.headers, body }, options.apiKey);
  try {
    return await new Promise((resolve, reject) => {
      // One timer covers DNS, TCP, TLS, the upgrade and the body of a refusal. The timer of `ws` would not do: it
      // starts again with every byte.
      deadline.start(connectMs, () => {
        const late = new FishError('timeout', `no connection to Fish Audio within ${connectMs} ms`, {
          phase: 'connect',
        });
        reject(refusal ? refused(refusal) : late);
      });
      signal.addEventListener('abort', () => reject(signal.reason), { signal: attempt.signal });
      ws.on('error', error => reject(failedToConnect(error)));
      ws.on('unexpected-response', (_request, response) => {
        refusal = response;
        response.setEncoding('utf8');
        response.on('data', (text: string) => {
          body += text;
          if (body.length >= MAX_REFUSAL_BYTES) reject(refused(response));
        });
        response.on('close', () => reject(refused(response)));
        response.on('error', () => reject(refused(response)));
      });
      ws.on('upgrade', ({ headers }) => {
        told = fishHeadersOf(headers);
      });
      ws.on('open', () => {
        // The socket is handed over at once, because a frame may follow in the same read.
        ws.removeAllListeners();
        resolve(new LiveSocket(ws, told, options));
      });
    });
  } catch (error) {
    ws.terminate();
    throw error;
  } finally {
    deadline.clear();
    attempt.abort();
  }
}

function begin({ url, apiKey, model }: DialOptions): WebSocket {
  const options: ClientOptions & { closeTimeout: number } = {
    headers: { Authorization: `Bearer ${apiKey}`, model },
    // Compression does not make Opus smaller, and inflating would cost more than all other work on a frame.
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
    closeTimeout: CLOSE_MS, // ws has this option since 8.19, but its types do not know it yet
  };
  try {
    const live = new URL(livePathOf(model), url);
    live.protocol = live.protocol === 'http:' ? 'ws:' : 'wss:';
    return new WebSocket(live, options);
  } catch {
    // The original error is not kept, because it may quote the key.
    throw new FishError(
      'request',
      'the address or the key of Fish Audio has characters that cannot be sent',
      {
        phase: 'connect',
      },
    );
  }
}
