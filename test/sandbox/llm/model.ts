import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { endingWithConnections } from '../end-server.ts';
import { type ChatRequest, parseChat } from './chat-request.ts';
import { Completion } from './completion.ts';
import { type ModelBehaviour, type ModelFault, quickModel } from './model-behaviour.ts';
import { ModelError, noKey, refusal, unknownModel, wrongUrl } from './model-error.ts';
import { type ModelRecord, type ModelRequest, newRecord } from './model-record.ts';

export { type ModelBehaviour, realisticModel } from './model-behaviour.ts';

/** A language model on this machine that speaks as OpenAI's servers do. Times are `performance.now()`, in ms. */
export interface FakeModel extends AsyncDisposable {
  /** For LLM_BASE_URL; ends with `/v1`. */
  readonly url: string;
  /** The one key that is accepted. */
  readonly apiKey: string;
  /** The one name that is known. */
  readonly model: string;
  /** May be changed at any time; applies to the requests that come next. */
  readonly behaviour: ModelBehaviour;
  /** One per question, in order, those that were refused too. Whoever asks for the list of models asks no question. */
  readonly requests: readonly ModelRequest[];
  /** Answers that are on their way. */
  readonly openStreams: number;
  /** Drops the requests that are over. For runs of hours. */
  forget(): void;
}

interface Refused {
  readonly status: number;
  readonly body: string;
  readonly headers?: Record<string, string>;
}

const API_KEY = 'sk-sandbox-0123456789abcdef';
const MODEL = 'sandbox-1';
const PATH = '/v1/chat/completions';
const LIST_PATH = '/v1/models';
/** (OpenAI, "List models".) */
const LIST = JSON.stringify({
  object: 'list',
  data: [{ id: MODEL, object: 'model', created: 1_762_300_800, owned_by: 'sandbox' }],
});

/** Starts it on a free port. Without `behaviour` it is quick and repeats what the user said. */
export async function startModel(behaviour: Partial<ModelBehaviour> = {}): Promise<FakeModel> {
  const http = createServer();
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return new ModelServer(http, { ...quickModel, ...behaviour });
}

class ModelServer implements FakeModel {
  readonly apiKey = API_KEY;
  readonly model = MODEL;
  readonly url: string;
  readonly behaviour: ModelBehaviour;
  readonly requests: ModelRecord[] = [];
  readonly #end: () => Promise<void>;
  readonly #life = new AbortController();

  /** `http` listens already. */
  constructor(http: Server, behaviour: ModelBehaviour) {
    this.#end = endingWithConnections(http);
    this.behaviour = behaviour;
    this.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/v1`;
    http.on('request', (request, response) => void this.#handle(request, response));
  }

  get openStreams(): number {
    return this.requests.filter(({ endedAt }) => endedAt === undefined).length;
  }

  forget(): void {
    const going = this.requests.filter(({ endedAt }) => endedAt === undefined);
    this.requests.splice(0, Infinity, ...going);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.abort();
    await this.#end();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'GET' && request.url === LIST_PATH) return this.#list(request, response);
    const sent = parsed(await text(request).catch(() => '')); // whoever left while speaking is answered to nobody
    const record = newRecord(sent);
    this.requests.push(record);
    const gone = new AbortController();
    response.on('close', () => {
      record.endedAt = performance.now();
      record.ended ??= 'client-closed';
      gone.abort();
    });
    const fault = this.#takeFault();
    const refused = fault?.kind === 'refuse' ? { body: refusal(fault.status).body, ...fault } : null;
    const chat = refused ?? this.#admitted(request, sent, record);
    if ('status' in chat) {
      record.ended = 'refused';
      refuse(response, chat);
      return;
    }
    const signal = AbortSignal.any([this.#life.signal, gone.signal]);
    const { behaviour } = this;
    await new Completion({ request: chat, record, behaviour, fault, response, signal }).run();
  }

  #admitted(request: IncomingMessage, sent: unknown, record: ModelRecord): ChatRequest | Refused {
    try {
      return this.#admit(request, sent, record);
    } catch (error) {
      if (error instanceof ModelError) return error;
      throw error;
    }
  }

  /** The request, if it is in order and may be answered; told in the record. */
  #admit(request: IncomingMessage, sent: unknown, record: ModelRecord): ChatRequest {
    if (request.url !== PATH || request.method !== 'POST')
      throw wrongUrl(request.method ?? '', request.url ?? '');
    const locked = this.#lockedOut(request);
    if (locked) throw locked;
    const chat = parseChat(sent);
    const { model, messages, maxTokens, stream } = chat;
    Object.assign(record, { model, messages, maxTokens, stream });
    if (model !== MODEL) throw unknownModel(model);
    const { answer } = this.behaviour;
    record.answer = typeof answer === 'string' ? answer : answer(messages);
    return chat;
  }

  /** The refusal of a request without the key; null if it may be answered. */
  #lockedOut({ headers: { authorization } }: IncomingMessage): ModelError | null {
    if (this.behaviour.open || authorization === `Bearer ${API_KEY}`) return null;
    return authorization ? refusal(401) : noKey();
  }

  #list(request: IncomingMessage, response: ServerResponse): void {
    const locked = this.#lockedOut(request);
    if (locked) refuse(response, locked);
    else response.writeHead(200, { 'content-type': 'application/json' }).end(LIST);
  }

  #takeFault(): ModelFault | undefined {
    const { fault, faultTimes } = this.behaviour;
    if (!fault || faultTimes === undefined) return fault;
    this.behaviour.faultTimes = faultTimes - 1;
    return faultTimes > 0 ? fault : undefined;
  }
}

function refuse(response: ServerResponse, { status, body, headers }: Refused): void {
  const type = body.startsWith('{') ? 'application/json' : 'text/plain';
  response.writeHead(status, { 'content-type': type, ...headers }).end(body);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined; // refused like every other body that is no object
  }
}
