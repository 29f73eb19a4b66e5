import { Cushion, PacketRoom } from '../audio/cushion.ts';
import type { Fish } from '../fish/fish.ts';
import type { Words } from '../fish/pieces.ts';
import type { Logger } from '../log.ts';
import { announced } from '../text/announcement.ts';
import { spokenSeconds } from '../text/length.ts';
import { phrase } from '../text/phrases.ts';
import type { Budget, Reservation } from './budget.ts';
import type { Line } from './line.ts';
import type { LiveWords } from './live-words.ts';
import { PaidWords } from './paid-words.ts';
import type { Tap } from './tap.ts';
import { type GoneVoices, voiced, voicesOf } from './voice-fallback.ts';

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

export interface SoundOptions {
  readonly guildId: string;
  readonly fish: Fish;
  readonly budget: Budget;
  /** The voices in which nothing can be said; all guilds share them. */
  readonly gone: GoneVoices;
  readonly log: Logger;
}

export interface SoundMakerOptions extends SoundOptions {
  /** Nothing is sent to Fish Audio while it is shut. */
  readonly tap: Tap;
}

/** What else is said around a line; it decides whether the line has to say who speaks, and how fast it is said. */
export interface LineContext {
  /** Whom people hear before this line; null if that is not known. */
  readonly before: string | null;
  /** How many other lines wait. */
  readonly waiting: number;
}

/** An answer that is said while it is being written may be as long as so many messages. */
const ANSWER_MESSAGES = 4;

/** Makes the sound of the lines of one guild, and takes the bytes that are sent from the guild's budget. */
export class SoundMaker {
  /** The memory for the packets of all these lines. */
  readonly room = new PacketRoom();
  readonly #options: SoundMakerOptions;

  constructor(options: SoundMakerOptions) {
    this.#options = options;
  }

  /** Begins to synthesise a line. Throws Unsaid if the bytes or the money of the day are used up. */
  make(line: Line, { before, waiting }: LineContext): Sound {
    const { guildId, fish, gone, log, tap } = this.#options;
    const { manner, onVoiceGone, onVoiceSpoke } = line;
    const telling = line.telling && (!!manner.reference || voicesOf(manner, gone)[0] === manner.voice);
    const silent = line.announce === 'never' || (line.announce === 'auto' && telling);
    const follows = line.announce === 'auto' && !silent && before === line.speakerId;
    const opening = (text: string) =>
      silent || follows ? text : announced(line.spokenName, text, line.language);
    const { words, reservation } = line.live
      ? this.#live(line, line.live, opening)
      : this.#written(line, opening);
    const controller = new AbortController();
    const synthesis = new AbortController();
    const { signal } = controller;
    const utterance = { lane: guildId, text: words };
    const packets = voiced(fish, utterance, {
      manner,
      waiting,
      gone,
      ...(onVoiceGone && { onVoiceGone }),
      ...(onVoiceSpoke && { onVoiceSpoke }),
      signal: AbortSignal.any([signal, synthesis.signal]),
      log,
      tap,
      onText: sent => reservation.spent(sent),
      onRepeat: () => reservation.renew(),
      playback: {
        get played() {
          return cushion.played;
        },
        keep: packets => cushion.keep(packets),
      },
    });
    const cushion: Cushion = new Cushion(packets, { room: this.room, signal });
    void cushion.done.then(() => reservation.release());
    const openingSeconds = spokenSeconds(opening('')) / manner.speed;
    return { cushion, controller, synthesis, follows, openingSeconds, madeAt: performance.now() };
  }

  /** The words of a line that is already written; their bytes are reserved as a whole. */
  #written({ userId, text, caps }: Line, opening: Opening): Paid {
    const { guildId, budget } = this.#options;
    const words = opening(text);
    const bytes = Buffer.byteLength(words);
    const reservation = budget.reserve({ guildId, userId, bytes, caps });
    budget.addTo({ guildId, userId, bytes: bytes - Buffer.byteLength(text) });
    return { words, reservation };
  }

  /**
   * The words of a line that is still being written; their bytes are reserved as they come. The bytes of the words that
   * end the line at a cap ("and so on") are reserved first, so that there is always room for them.
   */
  #live({ userId, language, caps, onFailed }: Line, live: LiveWords, opening: Opening): Paid {
    const { guildId, budget } = this.#options;
    const ending = phrase(language, 'and-so-on');
    const reservation = budget.reserve({ guildId, userId, bytes: Buffer.byteLength(` ${ending}`), caps });
    const pay = (bytes: number) => {
      budget.admit({ guildId, userId, bytes, caps });
      reservation.extend(bytes);
    };
    const maxBytes = ANSWER_MESSAGES * caps.messageBytes;
    return {
      words: new PaidWords({ words: live, opening, ending, maxBytes, pay, onCapped: onFailed }),
      reservation,
    };
  }
}

/** Puts the speaker's name before the first words of a line, if it has to be said. */
type Opening = (text: string) => string;

/** Words to say, and the bytes that are reserved for them. */
interface Paid {
  readonly words: Words;
  readonly reservation: Reservation;
}
