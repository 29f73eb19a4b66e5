import {
  AudioPlayer,
  AudioPlayerStatus,
  NoSubscriberBehavior,
  type VoiceConnection,
  VoiceConnectionStatus,
} from '@discordjs/voice';
import { PacketClock, type Ticking } from './clock.ts';

// Lets our clock (`clock.ts`) drive the audio player of @discordjs/voice, in place of the clock of that library. This
// is one of the few files that rely on private parts of the library; `player.ts` decides what is played.

/** All players of the process share this clock, so that a further guild needs no further timer. */
const clock = new PacketClock();

/** The methods that the library's clock calls at each tick, and our clock in its place; the second one is private. */
const STEPS = ['checkPlayable', '_stepPrepare'] as const;

export interface ClockedPlayerOptions {
  /** Called when the prepared packet has been sent, `lateMs` milliseconds after it was due. */
  readonly onSent: (lateMs: number) => void;
  /** Called with what was thrown while a packet was prepared or sent; the player goes on. */
  readonly onFault: (error: unknown) => void;
}

/**
 * The library's AudioPlayer, driven by our clock. The clock of @discordjs/voice 0.19.2 has three faults: it uses the
 * system's time (set back an hour, it is silent for an hour), it sends all missed packets at once after the event loop
 * was blocked, and it stops for every guild when one guild throws. It still ticks, but finds nothing to play.
 */
export class ClockedPlayer extends AudioPlayer implements Ticking {
  readonly #options: ClockedPlayerOptions;
  /** True while our clock asks whether there is something to play; whoever else asks is told no. */
  #asked = false;
  /** What `playable` returns, used again each time. */
  readonly #playable: VoiceConnection[] = [];

  constructor(options: ClockedPlayerOptions) {
    super({
      debug: false,
      behaviors: { noSubscriber: NoSubscriberBehavior.Pause, maxMissedFrames: Number.POSITIVE_INFINITY },
    });
    this.#options = options;
    this.on('stateChange', (_before, { status }) => {
      if (status === AudioPlayerStatus.Idle) clock.delete(this);
      else clock.add(this);
    });
  }

  /** The connections that can send now. It is read three times a packet; the library would make two lists each time. */
  override get playable(): VoiceConnection[] {
    const ready = this.#playable;
    ready.length = 0;
    for (const { connection } of this['subscribers'])
      if (connection.state.status === VoiceConnectionStatus.Ready) ready.push(connection);
    return ready;
  }

  override checkPlayable(): boolean {
    return this.#asked && super.checkPlayable();
  }

  dispatch(lateMs: number): boolean {
    this.#asked = true;
    try {
      if (!this.checkPlayable()) return false;
    } finally {
      this.#asked = false;
    }
    let sent = false;
    for (const connection of this.playable) sent = Boolean(connection.dispatchAudio()) || sent;
    if (sent) this.#options.onSent(lateMs);
    return true;
  }

  prepare(): void {
    this['_stepPrepare']();
  }

  fault(error: unknown): void {
    this.#options.onFault(error);
  }
}

/** Throws if the library lacks a method that the clock calls, since it is then not the version that was tested. */
export function checkPlayerLibrary(): void {
  for (const name of STEPS) {
    if (typeof Reflect.get(AudioPlayer.prototype, name) !== 'function')
      throw new Error(`@discordjs/voice has no ${name}: this version was not tested with Parrotfish`);
  }
}
