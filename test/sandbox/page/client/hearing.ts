import { keepNewest } from '../../keep-newest.ts';
import { schedule } from './schedule.ts';
import type { SoundFrame } from './sound-frame.ts';

const RATE_HZ = 48_000;
const CHANNELS = 1;
const PACKET_US = 20_000;
/** A decoder that is behind by more is begun anew: nobody wants to hear what was said long ago. */
const BEHIND_MAX_PACKETS = 500;
/** What the analyser looks back on: 171 ms, so that who looks ten times a second misses nothing. */
const ANALYSED_SAMPLES = 8_192;
/** More than is ever scheduled: `schedule.ts` puts nothing further ahead than ten seconds. */
const SCHEDULED_MAX = 600;

/** Of full scale: nobody hears what stays below it, between louder words. */
const QUIET = 0.003;
const isQuiet = (sample: number) => Math.abs(sample) < QUIET;

/** A packet of a line that has come, at a moment of `performance.now()`. */
interface Arrival {
  readonly line: number;
  readonly silence: boolean;
  readonly at: number;
}

interface HearingOptions {
  /** The sound of a line begins in so many milliseconds (with the time that the output takes). */
  readonly onBegin: (line: number, afterMs: number) => void;
  /** A packet of a line was decoded, and goes out; one of silence may be left out where the page is late. */
  readonly onPlayed: (line: number) => void;
  /** Whether sound comes out of the page now. */
  readonly onState: (audible: boolean) => void;
}

/**
 * The page's ears: packets go through the browser's own Opus decoder to one AudioContext, and never through another
 * encoder. Where there is no such decoder, an `<audio>` element plays the sandbox's Ogg stream into it.
 */
export class Hearing {
  /** Everything that is heard passes through it, so that a test can measure it. */
  readonly analyser: AnalyserNode;
  readonly #options: HearingOptions;
  readonly #context = new AudioContext({ sampleRate: RATE_HZ, latencyHint: 'interactive' });
  /** The packets of lines that the decoder has, by their number. */
  readonly #arrivals = new Map<number, Arrival>();
  /** What is scheduled and has not ended: of which line, and until when. */
  #scheduled: readonly { readonly line: number; readonly until: number }[] = [];
  #decoder: AudioDecoder | null = null;
  /** How many packets the decoder was given. */
  #packets = 0;
  /** When what is scheduled ends, in seconds of the context. */
  #end = 0;
  #begun = 0;

  constructor(options: HearingOptions) {
    this.#options = options;
    this.analyser = this.#context.createAnalyser();
    this.analyser.fftSize = ANALYSED_SAMPLES;
    this.analyser.connect(this.#context.destination);
    this.#context.addEventListener('statechange', () => options.onState(this.audible));
    if (!('AudioDecoder' in globalThis)) this.#playStream();
  }

  get audible(): boolean {
    return this.#context.state === 'running';
  }

  /** The number of the line that sounds now; 0 for none. */
  get playing(): number {
    const now = this.#context.currentTime;
    this.#scheduled = this.#scheduled.filter(({ until }) => until > now);
    return this.#scheduled[0]?.line ?? 0;
  }

  /** Begins or ends to listen. A browser lets a page make a sound only after somebody has done something in it. */
  async listen(on: boolean): Promise<void> {
    if (on) await this.#context.resume();
    else await this.#context.suspend();
  }

  /** Takes a packet as it comes. */
  take({ opus, line, silence }: SoundFrame): void {
    if (!('AudioDecoder' in globalThis) || !this.audible) return;
    if (!this.#decoder || this.#decoder.state === 'closed') this.#decoder = this.#newDecoder();
    if (this.#decoder.decodeQueueSize > BEHIND_MAX_PACKETS) {
      this.#decoder.close();
      this.#arrivals.clear();
      this.#decoder = this.#newDecoder();
    }
    this.#packets += 1;
    if (line > 0) this.#arrivals.set(this.#packets, { line, silence, at: performance.now() });
    keepNewest(this.#arrivals, BEHIND_MAX_PACKETS);
    const timestamp = this.#packets * PACKET_US;
    this.#decoder.decode(new EncodedAudioChunk({ type: 'key', timestamp, data: opus }));
  }

  #newDecoder(): AudioDecoder {
    const decoder = new AudioDecoder({
      output: data => this.#play(data),
      // The decoder is closed by then; the next packet gets a new one.
      error: error => console.warn('a packet could not be decoded', error),
    });
    decoder.configure({ codec: 'opus', sampleRate: RATE_HZ, numberOfChannels: CHANNELS });
    return decoder;
  }

  #play(data: AudioData): void {
    const { numberOfFrames: frames, sampleRate, timestamp } = data;
    // A decoder may give back a timestamp that is off by a microsecond.
    const number = Math.round(timestamp / PACKET_US);
    const arrival = this.#arrivals.get(number);
    this.#arrivals.delete(number);
    if (arrival) this.#options.onPlayed(arrival.line);
    const samples = new Float32Array(frames);
    data.copyTo(samples, { planeIndex: 0, format: 'f32-planar' });
    data.close();
    const at = schedule(this.#end, this.#context.currentTime, samples.every(isQuiet));
    if (at === null) return;
    const buffer = this.#context.createBuffer(CHANNELS, frames, sampleRate);
    buffer.copyToChannel(samples, 0);
    const source = this.#context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.analyser);
    source.start(at);
    this.#end = at + frames / sampleRate;
    if (!arrival) return;
    this.#scheduled = [...this.#scheduled, { line: arrival.line, until: this.#end }].slice(-SCHEDULED_MAX);
    this.#noteBeginning(arrival, at);
  }

  /** Tells when a line's first sound leaves the page. */
  #noteBeginning({ line, at, silence }: Arrival, startsAt: number): void {
    if (silence || line === this.#begun) return;
    this.#begun = line;
    const { currentTime, baseLatency } = this.#context;
    const untilMs = (startsAt - currentTime + baseLatency) * 1000;
    this.#options.onBegin(line, performance.now() - at + untilMs);
  }

  #playStream(): void {
    const audio = new Audio('sound.ogg');
    audio.autoplay = true;
    this.#context.createMediaElementSource(audio).connect(this.analyser);
    this.#context.addEventListener('statechange', () => {
      if (this.audible)
        audio.play().catch((error: unknown) => console.warn('the stream does not play', error));
      else audio.pause();
    });
  }
}
