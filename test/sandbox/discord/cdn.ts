import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { endingWithConnections } from '../end-server.ts';
import { keepNewest } from '../keep-newest.ts';
import type { Attachment, NewAttachment } from './attachment.ts';
import type { Certificate } from './certificate.ts';

const HOST = '127.0.0.1';
const LINK_HOURS = 24;
const HOUR_S = 3_600;
const CHUNK_BYTES = 64 * 1024;
/** The oldest files are lost beyond so many: whoever needs a file asks for it soon. */
const KEPT = 1_000;
/** Size of a file of which a test says nothing but its name. */
const DEFAULT_BYTES = 1_024;

/** Where a file is kept: with the message's channel, or with the application for what one person alone sees. */
export type Shelf = { readonly channelId: string } | { readonly applicationId: string };

/**
 * The content delivery network: serves the bytes of attachments by HTTPS, by the links that messages carry. As at
 * Discord a link is signed: without `ex`, `is` and `hm` as given out it is 404. (Discord, "Reference", CDN.)
 */
export class Cdn implements AsyncDisposable {
  /** Such as `https://localhost:12345`; the certificate is the sandbox's own. */
  readonly url: string;
  readonly #end: () => Promise<void>;
  readonly #nextId: () => string;
  readonly #files = new Map<string, Attachment>();

  private constructor(server: Server, nextId: () => string) {
    this.#end = endingWithConnections(server);
    this.#nextId = nextId;
    this.url = `https://localhost:${(server.address() as AddressInfo).port}`;
    server.on('request', (request, response) => this.#answer(request, response));
  }

  static async start({ cert, key }: Certificate, nextId: () => string): Promise<Cdn> {
    const server = createServer({ cert, key });
    await once(server.listen(0, HOST), 'listening');
    return new Cdn(server, nextId);
  }

  /** Keeps a file. Where it has no bytes, as many zeros are served as its size says. */
  add(shelf: Shelf, file: NewAttachment): Attachment {
    const id = this.#nextId();
    const { name, contentType, bytes = null, ...extra } = file;
    const at =
      'channelId' in shelf
        ? `/attachments/${shelf.channelId}`
        : `/ephemeral-attachments/${shelf.applicationId}`;
    const path = `${at}/${id}/${encodeURIComponent(name)}${this.#signature()}`;
    const size = file.size ?? bytes?.length ?? DEFAULT_BYTES;
    const attachment = {
      ...extra,
      id,
      name,
      contentType,
      size,
      bytes,
      url: file.url ?? `${this.url}${path}`,
    };
    this.#files.set(path, attachment);
    keepNewest(this.#files, KEPT);
    return attachment;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end();
  }

  #signature(): string {
    const now = Math.floor(Date.now() / 1000);
    const until = now + LINK_HOURS * HOUR_S;
    return `?ex=${until.toString(16)}&is=${now.toString(16)}&hm=${randomBytes(32).toString('hex')}&`;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { method = 'GET', url = '' } = request;
    const file = this.#files.get(url) ?? this.#files.get(`${url}&`); // clients may drop the empty last field
    if (method !== 'GET' && method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
    } else if (!file) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('This content is no longer available.');
    } else if (file.serve) {
      file.serve(request, response);
    } else {
      const { name, contentType = 'application/octet-stream', size, bytes } = file;
      response.writeHead(200, {
        'content-type': contentType,
        'content-length': bytes?.length ?? size,
        'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
        'cache-control': 'public, max-age=31536000',
      });
      if (method === 'HEAD') response.end();
      else if (bytes) response.end(bytes);
      else Readable.from(zeros(size)).pipe(response);
    }
  }
}

function* zeros(size: number): Generator<Buffer> {
  for (let left = size; left > 0; left -= CHUNK_BYTES) yield Buffer.alloc(Math.min(left, CHUNK_BYTES));
}
