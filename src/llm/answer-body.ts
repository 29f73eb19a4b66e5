// Looks at the bytes of the model server's answer before the library of OpenAI reads them, since the library does not
// say whether a stream is complete, understands only streams, and waits as long as a server asks it to.

/** The line that ends a stream of server-sent events (OpenAI, "Streaming"), and its length with a few spaces. */
const LAST_LINE = /(?:^|\n)data:\s*\[DONE\]/;
const LAST_LINE_MAX = 24;

/**
 * The longest answer, in bytes as they are sent: around each token there are some hundred bytes of JSON, and 32,000
 * tokens of thoughts may come before the answer.
 */
const MAX_BYTES = 32 * 1024 * 1024;

/** If a server asks for a longer pause than this before the next try, people are told instead that it is busy. */
const LONGEST_PAUSE_MS = 2_000;

/** An answer that came in one piece, although a stream was asked for. */
export interface WholeAnswer {
  readonly text: string;
  /** Why the model stopped (OpenAI's `finish_reason`); null if that is not told. */
  readonly finish: string | null;
}

/** The body of the answer to one request. */
export class AnswerBody {
  /** Whether the last line of a stream has come. If a server gives no reason for the end, only that line shows it. */
  isComplete = false;
  /** Whether a page for people has come, such as that of another program at this address, or of a network's log-in. */
  #isPage = false;
  /** The text of an answer that is one JSON object; '' for any other. */
  #json = '';

  /** What is wrong with an answer of status 200 that is none; null if nothing is. */
  get trouble(): 'not-found' | 'busy' | null {
    if (this.#isPage) return 'not-found';
    return fieldOf(parsed(this.#json), 'error') ? 'busy' : null;
  }

  /** The answer, if it came in one piece; null otherwise. */
  get inOnePiece(): WholeAnswer | null {
    const choices = fieldOf(parsed(this.#json), 'choices');
    const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
    const text = wordsIn(fieldOf(fieldOf(choice, 'message'), 'content'));
    const finish = fieldOf(choice, 'finish_reason');
    return text === '' ? null : { text, finish: typeof finish === 'string' ? finish : null };
  }

  /** Sends a request as `fetch` does, and notes what comes. Reading a body that goes on without end fails. */
  readonly fetch: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    const type = response.headers.get('content-type') ?? '';
    this.#isPage = response.ok && /^text\/html\b/i.test(type);
    this.#json = '';
    const isJson = response.ok && /^application\/json\b/i.test(type);
    return new Response(response.body?.pipeThrough(this.#look(isJson)) ?? null, {
      status: response.status,
      statusText: response.statusText,
      headers: asksForLongPause(response) ? withoutRetry(response.headers) : response.headers,
    });
  };

  #look(isJson: boolean): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
    const decoder = new TextDecoder();
    let size = 0;
    let tail = '';
    return new TransformStream({
      transform: (bytes, controller) => {
        size += bytes.length;
        if (size > MAX_BYTES) return controller.error(new Error('an answer without end'));
        const text = decoder.decode(bytes, { stream: true });
        if (isJson) this.#json += text;
        tail = (tail + text).slice(-(bytes.length + LAST_LINE_MAX));
        this.isComplete ||= LAST_LINE.test(tail);
        tail = tail.slice(-LAST_LINE_MAX);
        controller.enqueue(bytes);
      },
    });
  }
}

/**
 * The words in a `content` as servers send it: a text, or a list of parts, of which thoughts and pictures have no
 * words.
 */
export function wordsIn(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: unknown) => (fieldOf(part, 'type') === 'text' ? fieldOf(part, 'text') : ''))
    .filter(text => typeof text === 'string')
    .join('');
}

function asksForLongPause({ headers }: Response): boolean {
  const ms = Number(headers.get('retry-after-ms') ?? Number.NaN);
  if (!Number.isNaN(ms)) return ms > LONGEST_PAUSE_MS;
  const after = headers.get('retry-after');
  if (after === null) return false;
  const pauseMs = /^[\d.]+$/.test(after) ? Number(after) * 1_000 : Date.parse(after) - Date.now();
  return pauseMs > LONGEST_PAUSE_MS;
}

/** The library does not try again where this header says so. */
function withoutRetry(headers: Headers): Headers {
  const changed = new Headers(headers);
  changed.set('x-should-retry', 'false');
  return changed;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined; // it is no answer that can be used
  }
}
