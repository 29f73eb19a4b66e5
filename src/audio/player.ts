import { Readable } from 'node:stream';
import {
  AudioPlayerStatus,
  AudioResource,
  type PlayerSubscription,
  type VoiceConnection,
} from '@discordjs/voice';
import { ClockedPlayer } from './clocked-player.ts';
import type { Cushion } from './cushion.ts';
import type { PacketCounts } from './packet-counts.ts';

// Plays the sounds of one guild in its voice channel: takes packets from the cushion (`cushion.ts`), pauses, ends, and
// sends the silence after speech. The 20 ms between packets are kept by `clock.ts`; encryption and sending are in
// `src/call/`.

/** An Opus packet of silence (Discord's documentation, "Voice Data Interpolation"). */
const SILENCE = Buffer.from([0xf8, 0xff, 0xfe]);
/**
 * How many packets of silence are sent when speech pauses or ends, so that the decoders of listeners make up no more
 * sound (Discord's documentation, "Voice Data Interpolation").
 */
const SILENCE_PACKETS = 5;
/** How many packets are sent at once, without the clock, which would hold the first packet back by 20 to 40 ms. */
const QUICK_START_PACKETS = 2;
/** A packet that leaves more than this many milliseconds after it was due counts as late. */
const LATE_MS = 20;

/** A stream of packets without a break, as the library wants it: it asks for one packet each 20 ms. */
class Burst extends Readable {
  /** False when there is nothing more to say; the library's player then becomes idle. */
  override readable = true;
  readonly #next: () => Buffer | null;

  constructor(next: () => Buffer | null) {
    super({ objectMode: true, read: () => {} });
    this.#next = next;
  }

  override read(size?: number): Buffer | null {
    if (size === 0) return null; // with 0, Node's streams only ask to fetch more, and would drop the packet
    return this.readable && !this.destroyed ? this.#next() : null;
  }
}

/** What is being played. */
interface Playing {
  readonly cushion: Cushion;
  /** Called when its last packet has been sent. */
  readonly heard: () => void;
  /** Called when its first packet has been sent; undefined from then on. */
  begun: (() => void) | undefined;
}

/**
 * Plays the utterances of one guild, one after another, into its call. Utterances that follow each other without a
 * break share one burst; between bursts nothing is sent. Pausing is done here, because the pause of the library does
 * nothing while it buffers or has no connection.
 */
export class Player implements Disposable {
  readonly #audio: ClockedPlayer;
  readonly #onFault: (error: unknown) => void;
  readonly #counts: PacketCounts;
  #connection: VoiceConnection | null = null;
  #subscription: PlayerSubscription | undefined;
  #burst: Burst | null = null;
  #playing: Playing | null = null;
  #silenceLeft = SILENCE_PACKETS;
  /**
   * The packet that the library holds, which is sent at the clock's next tick, and what it is part of. These are two
   * fields, because an object for each packet may be made where V8 keeps old objects, and would keep the packet there.
   */
  #pending: Buffer | null = null;
  #pendingFrom: Playing | null = null;
  #paused = false;
  #closed = false;

