import { AudioPlayer, AudioPlayerStatus, NoSubscriberBehavior } from '@discordjs/voice';
import { PacketClock, type Ticking } from './clock.ts';

/** Of all players of the process: their packets leave together, and a guild more costs no timer more. */
const clock = new PacketClock();

/** What the library's own clock calls at each tick, and ours in its place; the last is private. */
const STEPS = ['checkPlayable', '_stepPrepare'] as const;

export interface ClockedPlayerOptions {
  /** The packet that was prepared has been sent. */
  readonly onSent: () => void;
  /** Told what failed while a packet was prepared or sent; the player goes on. */
  readonly onFault: (error: unknown) => void;
}

/**
 * The library's AudioPlayer, driven by our clock. That of @discordjs/voice 0.19.2 goes by the system's time (set
 * back an hour, it is silent for an hour), replays all it missed after a blocked event loop, and stops for every
 * guild when one guild throws. It ticks on beside ours, but finds nothing to play.
 */
export class ClockedPlayer extends AudioPlayer implements Ticking {
  readonly #options: ClockedPlayerOptions;
  /** Set while our clock is asking. */
  #asked = false;

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

  override checkPlayable(): boolean {
    return this.#asked && super.checkPlayable();
  }

  dispatch(): boolean {
    this.#asked = true;
    try {
      if (!this.checkPlayable()) return false;
    } finally {
      this.#asked = false;
    }
    let sent = false;
    for (const connection of this.playable) sent = Boolean(connection.dispatchAudio()) || sent;
    if (sent) this.#options.onSent();
    return true;
  }

  prepare(): void {
    this['_stepPrepare']();
  }

  fault(error: unknown): void {
    this.#options.onFault(error);
  }
}

/** Throws if the library lacks a method that the clock drives: it is not the version that was tested. */
export function checkPlayerLibrary(): void {
  for (const name of STEPS) {
    if (typeof Reflect.get(AudioPlayer.prototype, name) !== 'function')
      throw new Error(`@discordjs/voice has no ${name}: this version was not tested with Parrotfish`);
  }
}
