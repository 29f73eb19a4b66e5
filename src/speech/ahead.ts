import { LastSpeaker } from './last-speaker.ts';
import type { QueuedLine } from './queued-line.ts';
import type { SpeechQueue } from './queue.ts';
import { Unsaid } from './reasons.ts';
import type { Sound, SoundMaker } from './sound.ts';
import type { Logger } from '../log.ts';
import { later } from '../walls.ts';

interface AheadOptions {
  readonly queue: SpeechQueue;
  readonly sounds: SoundMaker;
  readonly paused: () => boolean;
  /** Somebody will hear what comes next. */
  readonly wanted: () => boolean;
  readonly onRefused: (item: QueuedLine, why: Unsaid) => void;
  readonly log: Logger;
}

/** While there is plenty to hear, whether to synthesise ahead is looked at again after this. */
const AGAIN_MS = 250;
/** A second of a line has been heard: who speaks is known, and it is well under way. */
const UNDER_WAY_PACKETS = 50;

/** Sees to it that the line being heard is synthesised, and then the one after it; and knows who was heard last. */
export class Ahead implements Disposable {
  readonly lastSpeaker = new LastSpeaker();
  readonly #options: AheadOptions;
  #current: QueuedLine | null = null;
  #timer: NodeJS.Timeout | undefined;
  #over = false;

  constructor(options: AheadOptions) {
    this.#options = options;
  }

  /** The sound of a line that is to be heard now. Throws Unsaid where there is no more to be spent. */
  begin(item: QueuedLine): Sound {
    const sound = item.sound ?? this.#make(item);
    this.#current = item;
    this.look();
    return sound;
  }

  /** Nothing more will be heard of a line. */
  ended({ line, sound }: QueuedLine, { whole }: { whole: boolean }): void {
    this.#current = null;
    const played = sound?.cushion.played ?? 0;
    const known = whole || played > UNDER_WAY_PACKETS;
    if (sound && played > 0)
      this.lastSpeaker.heard(known && this.lastSpeaker.allHereSince(sound.madeAt) ? line.speakerId : null);
    const { next } = this.#options.queue;
    // It was cut off before anybody knew who spoke, and the next would not say it either.
    if (!known && next?.sound?.follows && next.line.speakerId !== this.lastSpeaker.known) next.unmake();
    this.look();
  }

  /** Synthesises the next line, if it is time to. */
  look(): void {
    clearTimeout(this.#timer);
    const { queue, wanted, onRefused, log } = this.#options;
    for (let { next } = queue; next && !next.sound && !this.#over && wanted(); { next } = queue) {
      if (!this.#isTime()) {
        this.#timer = later(log, 'synthesis ahead', AGAIN_MS, () => this.look());
        return;
      }
      try {
        this.#make(next);
      } catch (error) {
        if (!(error instanceof Unsaid)) throw error;
        queue.shift();
        onRefused(next, error);
      }
    }
  }

  [Symbol.dispose](): void {
    this.#over = true;
    clearTimeout(this.#timer);
  }

  /**
   * With the line being heard all in hand, or well under way where Fish is slow; not while there is plenty to
   * hear, perhaps paused: one more would fill the memory, and hold its Fish slot until people have listened.
   */
  #isTime(): boolean {
    const { sounds, paused } = this.#options;
    if (sounds.room.plenty) return false;
    const heard = this.#current?.sound?.cushion;
    return !heard || heard.filled || (heard.played > UNDER_WAY_PACKETS && !paused());
  }

  /** Whom people hear before the line that is made now; null where somebody may not know. */
  get #before(): string | null {
    const { line, sound } = this.#current ?? {};
    if (!line || !sound) return this.lastSpeaker.known;
    return this.lastSpeaker.allHereSince(sound.madeAt) ? line.speakerId : null;
  }

  #make(item: QueuedLine): Sound {
    const { queue, sounds } = this.#options;
    const waiting = queue.waiting.filter(line => line !== item.line).length;
    const sound = sounds.make(item.line, { before: this.#before, waiting });
    item.sound = sound;
    void sound.cushion.done.then(() => this.look());
    return sound;
  }
}
