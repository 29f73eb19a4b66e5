import { once } from 'node:events';
import type { AudioPiece, AudioTrack } from './audio-track.ts';
import type { FishBehaviour, FishFault } from './behaviour.ts';
import type { Chance } from './chance.ts';
import { oddFrames } from './odd-frames.ts';
import type { TtsRequest } from './request.ts';
import type { SessionEnd, SessionRecord } from './session-record.ts';
import { soundless } from './soundless.ts';
import { TextBuffer } from './text-buffer.ts';
import { Timestamps } from './timestamps.ts';
import { waited } from './waiting.ts';

/** How a session speaks to its client. */
export interface SessionWire {
  /** Sends one server event. */
  send(event: Record<string, unknown>): void;
  /** Sends a frame as it is: text or binary. */
  sendRaw(frame: string | Uint8Array): void;
  /** Ends the connection, once all is sent; 1005 and 1006 as in `CloseCode`, and then `reason` is not told. */
  close(code: number, reason?: string): void;
}

export interface SessionOptions {
  behaviour: FishBehaviour;
  request: TtsRequest;
  record: SessionRecord;
  track: AudioTrack;
  /** By which its events come late. */
  chance: Chance;
  fault: FishFault | undefined;
  wire: SessionWire;
  /** Whether the client wants to be told what is done, in `log` events. */
  debug: boolean;
  /** Each `audio` event tells what is said in it, as on the path `/with-timestamp`. */
  timestamps: boolean;
  /** Called once: the slot is free. `finished`: with `finish` and reason `stop`. */
  onOver: (finished: boolean) => void;
}

/** The first sound by latency, as a multiple of `balanced`. */
const LATENCY_FACTOR = { low: 2 / 3, balanced: 1, normal: 5 / 3 };

