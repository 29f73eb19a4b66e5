import { setTimeout as sleep } from 'node:timers/promises';
import { type AudioEvent, AudioEvents, numberedPackets } from './audio-events.ts';
import type { FishBehaviour, FishFault } from './behaviour.ts';
import type { TtsRequest } from './request.ts';
import { encodeOpus, speakTones, speakWords } from './speech.ts';
import { TextBuffer } from './text-buffer.ts';

/** What a session did, for tests to read. Times are `performance.now()`, in ms. */
export interface FishSession {
  /** `start.request` as it came. */
  readonly request: Record<string, unknown>;
  readonly model: string;
  readonly socketId: number;
  /** All text, concatenated. */
  readonly text: string;
  /** Its UTF-8 bytes, which is what Fish bills. */
  readonly bytes: number;
  readonly frames: readonly { at: number; event: string }[];
  /** The Opus packets that were sent, in order. */
  readonly packets: readonly Buffer[];
  readonly startedAt: number;
  readonly firstAudioAt: number | undefined;
  readonly finishedAt: number | undefined;
  readonly closedAt: number | undefined;
  readonly ended: 'finish' | 'error' | 'client-closed' | 'server-closed' | undefined;
}

export interface SessionWire {
  /** Sends one server event. */
  send(event: Record<string, unknown>): void;
  /** Sends a frame as it is. */
  sendRaw(data: Buffer | string): void;
  /** Ends the connection, with a close frame or (1006) without one. */
  close(code: number): void;
}

const FRAME_MS = 20;
const PACKETS_PER_CHARACTER = 3;
const LEAST_PACKETS = 10;
const RUNAWAY = 10;
/** The first sound by latency, as a multiple of `balanced`. */
const LATENCY_FACTOR = { low: 2 / 3, balanced: 1, normal: 5 / 3 };
const SILENCE = Buffer.from([0xf8, 0xff, 0xfe]);
const PACKETS_PER_SECOND = 50;
const REFERENCE_NOT_FOUND = 'Reference not found';

/** One session, from `start` to its end. */
export class LiveSession {
  readonly record: { -readonly [K in keyof FishSession]: FishSession[K] } & {
    frames: { at: number; event: string }[];
    packets: Buffer[];
  };
  readonly #behaviour: FishBehaviour;
  readonly #request: TtsRequest;
  readonly #fault: FishFault | undefined;
  readonly #wire: SessionWire;
  readonly #onOver: (ended: NonNullable<FishSession['ended']>) => void;
  readonly #buffer: TextBuffer;
  readonly #audio: AudioEvents;
  readonly #life = new AbortController();
  #sentEvents = 0;
  #texts = 0;
  #flushed = false;
  /** Texts are synthesised one after another. */
  #work = Promise.resolve();

