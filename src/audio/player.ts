import { Readable } from 'node:stream';
import {
  AudioPlayerStatus,
  createAudioResource,
  type PlayerSubscription,
  StreamType,
  type VoiceConnection,
} from '@discordjs/voice';
import { checkPlayerLibrary, ClockedPlayer } from './clocked-player.ts';
import type { Cushion } from './cushion.ts';

/** An Opus packet of silence (Discord, "Voice Data Interpolation"). */
const SILENCE = Buffer.from([0xf8, 0xff, 0xfe]);
/** Sent when speech pauses or ends, so that listeners' decoders do not guess on. Same source. */
const SILENCE_PACKETS = 5;
/** Sent at once, ahead of the clock, which would hold the first packet back by 20 to 40 ms. */
const QUICK_START_PACKETS = 2;

/** Speech without a break on the wire: it is asked for one packet each 20 ms. */
class Burst extends Readable {
  /** False once there is nothing more to say: the library then becomes idle. */
  override readable = true;
  readonly #next: () => Buffer | null;

  constructor(next: () => Buffer | null) {
    super({ objectMode: true, read: () => {} });
    this.#next = next;
  }

  override read(size?: number): Buffer | null {
    if (size === 0) return null; // Node's own streams only ask for more to be fetched, and drop what they get
    return this.readable && !this.destroyed ? this.#next() : null;
  }
}

interface Line {
  readonly cushion: Cushion;
  readonly heard: () => void;
}

/**
 * Plays the utterances of one guild, one after another, into its voice connection. Lines that follow each
 * other share one burst; between bursts nothing is sent. Pausing is this player's own: the library's pause
 * does nothing while it buffers or has no connection.
 */
export class Player implements Disposable {
  readonly #audio: ClockedPlayer;
  readonly #onFault: (error: unknown) => void;
  #connection: VoiceConnection | null = null;
  #subscription: PlayerSubscription | undefined;
  #burst: Burst | null = null;
  #line: Line | null = null;
  #silenceLeft = SILENCE_PACKETS;
  /** The packet that the library holds, to be sent at the clock's next tick. */
  #pending: { readonly line: Line; readonly packet: Buffer } | null = null;
  #paused = false;
  #closed = false;

  /**
   * `onFault` is told what failed while a packet was prepared or sent. The packet is kept, and heard once
   * `connect` has named a connection that works.
   */
  constructor(onFault: (error: unknown) => void) {
    this.#onFault = onFault;
    this.#audio = new ClockedPlayer({
      onFault,
      onSent: () => {
        this.#pending = null;
      },
    });
    this.#audio.on('error', () => this.#endBurst());
    this.#audio.on(AudioPlayerStatus.Idle, () => {
      this.#burst = null;
      // Never within this event: for the last player of the process that would start the library's clock twice.
      setImmediate(() => this.#start());
    });
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Speech can be heard through `connection` from now on, or through none. */
  connect(connection: VoiceConnection | null): void {
    if (!connection) this.#takeBack();
    const before = this.#subscription;
    this.#subscription = undefined;
    this.#connection = connection;
    before?.unsubscribe(); // the library tells of it, and whoever hears that may connect anew
    if (!connection || this.#connection !== connection || this.#closed) return;
    if (this.#burst) this.#subscription = connection.subscribe(this.#audio);
    else this.#start();
  }

  /**
   * Says one utterance; resolves when its last packet has been sent. Rejects with the signal's reason, then
   * silent within 40 ms, or with what the cushion's source failed with, after the packets before it were heard.
   */
  async play(cushion: Cushion, { signal }: { signal: AbortSignal }): Promise<void> {
    const over = Promise.withResolvers<void>();
    const abort = () => over.reject(signal.reason as Error);
    signal.throwIfAborted();
    signal.addEventListener('abort', abort, { once: true });
    const line: Line = { cushion, heard: over.resolve };
    try {
      cushion.heard = true;
      // Discord wants to be told before the first packet; told only then, that packet would wait for it.
      if (!this.#paused) this.#connection?.setSpeaking(true);
      await Promise.race([cushion.ready, over.promise]);
      if (cushion.ended && cushion.error !== undefined) throw cushion.error;
      this.#line = line;
      this.#start();
      await over.promise;
      if (cushion.error !== undefined) throw cushion.error;
    } finally {
      signal.removeEventListener('abort', abort);
      if (this.#line === line) this.#line = null;
      if (!this.#burst) this.#connection?.setSpeaking(false);
    }
  }

  pause(): void {
    this.#paused = true;
    if (!this.#burst) this.#connection?.setSpeaking(false);
  }

  resume(): void {
    this.#paused = false;
    this.#start();
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    this.#line = null;
    this.#endBurst();
    this.connect(null);
  }

  /** Begins a burst if there is something to say, somebody to hear it, and no burst under way. */
  #start(): void {
    const connection = this.#connection;
    if (!this.#line || !connection || this.#burst || this.#paused || this.#closed) return;
    if (this.#audio.state.status !== AudioPlayerStatus.Idle) return; // its idle event starts the next burst
    try {
      this.#begin(this.#line, connection);
    } catch (error) {
      this.#onFault(error);
    }
  }

  #begin(line: Line, connection: VoiceConnection): void {
    for (let sent = 0; sent < QUICK_START_PACKETS; sent += 1) {
      const packet = line.cushion.read();
      if (!packet) break;
      let played: boolean | undefined;
      try {
        played = connection.playOpusPacket(packet);
      } finally {
        if (!played) line.cushion.unread(packet);
      }
      if (!played) break;
    }
    this.#subscription ??= connection.subscribe(this.#audio);
    this.#silenceLeft = SILENCE_PACKETS;
    const burst = new Burst(() => this.#nextPacket());
    this.#burst = burst;
    const resource = createAudioResource(burst, { inputType: StreamType.Opus, silencePaddingFrames: 0 });
    burst.emit('readable'); // started: the library need not wait for it
    this.#audio.play(resource);
  }

  #endBurst(): void {
    if (this.#burst) this.#burst.readable = false;
  }

  /** The connection is lost before the pending packet was sent: it will be the first when there is one again. */
  #takeBack(): void {
    const pending = this.#pending;
    this.#pending = null;
    if (pending && pending.line === this.#line) pending.line.cushion.unread(pending.packet);
  }

  /** Called by the clock, after the packet before this one was sent; where it was not, it is the next. */
  #nextPacket(): Buffer | null {
    const line = this.#line;
    if (line && this.#pending?.line === line) return this.#pending.packet;
    if (line && !this.#paused) {
      const packet = line.cushion.read();
      if (packet) {
        this.#silenceLeft = SILENCE_PACKETS;
        this.#pending = { line, packet };
        return packet;
      }
      if (!line.cushion.ended) return null; // ran dry: the library sends silence meanwhile
      this.#line = null;
      line.heard();
    }
    if (this.#silenceLeft > 0) {
      this.#silenceLeft -= 1;
      return SILENCE;
    }
    this.#endBurst();
    return null;
  }
}

/**
 * The first resource of a process looks for ffmpeg and blocks the event loop for over 100 ms: done at start,
 * it is not heard. Throws if the voice library is not the one that was tested.
 */
export function warmPlayer(): void {
  checkPlayerLibrary();
  createAudioResource(new Burst(() => null), { inputType: StreamType.Opus });
}
