import { once } from 'node:events';
import { WebSocket } from 'ws';
import { until } from '../../support/until.ts';
import { readSoundFrame, type SoundFrame } from './client/sound-frame.ts';
import { Store } from './client/store.ts';
import type { Answer, ToPage, Wish } from './protocol.ts';

/** A page without a browser: what it is told and what it hears, for tests. */
export class PageClient {
  readonly store = new Store();
  readonly sound: SoundFrame[] = [];
  readonly #socket: WebSocket;
  readonly #answers = new Map<number, Answer>();
  #last = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer, binary) => {
      if (binary) {
        const sound = readSoundFrame(new Uint8Array(data).buffer);
        this.sound.push(sound);
        this.store.heard(sound.line, sound.level);
        return;
      }
      const message = JSON.parse(data.toString()) as ToPage;
      if (message.kind === 'answer') this.#answers.set(message.n, message);
      else this.store.take(message);
    });
  }

  /** Opens the page at `url`, and waits until it is told all. */
  static async open(url: string): Promise<PageClient> {
    const socket = new WebSocket(new URL('socket', url), { origin: new URL(url).origin });
    const client = new PageClient(socket);
    await once(socket, 'open');
    await until('all', () => client.store.place !== null);
    return client;
  }

  /** Rejects with the reason if the wish was not granted. */
  async wish(wish: Wish): Promise<Answer> {
    this.#last += 1;
    const n = this.#last;
    this.#socket.send(JSON.stringify({ ...wish, n }));
    await until('an answer', () => this.#answers.has(n));
    const answer = this.#answers.get(n);
    if (!answer || answer.why !== undefined) throw new Error(answer?.why);
    return answer;
  }

  /** The id of the person, or of the channel, of that name. */
  id(name: string): string {
    const { people = [], channels = [] } = this.store.place ?? {};
    const found = [...people, ...channels].find(one => one.name === name);
    if (!found) throw new Error(`nobody and nothing is called ${name}`);
    return found.id;
  }

  close(): void {
    this.#socket.terminate();
  }
}
