import { ByteQueue } from './byte-queue.ts';
import type { Attempt } from './circuit.ts';
import { Delivery } from './delivery.ts';
import { FishError } from './errors.ts';
import type { FishRoom } from './fish.ts';
import { FLUSH, type Piece } from './pieces.ts';
import { encodeStart, encodeStop, type TtsRequest } from './protocol.ts';
import { finishedBadly, refusedInBand, unreadable } from './refusal.ts';
import { SessionScript } from './session-script.ts';
import type { Slot } from './slots.ts';
import type { SocketEvent } from './socket.ts';
import type { Tell } from './timeline.ts';
import { Watchdog } from './watchdog.ts';

// Runs one session with Fish Audio, which says one utterance: sends the words, takes in the audio, and acts on Fish's
// events. `delivery.ts` brings the frames there; `watchdog.ts` sees whether Fish answers in time.

export interface FishSessionOptions {
  room: FishRoom;
  lane: string;
  slot: Slot;
  attempt: Attempt;
  request: Partial<TtsRequest>;
  /** Whether Fish is asked for `log` events. */
  debug: boolean;
  /** The session may only use a socket that has never carried one. */
  fresh: boolean;
  /** Is given the audio as it arrives, and returns how many milliseconds of sound are whole by it. */
  hear: (audio: Uint8Array) => number;
  /** When it is aborted the session ends, its socket is closed, and audio that was not taken yet is dropped. */
  signal: AbortSignal;
  /** The session aborts it when it ends, so that no more words are read from their source. */
  reading: AbortController;
  tell: Tell;
}

/** When this much audio waits to be taken (about half a minute of speech) we stop reading, so that Fish has to wait. */
const QUEUE_BYTES = 256 * 1024;
/** How many unreadable frames in a row end the session. A single one among good ones is no reason to fall silent. */
const MOST_UNREADABLE = 3;

/**
 * One session, from `start` to `finish`. It ends in `#finish`, which gives socket and slot back as soon as Fish needs
 * them no longer, also while there is audio that has not been taken yet.
 */
export class FishSession {
  readonly audio: ByteQueue;
  readonly script = new SessionScript();
  audioBytes = 0;
  /** When `start` was sent (`performance.now()`); where it had to be sent again, the last time. */
  startedAt = 0;
  /** Milliseconds from `start` to the first sound. */
  firstAudioMs = 0;

  readonly #options: FishSessionOptions;
  readonly #watchdog: Watchdog;
  readonly #delivery: Delivery;
  #stopSent = false;
  #sounded = false;
  #reused = false;
  #unreadable = 0;
  #over = false;

  constructor(options: FishSessionOptions) {
    this.#options = options;
    const { room, lane, slot, attempt, signal, tell } = options;
    const delivery = new Delivery({
      room,
      lane,
      slot,
      signal,
      tell,
      said: () => this.script.said,
      onEvent: event => this.#onEvent(event),
      onRefused: error => attempt.refused(error),
      onPause: () => this.#watchdog.rest(),
      onResume: () => {
        this.startedAt = performance.now();
        attempt.sent();
        this.#watchdog.wake();
      },
      onFailed: error => this.#finish({ error }),
    });
    this.#delivery = delivery;
    this.#watchdog = new Watchdog(room.timings, error => delivery.fail(error), room.log);
    this.audio = new ByteQueue({
      bound: QUEUE_BYTES,
      onFull: () => this.#pause(),
      onRoom: () => this.#resume(),
    });
    const cut = () => {
      this.audio.cut(signal.reason);
      this.#finish({ error: signal.reason });
    };
    signal.addEventListener('abort', cut, { once: true });
  }

  /** Whether the socket was open before it was needed. */
  get reused(): boolean {
    return this.#reused;
  }

  /** Sends the words as they come. It never rejects: an error ends the session, and whoever reads `audio` gets it. */
  async run(words: AsyncIterable<Piece>): Promise<void> {
    try {
      await this.#delivery.open(this.#options.fresh);
      if (this.#over) return;
      this.startedAt = performance.now();
      this.#options.tell({ type: 'start', at: this.startedAt });
      const { request, debug, attempt } = this.#options;
      attempt.sent();
      this.#delivery.send(encodeStart(request, { debug }));
      for await (const piece of words) {
        if (this.#over) return;
        if (piece !== FLUSH) this.#delivery.send(this.script.say(piece), Buffer.byteLength(piece));
        else if (this.script.sounds) {
          this.#delivery.send(this.script.flush());
          this.#watchdog.owe();
        }
      }
      if (this.#over) return;
      // Without this flush Fish has been heard to repeat or to leave out the last sentence.
      if (this.script.unfinished) this.#delivery.send(this.script.flush());
      this.#stopSent = true;
      this.#delivery.send(encodeStop());
      this.#watchdog.owe({ stopped: true });
    } catch (error) {
      this.#finish({ error });
    }
  }

  #onEvent(event: SocketEvent): void {
    this.#unreadable = event.type === 'unreadable' ? this.#unreadable + 1 : 0;
    switch (event.type) {
      case 'audio':
        this.#onAudio(event.audio);
        break;
      case 'finish': {
        const error = finishedBadly(event, {
          said: this.script.said,
          stopSent: this.#stopSent,
          sounded: this.#sounded,
        });
        this.#finish(error ? { error } : {});
        break;
      }
      case 'error':
        this.#finish({ error: refusedInBand(event, this.script.said) });
        break;
      case 'unreadable':
        if (this.#unreadable >= MOST_UNREADABLE) this.#delivery.fail(unreadable(MOST_UNREADABLE));
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
    this.audioBytes += audio.length;
    const soundMs = this.#options.hear(audio);
    this.audio.push(audio);
    if (soundMs === 0) return;
    if (!this.#sounded) {
      this.#sounded = true;
      const at = performance.now();
      this.firstAudioMs = at - this.startedAt;
      this.#options.room.heardAfter(this.firstAudioMs);
      this.#options.tell({ type: 'first-audio', at });
      this.#options.attempt.heard();
    }
    this.#watchdog.heard(soundMs);
  }

  #pause(): void {
    this.#watchdog.rest();
    this.#delivery.pause();
  }

  #resume(): void {
    if (this.#over) return;
    this.#delivery.resume();
    this.#watchdog.wake();
  }

  #finish(ending: { error?: unknown }): void {
    if (this.#over) return;
    this.#over = true;
    this.#watchdog.end();
    const { room, attempt, reading, tell } = this.#options;
    const ok = !('error' in ending);
    this.#reused = this.#delivery.reused;
    if (ending.error instanceof FishError) ending.error.traceId ??= this.#delivery.traceId;
    this.#delivery.end({ clean: ok });
    if (ok) {
      room.spoke();
      attempt.succeeded();
    } else if (ending.error instanceof FishError) {
      room.failed(ending.error);
      attempt.failed(ending.error);
    } else attempt.abandoned();
    this.audio.end(ending);
    tell({ type: 'finish', at: performance.now(), ok, bytes: this.script.bytes });
    reading.abort();
  }
}
