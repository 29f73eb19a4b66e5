import type { ChatMessage } from './chat-request.ts';

/** What goes wrong with an answer. `afterTokens` counts those that are sent before it strikes. */
export type ModelFault =
  /** Nothing comes, not even a status; in a stream with `headers`, the status and no token. */
  | { kind: 'hang'; headers?: boolean }
  | { kind: 'stall'; afterTokens: number }
  /** The connection ends without the end of the stream. */
  | { kind: 'cut'; afterTokens: number }
  /** A line that is no JSON; the stream goes on. Without a stream, the answer is no JSON. */
  | { kind: 'garbage'; afterTokens: number }
  /** An `error` object in the stream, which then ends, as several servers do it. Without a stream, 500. */
  | { kind: 'error'; afterTokens: number; message?: string }
  /** The stream ends in order, but for `[DONE]`. */
  | { kind: 'no-done' }
  /** Without `body`, in OpenAI's words for that status. */
  | { kind: 'refuse'; status: number; body?: string; headers?: Record<string, string> };

/** Every field may be changed at any time and applies to the requests that come next. */
export interface ModelBehaviour {
  /** What it says. */
  answer: string | ((messages: readonly ChatMessage[]) => string);
  tokensPerSecond: number;
  firstTokenMs: number;
  /** Without a key, or with any, it answers too, as servers at home do. */
  open?: boolean | undefined;
  /** Bytes come in pieces that end anywhere, in the middle of a line or a character too. */
  split?: boolean | undefined;
  /** Comments between the events, and CRLF at the ends of lines, both of which SSE allows. */
  oddLines?: boolean | undefined;
  fault?: ModelFault | undefined;
  /** How many requests the fault hits; without it, each. */
  faultTimes?: number | undefined;
}

export const quickModel: Readonly<ModelBehaviour> = {
  answer: messages => `You said: ${messages.findLast(({ role }) => role === 'user')?.content ?? ''}`,
  tokensPerSecond: 500,
  firstTokenMs: 5,
};

/** As a large model feels. */
export const realisticModel: Readonly<ModelBehaviour> = {
  ...quickModel,
  tokensPerSecond: 20,
  firstTokenMs: 400,
};
