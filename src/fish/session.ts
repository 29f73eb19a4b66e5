import { ByteQueue } from './byte-queue.ts';
import type { Attempt } from './circuit.ts';
import { FishError } from './errors.ts';
import type { FishRoom } from './fish.ts';
import { Outbox } from './outbox.ts';
import { FLUSH, type Piece } from './pieces.ts';
import { encodeStart, encodeStop, type TtsRequest } from './protocol.ts';
import { endedEarly, finishedBadly, refusedInBand, type SocketEnd, unreadable } from './refusal.ts';
import { Script } from './script.ts';
import type { Slot } from './slots.ts';
import type { LiveSocket, SocketEvent } from './socket.ts';
import type { Tell } from './timeline.ts';
import { Watchdog } from './watchdog.ts';

export interface SessionOptions {
  room: FishRoom;
  slot: Slot;
  attempt: Attempt;
  request: Partial<TtsRequest>;
  /** Fish is asked for `log` events. */
  debug: boolean;
  /** Of the utterance: aborted, it ends the session, closes the socket and drops the audio not yet taken. */
  signal: AbortSignal;
  /** Aborted with the session: the source of its words is let go. */
  reading: AbortController;
  tell: Tell;
}

/** About half a minute of speech. Above it Fish has to wait. */
const QUEUE_BYTES = 256 * 1024;
/** In a row. A stray one among good ones is no reason to fall silent. */
const MOST_UNREADABLE = 3;

/**
 * One utterance on one socket, from `start` to `finish`. What Fish says arrives as events, and `#finish` is the
 * one way out: it gives socket and slot back as soon as Fish is done with them, whether or not the audio has been
 * taken.
 */
export class Session {
  readonly audio: ByteQueue;
  readonly script = new Script();
  audioBytes = 0;
  reused = false;
  /** `performance.now()` of `start`. */
  startedAt = 0;
  /** From `start` to the first bytes of audio. */
  firstAudioMs = 0;

  readonly #options: SessionOptions;
  readonly #watchdog: Watchdog;
  readonly #outbox: Outbox;
  #socket: LiveSocket | undefined;
  #stopSent = false;
  #unreadable = 0;
  #over = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#watchdog = new Watchdog(options.room.timings, error => this.#finish({ error }));
    this.#outbox = new Outbox(options.tell);
    this.audio = new ByteQueue({
      bound: QUEUE_BYTES,
      onFull: () => this.#pause(),
      onRoom: () => this.#resume(),
    });
    const { signal } = options;
    const cut = () => {
      this.audio.cut(signal.reason);
      this.#finish({ error: signal.reason });
    };
    signal.addEventListener('abort', cut, { once: true });
  }

  /** Sends the words as they come. Never rejects: what goes wrong ends the session, and `audio` throws it. */
  async run(words: AsyncIterable<Piece>): Promise<void> {
    try {
      await this.#take(false);
      if (this.#over) return;
      this.startedAt = performance.now();
      this.#options.tell({ type: 'start', at: this.startedAt });
      const { request, debug } = this.#options;
      this.#outbox.send(encodeStart(request, { debug }));
      for await (const piece of words) {
        if (this.#over) return;
        if (piece !== FLUSH) this.#outbox.send(this.script.say(piece), Buffer.byteLength(piece));
        else if (this.script.sounds) {
          this.#outbox.send(this.script.flush());
          this.#watchdog.owe();
        }
      }
      if (this.#over) return;
      // Without it Fish has been heard to repeat or to swallow the last sentence.
      if (this.script.unfinished) this.#outbox.send(this.script.flush());
      this.#stopSent = true;
      this.#outbox.send(encodeStop());
      this.#watchdog.owe({ stopped: true });
    } catch (error) {
      this.#finish({ error });
    }
  }

  /** Takes a socket and repeats what was sent to the one before. */
  async #take(fresh: boolean): Promise<void> {
    const { room, signal, tell } = this.#options;
    const { socket, reused } = await room.pool.acquire(signal, { fresh });
    if (this.#over) {
      room.pool.release(socket);
      return;
    }
    this.#socket = socket;
    this.reused = reused;
    socket.listen({
      onEvent: event => this.#onEvent(event),
      onEnd: end => this.#onEnd(end),
      onProbed: () => this.#outbox.wasRead(),
    });
    tell({ type: 'socket', at: performance.now(), reused });
    this.#outbox.connect(socket, reused);
  }

  #onEvent(event: SocketEvent): void {
    this.#outbox.wasRead();
    this.#unreadable = event.type === 'unreadable' ? this.#unreadable + 1 : 0;
    switch (event.type) {
      case 'audio':
        this.#onAudio(event.audio);
        break;
      case 'finish': {
        const error = finishedBadly(event, {
          said: this.script.said,
          stopSent: this.#stopSent,
          audioBytes: this.audioBytes,
        });
        this.#finish(error ? { error } : {});
        break;
      }
      case 'error':
        this.#finish({ error: refusedInBand(event, this.script.said) });
        break;
      case 'unreadable':
        if (this.#unreadable >= MOST_UNREADABLE) this.#finish({ error: unreadable(MOST_UNREADABLE) });
        break;
      case 'log':
        this.#options.tell({ type: 'log', at: performance.now(), message: event.message });
        break;
      case 'unknown':
        break;
    }
  }

  #onAudio(audio: Uint8Array): void {
    if (audio.length === 0) return;
    if (this.audioBytes === 0) {
      const at = performance.now();
      this.firstAudioMs = at - this.startedAt;
      this.#options.tell({ type: 'first-audio', at });
      this.#options.attempt.heard();
    }
    this.audioBytes += audio.length;
    this.#watchdog.heard();
    this.audio.push(audio);
  }

  #onEnd(end: SocketEnd): void {
    if (this.reused && this.#outbox.isUnread) void this.#replace();
    else this.#finish({ error: endedEarly(end, this.script.said) });
  }

  /** A pooled socket was dead before Fish heard a word of ours: everything once more, on a new one. */
  async #replace(): Promise<void> {
    const dead = this.#socket;
    this.#socket = undefined;
    this.#outbox.disconnect();
    this.#watchdog.rest();
    try {
      if (dead) this.#options.room.pool.discard(dead);
      await this.#take(true);
      this.#watchdog.wake();
    } catch (error) {
      this.#finish({ error });
    }
  }

  #pause(): void {
    this.#watchdog.rest();
    this.#socket?.pause();
  }

  #resume(): void {
    if (this.#over) return;
    this.#socket?.resume();
    this.#watchdog.wake();
  }

  #finish(ending: { error?: unknown }): void {
    if (this.#over) return;
    this.#over = true;
    this.#watchdog.end();
    this.#outbox.end();
    const { room, slot, attempt, reading, tell } = this.#options;
    const socket = this.#socket;
    const ok = !('error' in ending);
    if (ok) {
      room.spoke(this.firstAudioMs);
      attempt.succeeded();
      if (socket) room.pool.release(socket);
      slot.release();
    } else {
      const { error } = ending;
      if (error instanceof FishError) room.failed(error);
      // A socket that was open before may have been dead all along, and says nothing about Fish.
      if (error instanceof FishError && !(this.reused && error.kind === 'closed')) attempt.failed(error);
      else attempt.abandoned();
      // Fish counts a session until its socket is closed, so the slot is not free before.
      if (socket) room.pool.discard(socket);
      void Promise.resolve(socket?.closed).then(() => slot.release());
    }
    this.audio.end(ending);
    tell({ type: 'finish', at: performance.now(), ok, bytes: this.script.bytes });
    reading.abort();
  }
}
