import { Cushion, PacketRoom } from '../audio/cushion.ts';
import { announced } from '../text/announcement.ts';
import { spokenSeconds } from '../text/length.ts';
import { FishCourses, type Journey } from './journey.ts';
import type { Line } from './line.ts';
import { payFor } from './payment.ts';
import { type SpeechMeans, speech } from './speech.ts';
import type { Tap } from './tap.ts';
import { voicesOf } from './voice-trials.ts';

// Begins the sound of one line: decides whether it says who speaks, pays for the words, and gathers the packets in a
// cushion, which holds them until they are played. `speech.ts` makes the packets of the words.

/** The sound of a line, which may still be growing. */
export interface Sound {
  readonly cushion: Cushion;
  /** Aborted, it ends the synthesis and drops the packets. */
  readonly controller: AbortController;
  /**
   * Aborted, it ends only the synthesis: the packets are still heard, and then the line fails with the reason given.
   */
  readonly synthesis: AbortController;
  /** The line does not say who speaks, because people hear the same person just before it. */
  readonly follows: boolean;
  /** About how many seconds it takes to say who speaks. */
  readonly openingSeconds: number;
  /** `performance.now()`. */
  readonly madeAt: number;
}

export interface SoundMakerOptions extends SpeechMeans {
  /** Nothing is sent to Fish Audio while it is shut. */
  readonly tap: Tap;
}

/** What else is said around a line; it decides whether the line has to say who speaks, and how fast it is said. */
export interface LineContext {
  /** Whom people hear before this line; null if that is not known. */
  readonly before: string | null;
  /** How many other lines wait. */
  readonly waiting: number;
  /** Where it is noted how the sound comes to be. */
  readonly journey: Journey;
}

/** There is one for each guild, and what its lines send to Fish Audio counts towards that guild's budget. */
export class SoundMaker {
  /** The memory for the packets of all these lines. */
  readonly room = new PacketRoom();
  readonly #options: SoundMakerOptions;

  constructor(options: SoundMakerOptions) {
    this.#options = options;
  }

  /** Begins to synthesise a line. Throws Unsaid if the bytes or the money of the day are used up. */
  make(line: Line, { before, waiting, journey }: LineContext): Sound {
    const { voiceHealth, tap, tally } = this.#options;
    const { manner } = line;
    const telling = line.telling && (!!manner.reference || voicesOf(manner, voiceHealth)[0] === manner.voice);
    const silent = line.announce === 'never' || (line.announce === 'auto' && telling);
    const follows = line.announce === 'auto' && !silent && before === line.speakerId;
    const opening = (text: string) =>
      silent || follows ? text : announced(line.spokenName, text, line.language);
    const payment = payFor(line, opening, this.#options);
    const controller = new AbortController();
    const synthesis = new AbortController();
    const { signal } = controller;
    const courses = new FishCourses(course => tally.synthesised(course));
    journey.courses = courses.all;
    journey.preparedAt = performance.now();
    const packets = speech(line, this.#options, {
      payment,
      waiting,
      signal: AbortSignal.any([signal, synthesis.signal]),
      tap,
      courses,
      playback: {
        get played() {
          return cushion.played;
        },
        keep: packets => cushion.keep(packets),
      },
    });
    const cushion: Cushion = new Cushion(packets, { room: this.room, signal });
    const openingSeconds = spokenSeconds(opening('')) / manner.speed;
    return { cushion, controller, synthesis, follows, openingSeconds, madeAt: performance.now() };
  }
}