  constructor(options: {
    behaviour: FishBehaviour;
    request: TtsRequest;
    raw: Record<string, unknown>;
    model: string;
    socketId: number;
    fault: FishFault | undefined;
    wire: SessionWire;
    onOver: (ended: NonNullable<FishSession['ended']>) => void;
  }) {
    const { behaviour, request, raw, model, socketId } = options;
    this.#behaviour = behaviour;
    this.#request = request;
    this.#fault = options.fault;
    this.#wire = options.wire;
    this.#onOver = options.onOver;
    this.#buffer = new TextBuffer(request.chunkLength, request.minChunkLength);
    this.#audio = new AudioEvents(behaviour.ogg, behaviour.packetsPerEvent);
    this.record = {
      request: raw,
      model,
      socketId,
      text: '',
      bytes: 0,
      frames: [],
      packets: [],
      startedAt: performance.now(),
      firstAudioAt: undefined,
      finishedAt: undefined,
      closedAt: undefined,
      ended: undefined,
    };
    if (this.#fault?.kind === 'unknown-voice' && (this.#fault.voice ?? request.voice) === request.voice)
      setImmediate(() => this.#fail(REFERENCE_NOT_FOUND));
    else if (request.text !== '') this.text(request.text);
  }

  text(text: string): void {
    this.record.text += text;
    this.record.bytes += Buffer.byteLength(text);
    this.#flushed = false;
    for (const due of this.#buffer.push(text)) this.#queue(() => this.#say(due));
  }

  flush(): void {
    this.#flushed = true;
    const due = this.#buffer.take();
    if (due !== '') this.#queue(() => this.#say(due));
  }

  stop(): void {
    const withheld = this.#fault?.kind === 'withhold-last-sentence' && !this.#flushed;
    const due = withheld ? this.#buffer.takeWithoutLastSentence() : this.#buffer.take();
    if (due !== '') this.#queue(() => this.#say(due));
    this.#queue(() => this.#finish());
  }

  /** The connection is gone, or the server wants the session gone. */
  end(ended: NonNullable<FishSession['ended']>): void {
    if (this.record.ended) return;
    this.record.ended = ended;
    this.record.closedAt = performance.now();
    this.#life.abort();
    this.#onOver(ended);
  }

  #queue(step: () => Promise<void>): void {
    this.#work = this.#work.then(async () => {
      if (this.record.ended) return;
      try {
        await step();
      } catch (error) {
        if (!this.#life.signal.aborted) throw error;
      }
    });
  }

  async #say(text: string): Promise<void> {
    const packets = await this.#synthesise(text);
    this.#texts += 1;
    if (this.record.firstAudioAt === undefined && this.#sentEvents === 0)
      await this.#pause(this.#behaviour.firstAudioMs * LATENCY_FACTOR[this.#request.latency]);
    await this.#emit(this.#audio.text(packets));
  }

  async #synthesise(text: string): Promise<Buffer[]> {
    const { voice, packets, ogg } = this.#behaviour;
    const fault = this.#fault;
    if (fault?.kind === 'no-audio') return [];
    const factor = fault?.kind === 'runaway' ? (fault.factor ?? RUNAWAY) : 1;
    const lead =
      fault?.kind === 'silence' && this.#texts === 0
        ? Array.from<Buffer>({ length: fault.seconds * PACKETS_PER_SECOND }).fill(SILENCE)
        : [];
    if (voice === 'espeak') return [...lead, ...encodeOpus(await speakWords(text, this.#request))];
    if (voice === 'tones') return [...lead, ...encodeOpus(speakTones(text))];
    const natural = Math.max(LEAST_PACKETS, PACKETS_PER_CHARACTER * text.trim().length);
    const count = (packets === undefined ? natural : this.#texts === 0 ? packets : 0) * factor;
    return [...lead, ...numberedPackets(text.trim(), count, ogg, this.#request.saturated)];
  }

  async #emit(events: readonly AudioEvent[]): Promise<void> {
    for (const { bytes, packets } of events) {
      if (await this.#strikes()) return;
      this.#oddities();
      const at = performance.now();
      this.record.firstAudioAt ??= at;
      const audio: unknown = this.#fault?.kind === 'audio-as-str' ? bytes.toString('latin1') : bytes;
      this.#wire.send({ event: 'audio', audio, time: Math.round(at - this.record.startedAt) });
      this.#sentEvents += 1;
      this.record.packets.push(...packets);
      const { eventMs, realtimeFactor } = this.#behaviour;
      await this.#pause(realtimeFactor ? (packets.length * FRAME_MS) / realtimeFactor : eventMs);
    }
  }

  /** Frames that a client must bear, before an audio event. */
  #oddities(): void {
    const kind: string = this.#fault?.kind ?? '';
    switch (kind) {
      case 'empty-audio':
        this.#wire.send({ event: 'audio', audio: Buffer.alloc(0) });
        break;
      case 'unknown-events':
        this.#wire.send({ event: 'log', message: 'synthesising' });
        this.#wire.send({ event: 'nobody-knows-this', more: [1, 2] });
        break;
      case 'text-frame':
        this.#wire.sendRaw(JSON.stringify({ event: 'audio' }));
        break;
      case 'malformed':
        for (let i = 0; this.#sentEvents === 0 && i < this.#malformedFrames; i += 1)
          this.#wire.sendRaw(Buffer.from([0xc1, 0xff, 0x00]));
        break;
      case 'array-frame':
        this.#wire.sendRaw(Buffer.from([0x92, 0x01, 0x02]));
        break;
      default:
    }
  }

  get #malformedFrames(): number {
    return this.#fault?.kind === 'malformed' ? (this.#fault.times ?? 1) : 0;
  }

  /** Whether the fault of this session struck instead of the next event. */
  async #strikes(): Promise<boolean> {
    const fault = this.#fault;
    if (!fault || !('afterEvents' in fault) || this.#sentEvents < fault.afterEvents) return false;
    if (fault.kind === 'stall') await this.#pause(Number.MAX_SAFE_INTEGER);
    else if (fault.kind === 'error') this.#fail(fault.error ?? 'internal error');
    else if (fault.kind === 'finish-error') {
      this.#wire.send({ event: 'finish', reason: 'error', ...(fault.message && { message: fault.message }) });
      this.end('error');
    } else if (fault.kind === 'close') this.#close(fault.code);
    return true;
  }

  async #finish(): Promise<void> {
    const fault = this.#fault;
    if (fault?.kind !== 'no-audio') await this.#emit(this.#audio.end());
    if (this.record.ended || (await this.#strikes()) || this.record.ended) return;
    if (fault?.kind === 'never-finish') return;
    this.record.finishedAt = performance.now();
    const finish = {
      event: 'finish',
      reason: 'stop',
      time: Math.round(this.record.finishedAt - this.record.startedAt),
    };
    this.#wire.send(finish);
    if (fault?.kind === 'duplicate-finish') this.#wire.send(finish);
    if (fault?.kind === 'audio-after-finish')
      this.#wire.send({ event: 'audio', audio: Buffer.from('OggS late'), time: 1 });
    this.end('finish');
    const { afterFinish } = this.#behaviour;
    if (afterFinish === 'close') this.#wire.close(1000);
    if (afterFinish === 'drop') this.#wire.close(1006);
  }

  #fail(error: string): void {
    this.#wire.send({ event: 'error', error });
    this.#close(1000, 'error');
  }

  #close(code: number, ended: NonNullable<FishSession['ended']> = 'server-closed'): void {
    this.end(ended);
    this.#wire.close(code);
  }

  /** Waits, with jitter; rejects when the session is over. */
  async #pause(ms: number): Promise<void> {
    const jittered = Math.min(2 ** 31 - 1, ms + Math.random() * this.#behaviour.jitterMs);
    if (jittered > 0) await sleep(jittered, undefined, { signal: this.#life.signal });
  }
}