/** One session that was let in, from `start` to its end. */
export class LiveSession {
  readonly record: SessionRecord;
  readonly #options: SessionOptions;
  readonly #buffer: TextBuffer;
  readonly #life = new AbortController();
  /** Texts are synthesised one after another. */
  #work: Promise<void> = Promise.resolve();
  /** When the next event may leave at the earliest. */
  #dueAt = 0;
  #sentEvents = 0;
  #flushed = false;
  #stopped = false;
  #lastBytes: Uint8Array = Buffer.alloc(0);
  readonly #timestamps: Timestamps | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.record = options.record;
    this.#buffer = new TextBuffer(options.request.chunkLength, options.request.minChunkLength);
    this.#timestamps = options.timestamps ? new Timestamps() : undefined;
    this.#log(`start: model ${options.record.model}, format ${options.request.format}`);
    if (options.request.text !== '') this.text(options.request.text);
  }

  /** After `stop` nothing but `finish` may come. */
  get stopped(): boolean {
    return this.#stopped;
  }

  text(text: string): void {
    this.record.text += text;
    this.record.bytes += Buffer.byteLength(text);
    this.#flushed = false;
    for (const due of this.#buffer.push(text)) this.#say(due);
  }

  flush(): void {
    this.#flushed = true;
    this.#say(this.#buffer.take());
  }

  stop(): void {
    const withheld = this.#options.fault?.kind === 'withhold-last-sentence' && !this.#flushed;
    this.#stopped = true;
    this.#say(withheld ? this.#buffer.takeWithoutLastSentence() : this.#buffer.take());
    this.#queue(() => this.#finish());
  }

  /** The connection is gone, or the server wants the session gone. */
  end(ended: SessionEnd): void {
    if (this.record.ended) return;
    this.record.ended = ended;
    this.#life.abort();
    this.#options.onOver(ended === 'finish');
  }

  /** Ends with an `error` event and the connection. */
  fail(error: string): void {
    this.#options.wire.send({ event: 'error', error });
    this.end('error');
    this.#options.wire.close(1000);
  }

  #log(message: string): void {
    if (this.#options.debug) this.#options.wire.send({ event: 'log', message });
  }

  #queue(step: () => Promise<void>): void {
    this.#work = this.#work.then(() => (this.record.ended ? undefined : step()));
  }

  #say(text: string): void {
    if (text === '' || this.#options.fault?.kind === 'no-audio') return;
    const { behaviour, request, track } = this.#options;
    const firstAt = performance.now() + behaviour.firstAudioMs * LATENCY_FACTOR[request.latency];
    this.#queue(async () => {
      this.#log(`synthesising ${text.length} characters`);
      const pieces = await track.speak(text);
      this.#timestamps?.begin(text);
      this.#dueAt = Math.max(this.#dueAt, firstAt, performance.now());
      await this.#emit(pieces);
    });
  }

  async #finish(): Promise<void> {
    const { fault, track, wire } = this.#options;
    await this.#emit(track.drain());
    if (this.#timestamps && this.#sentEvents > 0 && !this.record.ended)
      wire.send({ event: 'audio', time: this.#elapsed(), ...this.#timestamps.correct() });
    if (this.record.ended || (await this.#strikes()) || fault?.kind === 'never-finish') return;
    this.#log('finished');
    this.record.finishedAt = performance.now();
    const finish = { event: 'finish', reason: 'stop', time: this.#elapsed() };
    wire.send(finish);
    if (fault?.kind === 'duplicate-finish') wire.send(finish);
    if (fault?.kind === 'audio-after-finish') wire.send({ event: 'audio', audio: this.#lastBytes, time: 1 });
    this.end('finish');
  }

  async #emit(pieces: readonly AudioPiece[]): Promise<void> {
    const { eventMs, realtimeFactor, jitterMs } = this.#options.behaviour;
    for (const piece of pieces) {
      const late = piece.sequel ? 0 : this.#options.chance.fraction() * jitterMs;
      if (!(await waited(this.#dueAt + late - performance.now(), this.#life.signal))) return;
      if (await this.#strikes()) return;
      this.#send(piece);
      if (realtimeFactor) this.#dueAt += piece.ms / realtimeFactor;
      else if (piece.ms > 0) this.#dueAt += eventMs;
    }
  }

  #send({ bytes, packets, ms }: AudioPiece): void {
    const { fault, wire } = this.#options;
    for (const frame of oddFrames(fault, this.#sentEvents)) wire.sendRaw(frame);
    // Latin-1 keeps the bytes apart; in UTF-8 they arrive as something else.
    const audio = fault?.kind === 'audio-as-str' ? bytes.toString('latin1') : bytes;
    wire.send({ event: 'audio', audio, time: this.#elapsed(), ...this.#timestamps?.tell(ms) });
    this.#sentEvents += 1;
    this.#lastBytes = bytes;
    if (ms > 0) this.record.firstAudioAt ??= performance.now();
    this.record.packets.push(...packets);
  }

  /** Whether the session's fault strikes here, where the next event would be. */
  async #strikes(): Promise<boolean> {
    const { fault, wire } = this.#options;
    if (fault === undefined || !this.#isDue(fault)) return false;
    if (fault.kind === 'stall' && !this.record.ended) await once(this.#life.signal, 'abort');
    if (fault.kind === 'soundless') await this.#goOnWithoutSound(fault);
    if (fault.kind === 'error') this.fail(fault.error ?? 'internal error');
    if (fault.kind === 'finish-error') {
      const { message } = fault;
      wire.send({ event: 'finish', reason: 'error', time: this.#elapsed(), ...(message && { message }) });
      this.end('error');
    }
    if (fault.kind === 'close') {
      this.end('server-closed');
      wire.close(fault.code, 'reason' in fault ? fault.reason : undefined);
    }
    return true;
  }

  async #goOnWithoutSound({ how, everyMs }: FishFault & { kind: 'soundless' }): Promise<void> {
    for (const audio of soundless(how)) {
      if (!(await waited(everyMs, this.#life.signal))) return;
      this.#options.wire.send({ event: 'audio', audio, time: this.#elapsed() });
    }
  }

  #isDue(fault: FishFault): boolean {
    if ('afterEvents' in fault) return this.#sentEvents >= fault.afterEvents;
    return 'afterPackets' in fault && this.record.packets.length >= fault.afterPackets;
  }

  /** `time` of an event: whole milliseconds since `start`. */
  #elapsed(): number {
    return Math.round(performance.now() - this.record.startedAt);
  }
}
