import type { Logger } from '../log.ts';
import { insist, later } from '../walls.ts';
import type { Journey } from './journey.ts';
import { LastSpeaker } from './last-speaker.ts';
import type { SpeechQueue } from './queue.ts';
import type { QueuedLine } from './queued-line.ts';
import { Unsaid } from './reasons.ts';
import type { Sound, SoundMaker } from './sound.ts';

// Has the line being heard, and then the one after it, made into sound by Fish Audio before people wait for it. When
// the next line may be begun is decided here; `queue.ts` knows which line that is.

interface AheadOptions {
  readonly queue: SpeechQueue;
  readonly sounds: SoundMaker;
  /** The line being heard. */
  readonly current: () => QueuedLine | null;
  readonly paused: () => boolean;
  /** Whether the next line may be synthesised: somebody will hear it, and Fish Audio can be asked. */
  readonly wanted: () => boolean;
  /** Called when no more may be spent for the next line; it has to take that line out of the queue. */
  readonly onRefused: (why: Unsaid) => void;
  /** Called when a line has ended that had its turn. */
  readonly onEnded: (journey: Journey) => void;
  readonly log: Logger;
}

/** While it is not time to synthesise the next line, we look again after this many milliseconds. */
const AGAIN_MS = 250;
/** After this many packets of a line (1 s) people know who speaks, and the line is well under way. */
const UNDER_WAY_PACKETS = 50;

/** It also knows whom people heard last, which decides whether the next line says who speaks. */
export class Ahead implements Disposable {
  readonly lastSpeaker = new LastSpeaker();
  readonly #options: AheadOptions;
  #timer: NodeJS.Timeout | undefined;
  #over = false;

  constructor(options: AheadOptions) {
    this.#options = options;
  }

  /** Returns the sound of the line that is heard from now on. Throws Unsaid if no more may be spent. */
  soundOf(current: QueuedLine): Sound {
    current.journey.turnAt = performance.now();
    const sound = current.sound ?? this.#make(current);
    this.look();
    return sound;
  }

  /** Notes that nothing more will be heard of a line. `whole` says that it was heard to its end. */
  ended({ line, sound, journey }: QueuedLine, { whole }: { whole: boolean }): void {
    const played = sound?.cushion.played ?? 0;
    journey.packets = played;
    journey.endAt = performance.now();
    this.#options.onEnded(journey);
    const known = whole || played > UNDER_WAY_PACKETS;
    if (sound && played > 0)
      this.lastSpeaker.heard(known && this.lastSpeaker.allHereSince(sound.madeAt) ? line.speakerId : null);
    const { next } = this.#options.queue;
    // The line was cut off before people knew who spoke, so the next line has to be made anew, with the speaker's name.
    if (!known && next?.sound?.follows && next.line.speakerId !== this.lastSpeaker.known) next.unmake();
    this.look();
  }

  /** Begins to synthesise the next line if it is time to. */
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
        onRefused(error);
      }
    }
  }

  [Symbol.dispose](): void {
    this.#over = true;
    clearTimeout(this.#timer);
  }

  /**
   * Whether it is time to synthesise the next line. It is when the line being heard has been synthesised to its end or,
   * where Fish is slow, is well under way. It is not while plenty of packets wait, perhaps because of a pause: another
   * line would fill the memory, and hold its slot at Fish until people have listened.
   */
  #isTime(): boolean {
    const { sounds, current, paused } = this.#options;
    if (sounds.room.plenty) return false;
    const heard = current()?.sound?.cushion;
    return !heard || heard.filled || (heard.played > UNDER_WAY_PACKETS && !paused());
  }

  /** Whom people hear just before the line that is made now; null if somebody may not know. */
  get #before(): string | null {
    const { line, sound } = this.#options.current() ?? {};
    if (!line || !sound) return this.lastSpeaker.known;
    return this.lastSpeaker.allHereSince(sound.madeAt) ? line.speakerId : null;
  }

  #make(queued: QueuedLine): Sound {
    const { queue, sounds, log } = this.#options;
    const waiting = queue.waiting.filter(line => line !== queued.line).length;
    const sound = sounds.make(queued.line, { before: this.#before, waiting, journey: queued.journey });
    queued.sound = sound;
    void sound.cushion.done.then(() => insist(log, 'synthesis ahead', () => this.look()));
    return sound;
  }
}
