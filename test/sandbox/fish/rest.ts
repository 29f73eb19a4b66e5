import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { FishBehaviour, RestFault } from './behaviour.ts';
import type { Library, VoiceQuery } from './library.ts';
import { hexId } from './library-voices.ts';
import type { ModelEntity } from './model-entity.ts';
import { modelChange, newVoice, readFields } from './model-form.ts';
import { silentMp3Frame } from './mp3-frames.ts';
import { invalid, RestRefusal, refusal } from './rest-answer.ts';
import type { SessionRecord } from './session-record.ts';
import type { Slots } from './slots.ts';
import { answerHeaders, FREE_MODEL } from './upgrade.ts';
import { waited } from './waiting.ts';

/** One call of the REST interface. */
export interface RestRecord {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** 0 for one that got no answer. */
  readonly status: number;
}

interface RestOptions {
  readonly apiKey: string;
  readonly behaviour: FishBehaviour;
  readonly library: Library;
  readonly sessions: readonly SessionRecord[];
  readonly slots: Slots;
  readonly signal: AbortSignal;
}

interface Answer {
  readonly status: number;
  /** A string or bytes as they are, anything else as JSON; undefined for none. */
  readonly body?: unknown;
}

const SORTINGS = ['score', 'task_count', 'created_at'] as const;
const SAMPLE_SECONDS = 3;
const USD_PER_BYTE = 15 / 1e6;
const SINCE = '2025-01-01T00:00:00.000Z';

/** Fish's REST interface: its library of voices, and the account's credit. (Its OpenAPI document.) */
export class FishRest {
  readonly records: RestRecord[] = [];
  readonly #options: RestOptions;

  constructor(options: RestOptions) {
    this.#options = options;
  }