  /**
   * `onFault` is called with what was thrown while a packet was prepared or sent. The packet is kept, and is heard when
   * `connect` has given a connection that works. The packets of speech are added to `counts`.
   */
  constructor(onFault: (error: unknown) => void, counts: PacketCounts = { due: 0, sent: 0, late: 0 }) {
    this.#onFault = onFault;
    this.#counts = counts;
    this.#audio = new ClockedPlayer({
      onFault,
      onSent: lateMs => {
        if (this.#pendingFrom) this.#sent(this.#pendingFrom, lateMs);
        this.#hold(null, null);
      },
    });
    this.#audio.on('error', () => this.#endBurst());
    this.#audio.on(AudioPlayerStatus.Idle, () => {
      this.#burst = null;
      // This must not happen within the event: for the last player of the process it would start the library's clock
      // twice.
      setImmediate(() => this.#start());
    });
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Speaks through `connection` from now on; null means that nothing can be heard for now. */
  connect(connection: VoiceConnection | null): void {
    if (!connection) this.#takeBack();
    const before = this.#subscription;
    this.#subscription = undefined;
    this.#connection = connection;
    before?.unsubscribe(); // this emits an event whose listener may call `connect` again
    if (!connection || this.#connection !== connection || this.#closed) return;
    if (this.#burst) this.#subscription = connection.subscribe(this.#audio);
    else this.#start();
  }

  /**
   * Plays one utterance, and resolves when its last packet has been sent. When the signal is aborted it rejects with
   * the signal's reason, and there is silence within 40 ms. When the source of the cushion fails it plays the packets
   * before that, and then rejects with the source's error. `onBegun` is called when the first packet has been sent.
   */
  async play(
    cushion: Cushion,
    { signal, onBegun }: { signal: AbortSignal; onBegun?: () => void },
  ): Promise<void> {
    const over = Promise.withResolvers<void>();
    const playing: Playing = { cushion, heard: over.resolve, begun: onBegun };
    const abort = () => {
      if (this.#playing === playing) this.#playing = null; // at once: a pause may end in the same moment
      over.reject(signal.reason as Error);
    };
    signal.throwIfAborted();
    signal.addEventListener('abort', abort, { once: true });
    try {
      cushion.heard = true;
      // Discord has to be told before the first packet. If it were told only when that packet is there, the packet
      // would have to wait.
      if (!this.#paused) this.#connection?.setSpeaking(true);
      await Promise.race([cushion.ready, over.promise]);
      if (cushion.ended && cushion.error !== undefined) throw cushion.error;
      this.#playing = playing;
      this.#start();
      await over.promise;
      if (cushion.error !== undefined) throw cushion.error;
    } finally {
      signal.removeEventListener('abort', abort);
      if (this.#playing === playing) this.#playing = null;
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
    this.#playing = null;
    this.#endBurst();
    this.connect(null);
  }

  /** Begins a burst if there is something to play, a connection to play it into, and no burst under way. */
  #start(): void {
    const connection = this.#connection;
    if (!this.#playing || !connection || this.#burst || this.#paused || this.#closed) return;
    if (this.#audio.state.status !== AudioPlayerStatus.Idle) return; // its idle event starts the next burst
    try {
      this.#begin(this.#playing, connection);
    } catch (error) {
      this.#onFault(error);
    }
  }

  #begin(playing: Playing, connection: VoiceConnection): void {
    const { cushion } = playing;
    for (let sent = 0; sent < QUICK_START_PACKETS; sent += 1) {
      const packet = cushion.read();
      if (!packet) break;
      let played: boolean | undefined;
      try {
        played = connection.playOpusPacket(packet);
      } finally {
        if (!played) cushion.unread();
      }
      if (!played) break;
      this.#counts.due += 1;
      this.#sent(playing, 0);
    }
    this.#subscription ??= connection.subscribe(this.#audio);
    this.#silenceLeft = SILENCE_PACKETS;
    const burst = new Burst(() => this.#nextPacket());
    this.#burst = burst;
    // The library's `createAudioResource` would look for ffmpeg first, and block the event loop for up to 100 ms.
    const resource = new AudioResource([], [burst], null, 0);
    burst.emit('readable'); // the library waits for this event before it starts
    this.#audio.play(resource);
  }

  #endBurst(): void {
    if (this.#burst) this.#burst.readable = false;
  }

  /**
   * The connection was lost before the pending packet was sent, so the packet will be the first by the next connection.
   */
  #takeBack(): void {
    const from = this.#pendingFrom;
    this.#hold(null, null);
    if (from && from === this.#playing) from.cushion.unread();
  }

  #hold(packet: Buffer | null, from: Playing | null): void {
    this.#pending = packet;
    this.#pendingFrom = from;
  }

  /** Counts a packet of speech that was sent. */
  #sent(playing: Playing, lateMs: number): void {
    this.#counts.sent += 1;
    if (lateMs > LATE_MS) this.#counts.late += 1;
    playing.begun?.();
    playing.begun = undefined;
  }

  /** The clock asks for the next packet. If the packet before was not sent, that one is returned again. */
  #nextPacket(): Buffer | null {
    const playing = this.#playing;
    if (playing && this.#pendingFrom === playing) return this.#pending;
    if (playing && !this.#paused) {
      const packet = playing.cushion.read();
      if (packet || !playing.cushion.ended) this.#counts.due += 1;
      if (packet) {
        this.#silenceLeft = SILENCE_PACKETS;
        this.#hold(packet, playing);
        return packet;
      }
      if (!playing.cushion.ended) return null; // the packets ran out: the library sends silence meanwhile
      this.#playing = null;
      playing.heard();
    }
    if (this.#silenceLeft > 0) {
      this.#silenceLeft -= 1;
      return SILENCE;
    }
    this.#endBurst();
    return null;
  }
}
