import { randomBytes } from 'node:crypto';
import { type IncomingMessage, STATUS_CODES } from 'node:http';

/** An HTTP answer in place of the upgrade. A body that is not JSON goes out as plain text. */
export interface Refusal {
  readonly status: number;
  readonly body: string;
  readonly headers?: Record<string, string>;
}

const PATH = '/v1/tts/live';
/** Tells more with each `audio`, and is the only path on which `drama-3` speaks. */
const PATH_WITH_TIMESTAMP = '/v1/tts/live/with-timestamp';
const MODELS = new Set(['s1', 's2-pro', 's2.1-pro', 's2.1-pro-free']);
const DRAMA = 'drama-3';
/** Costs nothing. */
export const FREE_MODEL = 's2.1-pro-free';
/** What an unknown or missing model silently becomes, and on the plain path `drama-3` too. */
const DEFAULT_MODEL = 's2.1-pro';

export const TOO_MANY: Refusal = {
  status: 429,
  body: '{"message":"Concurrency limit exceeded","status":429}',
};

/** Its words blame the key, although the key is good. */
export const NO_CREDIT: Refusal = {
  status: 402,
  body: '{"message":"Invalid api key or insufficient balance","status":402}',
};

/** `x-fish-error-code` by status, as clients have reported it or as its words suggest. */
const ERROR_CODES: Readonly<Record<number, string>> = {
  401: 'invalid_api_key',
  402: 'insufficient_balance',
  403: 'forbidden',
  404: 'not_found',
  429: 'concurrency_limit_exceeded',
  500: 'internal_error',
  503: 'service_unavailable',
};

/** The model that a new socket speaks with, and whether it tells timestamps. */
export function modelOf({ headers, url }: IncomingMessage): { model: string; timestamps: boolean } {
  const named = headers['model'];
  const timestamps = url === PATH_WITH_TIMESTAMP;
  const known = typeof named === 'string' && (MODELS.has(named) || (named === DRAMA && timestamps));
  return { model: known ? named : DEFAULT_MODEL, timestamps };
}

/** A wrong path, or a wrong key. */
export function wrongDoor({ url, headers }: IncomingMessage, apiKey: string): Refusal | undefined {
  if (url !== PATH && url !== PATH_WITH_TIMESTAMP)
    return { status: 404, body: '{"message":"Not Found","status":404}' };
  if (headers.authorization !== `Bearer ${apiKey}`)
    return { status: 401, body: '{"message":"Invalid Token","status":401}' };
  return undefined;
}

/** The headers of every answer: the id under which Fish's support finds it, and the code of what went wrong. */
export function answerHeaders(status: number): { 'x-fish-trace-id': string; 'x-fish-error-code'?: string } {
  const code = ERROR_CODES[status];
  return { 'x-fish-trace-id': randomBytes(16).toString('hex'), ...(code && { 'x-fish-error-code': code }) };
}

/** The whole HTTP response of a refusal. */
export function httpResponse({ status, body, headers }: Refusal): string {
  const fields = Object.entries({
    'content-type': body.startsWith('{') || body.startsWith('[') ? 'application/json' : 'text/plain',
    ...headers,
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  });
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}\r\n${lines.join('')}\r\n${body}`;
}
