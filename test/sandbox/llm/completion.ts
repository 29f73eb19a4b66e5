import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChatRequest } from './chat-request.ts';
import type { ModelBehaviour, ModelFault } from './model-behaviour.ts';
import { refusal } from './model-error.ts';
import type { ModelRecord } from './model-record.ts';
import { tokensOf } from './tokens.ts';

/** Between the last token that is sent and a connection that is cut. */
const HEAD_START_MS = 200;

const STREAM_HEADERS = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' };
/** With `split`: no piece is longer than this, bytes. */
const PIECE_BYTES = 7;

interface CompletionOptions {
  readonly request: ChatRequest;
  readonly record: ModelRecord;
  readonly behaviour: ModelBehaviour;
  readonly fault: ModelFault | undefined;
  readonly response: ServerResponse;
  /** Aborted when the client, or the server, is gone. */
  readonly signal: AbortSignal;
}

/** One answer on its way. (OpenAI, "Chat completions", and "Streaming": server-sent events.) */
export class Completion {
  readonly #options: CompletionOptions;
  readonly #id = `chatcmpl-${randomBytes(12).toString('hex')}`;
  readonly #created = Math.floor(Date.now() / 1000);
  readonly #tokens: readonly string[];
  readonly #cutShort: boolean;

  constructor(options: CompletionOptions) {
    this.#options = options;
    const { request, record } = options;
    const all = tokensOf(record.answer);
    this.#tokens = all.slice(0, request.maxTokens);
    this.#cutShort = this.#tokens.length < all.length;
  }

  async run(): Promise<void> {
    const { request, fault, response, signal } = this.#options;
    if (fault?.kind === 'hang' && !fault.headers) return;
    const stream = request.stream ? response.writeHead(200, STREAM_HEADERS) : undefined;
    stream?.flushHeaders();
    if (fault?.kind === 'hang') return;
    const from = performance.now();
    const { firstTokenMs, tokensPerSecond } = this.#options.behaviour;
    for (const [index, text] of this.#tokens.entries()) {
      const due = from + firstTokenMs + (index * 1000) / tokensPerSecond;
      await waited(due - performance.now(), signal);
      if (signal.aborted || (await this.#strikes(index))) return;
      if (stream && index === 0) await this.#event(this.#chunk({ role: 'assistant', content: '' }));
      if (stream) await this.#event(this.#chunk({ content: text }));
      this.#options.record.tokens.push({ at: performance.now(), text });
    }
    if (await this.#strikes(this.#tokens.length)) return;
    if (stream) await this.#finishStream();
    else this.#finishWhole();
  }

  /** Whether the fault ends it here, before the token with this number. */
  async #strikes(index: number): Promise<boolean> {
    const { fault, response, record, request } = this.#options;
    if (!fault || !('afterTokens' in fault) || fault.afterTokens !== index) return false;
    if (!request.stream && (fault.kind === 'garbage' || fault.kind === 'error')) {
      record.ended = 'cut';
      if (fault.kind === 'garbage') response.end('{"choices":');
      else response.writeHead(500, { 'content-type': 'application/json' }).end(refusal(500).body);
      return true;
    }
    if (fault.kind === 'garbage') {
      await this.#line('data: {"choices":[{"delta":{"content":');
      return false;
    }
    if (fault.kind === 'error') {
      await this.#event({ error: { message: fault.message ?? refusal(500).message, type: 'server_error' } });
      response.end();
    }
    if (fault.kind === 'cut') {
      // A client that learns of the end before it has read the last tokens loses those, so they get a head start.
      await sleep(HEAD_START_MS);
      response.destroy();
    }
    if (fault.kind !== 'stall') record.ended = 'cut';
    return true;
  }

  async #finishStream(): Promise<void> {
    const { request, response, fault, record } = this.#options;
    await this.#event(this.#chunk({}, this.#reason));
    if (request.includeUsage) await this.#event({ ...this.#chunk({}), choices: [], usage: this.#usage() });
    if (fault?.kind !== 'no-done') await this.#line('data: [DONE]');
    record.ended = 'done';
    response.end();
  }

  #finishWhole(): void {
    const { response, record } = this.#options;
    const message = { role: 'assistant', content: this.#tokens.join(''), refusal: null };
    const body = {
      ...this.#head('chat.completion'),
      choices: [{ index: 0, message, logprobs: null, finish_reason: this.#reason }],
      usage: this.#usage(),
    };
    record.ended = 'done';
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  get #reason(): 'stop' | 'length' {
    return this.#cutShort ? 'length' : 'stop';
  }

  #head(object: string): object {
    return { id: this.#id, object, created: this.#created, model: this.#options.request.model };
  }

  #chunk(delta: object, finish: 'stop' | 'length' | null = null): object {
    return {
      ...this.#head('chat.completion.chunk'),
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
      ...(this.#options.request.includeUsage && { usage: null }),
    };
  }

  #usage(): object {
    const asked = this.#options.request.messages.flatMap(({ content }) => tokensOf(content)).length;
    const said = this.#tokens.length;
    return { prompt_tokens: asked, completion_tokens: said, total_tokens: asked + said };
  }

  #event(value: object): Promise<void> {
    return this.#line(`data: ${JSON.stringify(value)}`);
  }

  async #line(line: string): Promise<void> {
    const { behaviour, response } = this.#options;
    const end = behaviour.oddLines ? '\r\n' : '\n';
    const bytes = Buffer.from(`${behaviour.oddLines ? `: still here${end}${end}` : ''}${line}${end}${end}`);
    if (response.destroyed) return;
    if (!behaviour.split) response.write(bytes);
    else
      for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
        response.write(bytes.subarray(at, at + PIECE_BYTES));
        await sleep(0); // else the pieces leave together
      }
  }
}

async function waited(ms: number, signal: AbortSignal): Promise<void> {
  // The one way to fail is the abort, which the signal tells.
  if (ms > 0 && !signal.aborted) await sleep(ms, undefined, { signal }).catch(() => undefined);
}
