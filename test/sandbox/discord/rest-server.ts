import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DiscordFaults } from './faults.ts';
import { type RestBody, readBody, type UploadedFile } from './rest-body.ts';
import { Buckets } from './rest-buckets.ts';
import { invalidUserAgent, methodNotAllowed, notFound, RestError, unauthorized } from './rest-error.ts';

const BASE = '/api/v10';
/** What a client is told to wait after a 429. */
const RETRY_AFTER_S = 0.3;

/** One call of the API. */
export interface RestRecord {
  readonly method: string;
  /** Without `/api/v10` and without the query. */
  readonly path: string;
  readonly query: string;
  /** The JSON of the body; undefined if there was none. */
  readonly body: unknown;
  readonly files: readonly UploadedFile[];
  readonly status: number;
  /** When it came, ms (`performance.now()`). */
  readonly at: number;
}

export interface RestCall extends RestBody {
  /** Values of the route's `:names`. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

/** So many calls in so many milliseconds. (Discord, "Rate Limits".) */
interface RouteLimit {
  readonly calls: number;
  readonly windowMs: number;
}

export interface RestRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Such as `/channels/:channelId`. */
  readonly path: string;
  /** Reachable without the bot's token, by a secret in the path or by anyone. */
  readonly open?: boolean;
  /** How often the route may be used with the same value of its first `:name`. */
  readonly limit?: RouteLimit;
  /** Returns the body of the answer; undefined for 204. Throws a RestError otherwise. */
  run(call: RestCall): unknown;
}

interface RestOptions {
  readonly token: string;
  readonly faults: DiscordFaults;
  readonly routes: readonly RestRoute[];
}

/** The REST API, version 10. Whatever it does not know is answered with 404 and can be seen in `records`. */
export class RestServer {
  readonly records: RestRecord[] = [];
  readonly #options: RestOptions;
  readonly #routes: readonly { route: RestRoute; pattern: RegExp }[];
  readonly #buckets = new Buckets();

  constructor(options: RestOptions) {
    this.#options = options;
    this.#routes = options.routes.map(route => ({
      route,
      // Clients write "@me" as it is or percent-encoded.
      pattern: new RegExp(
        `^${route.path.replaceAll(/:(\w+)/gu, '(?<$1>[^/]+)').replaceAll('@', '(?:@|%40)')}$`,
        'u',
      ),
    }));
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = performance.now();
    const url = new URL(request.url ?? '/', 'http://discord');
    const { method = 'GET' } = request;
    const path = url.pathname.startsWith(`${BASE}/`) ? url.pathname.slice(BASE.length) : url.pathname;
    let content: RestBody = { json: undefined, files: [] };
    let status = 200;
    let body: unknown;
    const { dateAheadMs = 0 } = this.#options.faults;
    const headers: Record<string, string | number> = {
      date: new Date(Date.now() + dateAheadMs).toUTCString(),
    };
    try {
      content = await readBody(request);
      if (this.#limited()) {
        Object.assign(headers, {
          'retry-after': RETRY_AFTER_S,
          'x-ratelimit-scope': 'user',
          via: '1.1 google',
        });
        status = 429;
        body = { message: 'You are being rate limited.', retry_after: RETRY_AFTER_S, global: false };
      } else {
        this.#checkRefusals(method, path);
        body = await this.#run(method, path, url, request, content, headers);
        if (body === undefined) status = 204;
      }
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      status = error.status;
      body = error.body;
    }
    this.records.push({
      method,
      path,
      query: url.search,
      body: content.json,
      files: content.files,
      status,
      at,
    });
    if (body !== undefined) headers['content-type'] = 'application/json';
    response.writeHead(status, headers).end(body === undefined ? undefined : JSON.stringify(body));
  }

  /** Throws where a test wants such a call refused. */
  #checkRefusals(method: string, path: string): void {
    const { restRefusals: refusals } = this.#options.faults;
    if (!refusals || refusals.times === 0 || !refusals.path.test(path)) return;
    if (method !== (refusals.method ?? method)) return;
    refusals.times -= 1;
    throw new RestError(refusals.status, refusals.code, 'refused, as the test asks');
  }

  #limited(): boolean {
    const { faults } = this.#options;
    if (!faults.rest429) return false;
    faults.rest429 -= 1;
    return true;
  }

  async #run(
    method: string,
    path: string,
    url: URL,
    request: IncomingMessage,
    content: RestBody,
    headers: Record<string, string | number>,
  ): Promise<unknown> {
    if (!url.pathname.startsWith(`${BASE}/`)) throw notFound();
    if (!request.headers['user-agent']?.startsWith('DiscordBot')) throw invalidUserAgent();
    const matches = this.#routes.flatMap(({ route, pattern }) => {
      const match = pattern.exec(path);
      if (!match) return [];
      const params = Object.entries(match.groups ?? {}).map(([name, value]) => [name, decoded(value)]);
      return [{ route, params: Object.fromEntries(params) as Record<string, string> }];
    });
    const match = matches.find(({ route }) => route.method === method);
    if (!match?.route.open && request.headers.authorization !== `Bot ${this.#options.token}`)
      throw unauthorized();
    if (!match) throw matches.length > 0 ? methodNotAllowed() : notFound();
    const { route, params } = match;
    if (route.limit) this.#buckets.take(route, Object.values(params)[0] ?? '', headers);
    return route.run({ ...content, params, query: url.searchParams });
  }
}

/** discord.js writes `@original` as `%40original`. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
