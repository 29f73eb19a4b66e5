import { Cushion, PacketRoom } from '../audio/cushion.ts';
import type { Fish } from '../fish/fish.ts';
import type { Logger } from '../log.ts';
import { announced } from '../text/announcement.ts';
import type { Budget } from './budget.ts';
import type { Line } from './line.ts';
import { requestFor } from './request.ts';
import { synthesise } from './synthesis.ts';

/** A line as it is being synthesised. */
export interface Sound {
  readonly cushion: Cushion;
  /** Ends the synthesis and drops what there is of it. */
  readonly controller: AbortController;
  /** Who speaks is not said, since people were to hear the same person before. */
  readonly follows: boolean;
  /** `performance.now()`. */
  readonly madeAt: number;
}

export interface SoundOptions {
  readonly guildId: string;
  readonly fish: Fish;
  readonly budget: Budget;
  readonly log: Logger;
}

export interface Circumstances {
  /** Whom people hear before this line; null where that is not known. */
  readonly before: string | null;
  /** How many other lines wait. */
  readonly waiting: number;
}

/** Makes the sound of one guild's lines, and sees to it that each byte is paid for. */
export class SoundMaker {
  /** The memory for all of it. */
  readonly room = new PacketRoom();
  readonly #options: SoundOptions;

  constructor(options: SoundOptions) {
    this.#options = options;
  }

  /** Begins to synthesise a line. Throws Unsaid when the day's bytes or money are used up. */
  make(line: Line, { before, waiting }: Circumstances): Sound {
    const { guildId, fish, budget, log } = this.#options;
    const { userId, caps } = line;
    const silent = line.announce === 'never' || (line.announce === 'auto' && line.telling);
    const follows = line.announce === 'auto' && !silent && before === line.speakerId;
    const text = silent || follows ? line.text : announced(line.spokenName, line.text, line.language);
    const bytes = Buffer.byteLength(text);
    const reservation = budget.reserve({ guildId, userId, bytes, caps });
    budget.addTo({ guildId, userId, bytes: bytes - Buffer.byteLength(line.text) });
    const controller = new AbortController();
    const { signal } = controller;
    const utterance = { lane: guildId, text, request: requestFor(line.manner, waiting) };
    const packets = synthesise(fish, utterance, {
      signal,
      log,
      onText: sent => reservation.spent(sent),
      onRepeat: () => reservation.renew(),
    });
    const cushion = new Cushion(packets, { room: this.room, signal });
    void cushion.done.then(() => reservation.release());
    return { cushion, controller, follows, madeAt: performance.now() };
  }
}
