import type { WebSocket } from 'ws';
import type { ToPage } from './protocol.ts';

/** A page that does not keep up is behind by at most so many bytes; then it is closed, and comes back by itself. */
const BEHIND_MAX_BYTES = 4 << 20;

/** The pages that are open: what happens is told to all alike. */
export class Hub {
  readonly #pages = new Set<WebSocket>();

  get size(): number {
    return this.#pages.size;
  }

  add(page: WebSocket): void {
    this.#pages.add(page);
    page.on('close', () => this.#pages.delete(page));
    page.on('error', () => page.terminate());
  }

  tell(message: ToPage): void {
    if (this.#pages.size > 0) this.#send(JSON.stringify(message));
  }

  sound(frame: Buffer): void {
    this.#send(frame);
  }

  close(): void {
    for (const page of this.#pages) page.close(1001);
    for (const page of this.#pages) page.terminate();
  }

  #send(data: string | Buffer): void {
    for (const page of this.#pages)
      if (page.bufferedAmount > BEHIND_MAX_BYTES) page.terminate();
      else page.send(data);
  }
}
