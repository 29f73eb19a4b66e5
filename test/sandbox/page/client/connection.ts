import type { Answer, ToPage, Wish } from '../protocol.ts';

const AGAIN_MS = 1_000;

interface ConnectionOptions {
  readonly onMessage: (message: Exclude<ToPage, Answer>) => void;
  readonly onSound: (frame: ArrayBuffer) => void;
  /** Whether the sandbox is reached. */
  readonly onState: (reached: boolean) => void;
}

/** The page's WebSocket to the sandbox. Where it is lost, it is opened again; everything is told anew then. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #waiting = new Map<number, PromiseWithResolvers<Answer>>();
  #socket: WebSocket | null = null;
  #last = 0;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#open();
  }

  /** Rejects with an Error that a reader understands if the wish was not granted. */
  async wish(wish: Wish): Promise<Answer> {
    if (this.#socket?.readyState !== WebSocket.OPEN) throw new Error('The sandbox is not running.');
    this.#last += 1;
    const n = this.#last;
    const answer = Promise.withResolvers<Answer>();
    this.#waiting.set(n, answer);
    this.#socket.send(JSON.stringify({ ...wish, n }));
    const given = await answer.promise;
    if (given.why !== undefined) throw new Error(given.why);
    return given;
  }

  #open(): void {
    const address = new URL('socket', location.href);
    address.protocol = 'ws:';
    const socket = new WebSocket(address);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    socket.addEventListener('open', () => this.#options.onState(true));
    socket.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (typeof data === 'string') this.#take(JSON.parse(data) as ToPage);
      else this.#options.onSound(data);
    });
    socket.addEventListener('close', () => {
      this.#options.onState(false);
      for (const { reject } of this.#waiting.values()) reject(new Error('The sandbox is gone.'));
      this.#waiting.clear();
      setTimeout(() => this.#open(), AGAIN_MS);
    });
  }

  #take(message: ToPage): void {
    if (message.kind !== 'answer') return this.#options.onMessage(message);
    this.#waiting.get(message.n)?.resolve(message);
    this.#waiting.delete(message.n);
  }
}
