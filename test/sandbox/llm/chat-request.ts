import { badArgument, type ModelError, missingArgument } from './model-error.ts';

export interface ChatMessage {
  readonly role: 'system' | 'developer' | 'user' | 'assistant';
  readonly content: string;
}

/** The body of a `POST /v1/chat/completions`, after validation. */
export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly stream: boolean;
  readonly includeUsage: boolean;
  /** `max_tokens`, or `max_completion_tokens`. */
  readonly maxTokens: number | undefined;
}

const ROLES = ['system', 'developer', 'user', 'assistant'] as const;
const KNOWN = new Set(
  (
    'model messages stream stream_options max_tokens max_completion_tokens temperature top_p n stop user seed ' +
    'presence_penalty frequency_penalty response_format reasoning_effort store metadata'
  ).split(' '),
);

/** Checks a body as OpenAI does. Throws a ModelError of status 400, with OpenAI's words where they are known. */
export function parseChat(body: unknown): ChatRequest {
  if (!isRecord(body)) throw badArgument('We could not parse the JSON body of your request.', null);
  for (const name of Object.keys(body))
    if (!KNOWN.has(name)) throw badArgument(`Unrecognized request argument supplied: ${name}`, null);
  const { model, messages, stream = false, stream_options: options } = body;
  if (typeof model !== 'string' || model === '')
    throw badArgument('you must provide a model parameter', null);
  if (messages === undefined) throw missingArgument('messages');
  if (!Array.isArray(messages) || messages.length === 0) throw wrongType('messages', 'a non-empty array');
  if (typeof stream !== 'boolean') throw wrongType('stream', 'a boolean');
  if (options !== undefined && options !== null && !stream)
    throw badArgument(
      "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
      'stream_options',
    );
  const limits = ['max_tokens', 'max_completion_tokens'].map(name => limit(body[name], name));
  return {
    model,
    messages: messages.map(parseMessage),
    stream,
    includeUsage: isRecord(options) && options['include_usage'] === true,
    maxTokens: limits.find(value => value !== undefined),
  };
}

function parseMessage(value: unknown, index: number): ChatMessage {
  const at = `messages[${index}]`;
  if (!isRecord(value)) throw wrongType(at, 'an object');
  const role = ROLES.find(each => each === value['role']);
  if (!role) throw badArgument(`Invalid value: '${String(value['role'])}'.`, `${at}.role`);
  return { role, content: contentOf(value['content'], `${at}.content`) };
}

/** A text, or parts of which each is a text. */
function contentOf(value: unknown, at: string): string {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) throw wrongType(at, 'a string');
  const parts = value.map((part: unknown) =>
    isRecord(part) && part['type'] === 'text' ? part['text'] : null,
  );
  if (!parts.every(part => typeof part === 'string')) throw wrongType(at, 'a list of texts');
  return parts.join('');
}

function limit(value: unknown, name: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1) return value;
  throw wrongType(name, 'an integer of 1 or more');
}

function wrongType(name: string, expected: string): ModelError {
  return badArgument(`Invalid type for '${name}': expected ${expected}.`, name);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
