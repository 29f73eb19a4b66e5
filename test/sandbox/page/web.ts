import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { endingWithConnections } from '../end-server.ts';
import { readClientFiles } from './client-files.ts';
import { admit } from './guard.ts';

const HOST = '127.0.0.1';
const TOKEN_BYTES = 24;
const FRONT = 'page/client/index.html';
/** A recording for a clone of a voice has some megabytes, in base64 a third more. */
const WISH_MAX_BYTES = 24 << 20;

interface ServedFile {
  readonly type: string;
  readonly bytes: Uint8Array;
}

interface WebOptions {
  /** A page has opened its WebSocket. */
  readonly onPage: (page: WebSocket) => void;
  /** A page wants the sound as an Ogg stream. */
  readonly onOgg: (response: ServerResponse) => void;
  /** A file of a message, by its id. */
  readonly file: (id: string) => ServedFile | undefined;
}

/** The page on this machine. */
export interface Web extends AsyncDisposable {
  /** Where it is, with its token. */
  readonly url: string;
}

/** Serves the page on a free port of the loopback, under a path that nobody can guess. */
export async function startWeb({ onPage, onOgg, file }: WebOptions): Promise<Web> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const files = readClientFiles();
  const http = createServer();
  const end = endingWithConnections(http);
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: WISH_MAX_BYTES,
    perMessageDeflate: false,
  });
  await once(http.listen(0, HOST), 'listening');
  const { port } = http.address() as AddressInfo;
  const shared = safety(port);

  http.on('request', (request: IncomingMessage, response) => {
    const admission = admit(request, { port, token });
    const plain = (status: number, text: string) =>
      response.writeHead(status, { ...shared, 'content-type': 'text/plain; charset=utf-8' }).end(text);
    const send = (type: string, body: string | Uint8Array, more: OutgoingHttpHeaders = {}) =>
      response.writeHead(200, { ...shared, 'content-type': type, ...more }).end(body);
    if ('status' in admission) return void plain(admission.status, `${admission.why}\n`);
    const { path } = admission;
    if (path === 'sound.ogg') return onOgg(response);
    const client = files.get(path === '' ? FRONT : path);
    if (client) return void send(client.type, client.body);
    const found = path.startsWith('file/') ? file(path.slice('file/'.length)) : undefined;
    if (!found) return void plain(404, 'There is no such thing here.\n');
    // What came from the bot or from people is shown as a picture or sound, and runs as a page in no case.
    return void send(found.type, found.bytes, { 'content-security-policy': "default-src 'none'; sandbox" });
  });
  http.on('upgrade', (request, socket, head) => {
    const admission = admit(request, { port, token }, true);
    const status = 'status' in admission ? admission.status : admission.path === 'socket' ? 101 : 404;
    if (status === 101) sockets.handleUpgrade(request, socket, head, onPage);
    else socket.end(`HTTP/1.1 ${status} Refused\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
  });

  return {
    url: `http://${HOST}:${port}/${token}/`,
    [Symbol.asyncDispose]: end,
  };
}

/** The page may load nothing from elsewhere, be framed by nobody, and tell nobody its address, which has the token. */
function safety(port: number): OutgoingHttpHeaders {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "media-src 'self'",
    `connect-src 'self' ws://${HOST}:${port} ws://localhost:${port}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    'content-security-policy': policy.join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  };
}