  /** What the account has left, US dollars: each byte of text sent has its price, whether it was heard or not. */
  get credit(): number {
    const paid = this.#options.sessions.filter(({ model }) => model !== FREE_MODEL);
    return this.#options.behaviour.creditUsd - USD_PER_BYTE * paid.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = performance.now();
    const { method = 'GET' } = request;
    const { pathname: path, searchParams: query } = new URL(request.url ?? '/', 'http://fish');
    const note = (status: number) => this.records.push({ at, method, path, query, status });
    const fault = this.#takeFault(method, path);
    if (fault?.kind === 'hang') {
      note(0);
      return;
    }
    if (fault?.kind === 'slow' && !(await waited(fault.ms, this.#options.signal))) return;
    const answer = fault?.kind === 'status' ? fault : await this.#answer(request, path, query);
    const body = bodyOf(answer.body);
    note(answer.status);
    response.writeHead(answer.status, STATUS_CODES[answer.status] ?? 'Refused', {
      ...(body.type && { 'content-type': body.type }),
      'content-length': body.bytes.length,
      date: new Date(Date.now() + (this.#options.behaviour.dateAheadMs ?? 0)).toUTCString(),
      ...this.#options.slots.headers,
      ...answerHeaders(answer.status),
      ...(fault?.kind === 'status' && fault.headers),
    });
    if (fault?.kind !== 'cut') response.end(body.bytes);
    else response.write(body.bytes.subarray(0, body.bytes.length / 2), () => response.destroy());
  }

  #takeFault(method: string, path: string): RestFault | undefined {
    const { rest } = this.#options.behaviour;
    if (!rest || rest.path?.test(path) === false || rest.times === 0) return undefined;
    if (rest.method !== undefined && rest.method !== method) return undefined;
    if (rest.times !== undefined) rest.times -= 1;
    return rest;
  }

  async #answer(request: IncomingMessage, path: string, query: URLSearchParams): Promise<Answer> {
    try {
      return await this.#route(request, path, query);
    } catch (error) {
      if (error instanceof RestRefusal) return error;
      throw error;
    }
  }

  async #route(request: IncomingMessage, path: string, query: URLSearchParams): Promise<Answer> {
    const { apiKey, library } = this.#options;
    const { method } = request;
    const [, room = '', id = '', ...more] = path.split('/');
    // Samples are for anyone, as on Fish's CDN.
    if (room === 'sample' && method === 'GET' && library.get(id.replace(/\.mp3$/, '')))
      return { status: 200, body: silence() };
    if (path !== '/model' && !path.startsWith('/model/') && path !== '/wallet/self/api-credit')
      throw refusal(404, 'Not Found');
    if (request.headers.authorization !== `Bearer ${apiKey}`) throw refusal(401, 'Invalid Token');
    if (room === 'wallet' && method === 'GET') return { status: 200, body: this.#wallet() };
    if (path === '/model' && method === 'GET') return { status: 200, body: this.#list(query) };
    if (path === '/model' && method === 'POST')
      return { status: 201, body: library.add(await newVoice(await readFields(request))) };
    if (room !== 'model' || id === '' || more.length > 0) throw refusal(405, 'Method Not Allowed');
    const voice = library.get(id);
    if (!voice) throw refusal(404, 'Model not found');
    if (method === 'GET' && library.mayUse(voice)) return { status: 200, body: voice };
    if (!['GET', 'PATCH', 'DELETE'].includes(method ?? '')) throw refusal(405, 'Method Not Allowed');
    if (!library.isOwn(voice)) throw refusal(403, 'Permission denied');
    if (method === 'DELETE') library.remove(id);
    else library.change(voice, modelChange(await readFields(request)));
    return { status: 200 };
  }

  #list(query: URLSearchParams): object {
    const page = voiceQuery(query);
    const { items, total } = this.#options.library.search(page);
    return {
      total,
      items: items satisfies ModelEntity[],
      has_more: page.pageNumber * page.pageSize < total,
      max_offset: null,
      accessible_upper_bound: null,
      window_limited: false,
      total_is_exact: true,
    };
  }

  #wallet(): object {
    return {
      _id: hexId('wallet'),
      user_id: hexId('author Sandbox'),
      credit: this.credit.toFixed(6),
      cumulative_top_up: this.#options.behaviour.creditUsd.toFixed(6),
      created_at: SINCE,
      updated_at: SINCE,
      has_phone_sha256: false,
      has_free_credit: null,
    };
  }
}

function voiceQuery(query: URLSearchParams): VoiceQuery {
  const sortBy = SORTINGS.find(each => each === (query.get('sort_by') ?? 'score'));
  if (!sortBy)
    throw invalid(
      'query',
      'sort_by',
      'literal_error',
      "Input should be 'score', 'task_count' or 'created_at'",
    );
  const self = query.get('self') ?? 'false';
  if (!/^(true|false)$/i.test(self))
    throw invalid('query', 'self', 'bool_parsing', 'Input should be a valid boolean');
  return {
    pageSize: whole(query, 'page_size', 10, 100),
    pageNumber: whole(query, 'page_number', 1),
    title: query.get('title') ?? '',
    tags: query.getAll('tag'),
    languages: query.getAll('language'),
    self: self.toLowerCase() === 'true',
    authorId: query.get('author_id') ?? '',
    sortBy,
  };
}

function whole(query: URLSearchParams, name: string, absent: number, most = Number.MAX_SAFE_INTEGER): number {
  const value = Number(query.get(name) ?? absent);
  if (!Number.isInteger(value))
    throw invalid('query', name, 'int_parsing', 'Input should be a valid integer');
  if (value < 1)
    throw invalid('query', name, 'greater_than_equal', 'Input should be greater than or equal to 1');
  if (value > most)
    throw invalid('query', name, 'less_than_equal', `Input should be less than or equal to ${most}`);
  return value;
}

function silence(): Buffer {
  const [rate, kilobits] = [44_100, 128];
  const frame = silentMp3Frame(rate, kilobits);
  return Buffer.concat(Array.from<Buffer>({ length: Math.ceil((SAMPLE_SECONDS * rate) / 1152) }).fill(frame));
}

function bodyOf(body: unknown): { bytes: Buffer; type: string } {
  if (body === undefined) return { bytes: Buffer.alloc(0), type: '' };
  if (Buffer.isBuffer(body)) return { bytes: body, type: 'audio/mpeg' };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { bytes: Buffer.from(text), type: /^[[{]/.test(text) ? 'application/json' : 'text/plain' };
}
