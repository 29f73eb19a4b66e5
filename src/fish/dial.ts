import type { IncomingMessage } from 'node:http';
import { type ClientOptions, WebSocket } from 'ws';
import type { Logger } from '../log.ts';
import { type Answer, answerOf } from './answer.ts';
import { Deadline } from './deadline.ts';
import { FishError } from './errors.ts';
import { type FishModel, livePathOf } from './protocol.ts';
import { failedToConnect, refusedUpgrade } from './refusal.ts';
import { LiveSocket } from './socket.ts';
import type { FishTimings } from './timings.ts';

export interface DialOptions {
  /** http(s) origin of Fish Audio or its equal. */
  url: string;
  apiKey: string;
  /** Told in a header: a socket speaks with one model. */
  model: FishModel;
  timings: FishTimings;
  log: Logger;
}

/** How long a peer may take to answer our close before the connection is cut. */
const CLOSE_MS = 2_000;
/** The client of `ws` accepts 100 MiB by default; half a second of audio is a few KiB. */
const MAX_FRAME_BYTES = 4 * 1024 * 1024;
const MAX_REFUSAL_BYTES = 4 * 1024;

/** Opens one socket. Rejects with a FishError of phase `connect`, or the signal's reason. */
export async function dial(options: DialOptions, signal: AbortSignal): Promise<LiveSocket> {
  signal.throwIfAborted();
  const { connectMs } = options.timings;
  const ws = begin(options);
  const attempt = new AbortController();
  const deadline = new Deadline('fish connecting', options.log);
  let refusal: IncomingMessage | undefined;
  let body = '';
  let answer: Answer = {};
  const refused = (response: IncomingMessage) =>
    refusedUpgrade({ status: response.statusCode ?? 0, headers: response.headers, body }, options.apiKey);
  try {
    return await new Promise((resolve, reject) => {
      // One timer over DNS, TCP, TLS, upgrade and a refusal's body; the one of `ws` restarts with every byte.
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
        answer = answerOf(headers);
      });
      ws.on('open', () => {
        // Handed over here and now: a frame may follow in the very same read.
        ws.removeAllListeners();
        resolve(new LiveSocket(ws, answer, options));
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
    // Opus does not get smaller, and inflating costs more than all the rest of a frame's way.
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
    closeTimeout: CLOSE_MS, // known to ws 8.19 and later, not yet to its types
  };
  try {
    const live = new URL(livePathOf(model), url);
    live.protocol = live.protocol === 'http:' ? 'ws:' : 'wss:';
    return new WebSocket(live, options);
  } catch {
    // The original error may quote what it could not use.
    throw new FishError(
      'request',
      'the address or the key of Fish Audio has characters that cannot be sent',
      {
        phase: 'connect',
      },
    );
  }
}
