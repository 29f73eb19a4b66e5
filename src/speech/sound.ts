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

/** A line as it is being synthesised. */
export interface Sound {
  readonly cushion: Cushion;
  /** Ends the synthesis and drops what there is of it. */
  readonly controller: AbortController;
  /** Ends the synthesis alone: what there is of it is heard, and then fails with the reason given. */
  readonly synthesis: AbortController;
  /** Who speaks is not said, since people were to hear the same person before. */
  readonly follows: boolean;
  /** About how long it takes to say who speaks. */
  readonly openingSeconds: number;
  /** `performance.now()`. */
  readonly madeAt: number;
}

export interface SoundOptions {
  readonly guildId: string;
  readonly fish: Fish;
  readonly budget: Budget;
  /** Shared by all. */
  readonly gone: GoneVoices;
  readonly log: Logger;
}

export interface SoundMakerOptions extends SoundOptions {
  /** Nothing is sent to Fish Audio while it is shut. */
  readonly tap: Tap;
}

export interface Circumstances {
  /** Whom people hear before this line; null where that is not known. */
  readonly before: string | null;
  /** How many other lines wait. */
  readonly waiting: number;
}

/** An answer that is said as it is written may be as long as so many messages. */
const ANSWER_MESSAGES = 4;

/** Makes the sound of one guild's lines, and sees to it that each byte is paid for. */
export class SoundMaker {
  /** The memory for all of it. */
  readonly room = new PacketRoom();
  readonly #options: SoundMakerOptions;

  constructor(options: SoundMakerOptions) {
    this.#options = options;
  }

  /** Begins to synthesise a line. Throws Unsaid when the day's bytes or money are used up. */
  make(line: Line, { before, waiting }: Circumstances): Sound {
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
      delivery: {
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

  /** Paid for as a whole. */
  #written({ userId, text, caps }: Line, opening: Opening): Paid {
    const { guildId, budget } = this.#options;
    const words = opening(text);
    const bytes = Buffer.byteLength(words);
    const reservation = budget.reserve({ guildId, userId, bytes, caps });
    budget.addTo({ guildId, userId, bytes: bytes - Buffer.byteLength(text) });
    return { words, reservation };
  }

  /** Paid for as it comes; the words that end it at a cap in advance, so that there is always room for them. */
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

/** Makes of the first words of a line those that are said: with the speaker's name before them, where it is needed. */
type Opening = (text: string) => string;

interface Paid {
  readonly words: Words;
  readonly reservation: Reservation;
}
