import type { ChatMessage } from './chat-request.ts';

/** What a request asked and how it ended, for tests to read. Times are `performance.now()`, in ms. */
export interface ModelRequest {
  readonly at: number;
  /** The body as it came; undefined if it was no JSON. */
  readonly body: unknown;
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly maxTokens: number | undefined;
  readonly stream: boolean;
  /** All that it would say, `maxTokens` apart. */
  readonly answer: string;
  /** What was sent of it. */
  readonly tokens: readonly { readonly at: number; readonly text: string }[];
  readonly ended: ModelEnd | undefined;
  readonly endedAt: number | undefined;
}

/** `refused` is an answer other than success; `cut` the server's own doing. */
type ModelEnd = 'done' | 'refused' | 'cut' | 'client-closed';

/** The same, for the one who writes it. */
export type ModelRecord = { -readonly [K in keyof ModelRequest]: ModelRequest[K] } & {
  readonly tokens: { at: number; text: string }[];
};

export function newRecord(body: unknown): ModelRecord {
  return {
    at: performance.now(),
    body,
    model: '',
    messages: [],
    maxTokens: undefined,
    stream: false,
    answer: '',
    tokens: [],
    ended: undefined,
    endedAt: undefined,
  };
}
