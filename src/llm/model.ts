import { unlessAborted } from '../unless-aborted.ts';
import { AnswerBody, wordsIn } from './answer-body.ts';
import { kindOfStatus, lastingTrouble, ModelError, type ModelTrouble } from './errors.ts';
import { Thoughts } from './thoughts.ts';

// Asks the language model, on any server that speaks OpenAI's protocol, and gives out its answer while it is being
// written. Here are its time limits and the parameters of a request. `src/discord/ask/` shows the answer and has it
// said.

/** A question (`user`) or an answer (`assistant`) that the model is told. */
export interface ChatMessage {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

/** Where the model is, and what holds for all its answers. */
export interface ModelOptions {
  /** The base URL of an OpenAI-compatible server, such as `http://127.0.0.1:11434/v1`. */
  readonly baseUrl: string;
  /** Undefined when the server needs no key, such as one on the operator's own machine. */
  readonly apiKey: string | undefined;
  readonly model: string;
  readonly systemPrompt: string;
  /** The longest answer, in the model's tokens. */
  readonly maxTokens: number;
  readonly timings?: Partial<ModelTimings>;
}

/** How long the model may take, in milliseconds. */
interface ModelTimings {
  /** From the question to the first piece that the server sends. */
  readonly firstTokenMs: number;
  /** From one piece to the next. */
  readonly stallMs: number;
  /** From the question to the end of the answer. */
  readonly wholeMs: number;
}

/** How long the question and the answer were, in the model's own tokens. */
export interface TokenUsage {
  readonly asked: number;
  readonly answered: number;
}

interface AnswerOptions {
  /** Ends the answer, and the connection, at any point. */
  readonly signal: AbortSignal;
  /** Called at the end of the answer, if the server tells the numbers. */
  readonly onUsage?: (usage: TokenUsage) => void;
}

/** A language model that answers questions. */
export interface LanguageModel {
  /** What keeps questions from being answered, by the last one or by the check at the start; null if nothing does. */
  trouble: ModelTrouble | null;
  /** Whether a question has been answered since the start. */
  readonly hasAnswered: boolean;
  /**
   * Yields the answer to the last message, piece by piece, as the model writes it. An answer that reaches the limit of
   * tokens ends with "…".
   *
   * @throws ModelError, or the signal's reason
   */
  answer(messages: readonly ChatMessage[], options: AnswerOptions): AsyncGenerator<string, void, undefined>;
}

type Sdk = typeof import('openai');
type Client = InstanceType<Sdk['OpenAI']>;

const TIMINGS: ModelTimings = { firstTokenMs: 20_000, stallMs: 20_000, wholeMs: 180_000 };
/** On this host, newer models refuse the parameter `max_tokens`; servers elsewhere know only that one. */
const OPENAI_HOST = 'api.openai.com';

/**
 * Makes the language model at an OpenAI-compatible server; nothing is sent to it yet. Loading the library of OpenAI
 * blocks the event loop for a quarter of a second, so this is to be called at the start, and only if there is a model.
 */
export async function openModel(options: ModelOptions): Promise<LanguageModel> {
  const sdk = await import('openai');
  const client = new sdk.OpenAI({
    baseURL: options.baseUrl,
    apiKey: options.apiKey ?? 'none',
    // Without these nulls the library would read them from the environment, past the configuration.
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    logLevel: 'off',
    maxRetries: 1,
    ...(options.apiKey === undefined && { defaultHeaders: { authorization: null } }),
  });
  const languageModel: LanguageModel & { hasAnswered: boolean } = {
    trouble: null,
    hasAnswered: false,
    async *answer(messages, how) {
      try {
        yield* answer(sdk, client, options, messages, how);
        languageModel.trouble = null;
        languageModel.hasAnswered = true;
      } catch (error) {
        if (error instanceof ModelError) languageModel.trouble = lastingTrouble(error.kind);
        throw error;
      }
    },
  };
  return languageModel;
}

async function* answer(
  sdk: Sdk,
  client: Client,
  options: ModelOptions,
  messages: readonly ChatMessage[],
  { signal, onUsage }: AnswerOptions,
): AsyncGenerator<string, void, undefined> {
  const { firstTokenMs, stallMs, wholeMs } = { ...TIMINGS, ...options.timings };
  const late = new AbortController();
  const over = AbortSignal.any([signal, late.signal]);
  const expire = () => late.abort(new ModelError('timeout'));
  const whole = setTimeout(expire, wholeMs);
  let silence = setTimeout(expire, firstTokenMs);
  const thoughts = new Thoughts();
  let began = false;
  let finish: string | null = null;
  const body = new AnswerBody();
  try {
    over.throwIfAborted();
    const watched = client.withOptions({ fetch: body.fetch });
    const stream = watched.chat.completions.create(questionOf(options, messages), { signal: over });
    // The library waits out its pause between tries also when the signal is aborted.
    for await (const { choices, usage } of await unlessAborted(stream, over)) {
      clearTimeout(silence);
      silence = setTimeout(expire, stallMs);
      if (usage) onUsage?.({ asked: usage.prompt_tokens, answered: usage.completion_tokens });
      const choice = (choices as typeof choices | undefined)?.[0]; // some servers send no choices
      finish = choice?.finish_reason ?? finish;
      const more = thoughts.push(wordsIn(choice?.delta?.content));
      const text = began ? more : more.trimStart();
      if (text === '') continue;
      began = true;
      yield text;
    }
    // The library ends silently when the signal is aborted.
    over.throwIfAborted();
    const { inOnePiece } = body;
    finish = inOnePiece?.finish ?? finish;
    const rest = `${thoughts.push(inOnePiece?.text ?? '')}${thoughts.end()}`;
    if (rest.trim() !== '') {
      yield began ? rest : rest.trimStart();
      began = true;
    }
    if (finish === 'content_filter') throw new ModelError('refused');
    if (!began) throw new ModelError(body.trouble ?? 'empty');
    if (finish === null && !inOnePiece && !body.isComplete) throw new ModelError('cut');
    if (finish === 'length') yield '…';
  } catch (error) {
    over.throwIfAborted();
    throw error instanceof ModelError ? error : modelError(sdk, error, began);
  } finally {
    clearTimeout(whole);
    clearTimeout(silence);
  }
}

/** What is sent to the server to have these messages answered. */
function questionOf(
  { baseUrl, model, systemPrompt, maxTokens }: ModelOptions,
  messages: readonly ChatMessage[],
) {
  const isOpenAi = new URL(baseUrl).host === OPENAI_HOST;
  return {
    model,
    messages: [{ role: 'system' as const, content: systemPrompt }, ...messages],
    stream: true as const,
    stream_options: { include_usage: true },
    ...(isOpenAi ? { max_completion_tokens: maxTokens } : { max_tokens: maxTokens }),
  };
}

/** The ModelError for an error of the library. Only its kind is kept, since its text may repeat the question. */
function modelError(sdk: Sdk, error: unknown, began: boolean): ModelError {
  if (error instanceof sdk.APIConnectionTimeoutError) return new ModelError('timeout');
  if (error instanceof sdk.APIConnectionError) return new ModelError('unreachable');
  if (error instanceof sdk.APIError && typeof error.status === 'number')
    return new ModelError(kindOfStatus(error.status), error.status);
  // Here the stream broke off, or was no JSON, or reported an error of the server.
  return new ModelError(began ? 'cut' : 'busy');
}
