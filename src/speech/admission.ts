import type { UserError } from '../errors.ts';
import type { Floor } from './floor.ts';
import type { Line } from './line.ts';
import type { SpeechQueue } from './queue.ts';
import type { QueuedLine } from './queued-line.ts';
import { type Reason, Unsaid } from './reasons.ts';
import { Repeats } from './repeats.ts';
import type { SpeechMeans } from './speech.ts';

// Lets a line into the queue of its guild, or refuses it: in an outage of Fish Audio (`floor.ts`), when its person
// repeats the same (`repeats.ts`), when no more lines may wait (`queue.ts`), or when a cap is reached (`budget.ts`).

export interface AdmissionOptions extends Pick<SpeechMeans, 'guildId' | 'budget'> {
  readonly queue: SpeechQueue;
  readonly floor: Pick<Floor, 'checkFish'>;
  /** Tells the people of the guild, once a day, that chat is not read any more today. */
  readonly notify: (why: UserError) => void;
  /** Called when a line was refused because of an outage of Fish Audio. */
  readonly onTrouble: () => void;
}

/** For these reasons nothing more is said in a guild for the day, or for a while. */
const OF_THE_DAY: ReadonlySet<Reason> = new Set(['server-cap', 'budget', 'budget-unknown']);

/** An answer that is still to be written is begun only if at least this many bytes may still be spent. */
const A_SENTENCE_BYTES = 100;

export class Admission {
  readonly #options: AdmissionOptions;
  readonly #repeats = new Repeats();

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /**
   * Puts a line into the queue, and returns the queued line that it has become or is now a part of. Throws Unsaid if
   * the line is not taken.
   */
  admit(line: Line): QueuedLine {
    const { queue } = this.#options;
    this.#checkFish();
    if (!queue.joins(line) && this.#repeats.isOneTooMany(line))
      throw new Unsaid('repeated', 'queue.repeated');
    queue.checkRoom(line.userId, line.missed);
    this.#checkBudget(line);
    const queued = queue.push(line);
    this.#repeats.note(line, queued.fate);
    return queued;
  }

  /**
   * Tells the guild once that a cap of the day is reached, if that is why a line is not said; only for lines of chat,
   * as commands are answered.
   */
  tellOfDay(line: Line, why: Unsaid): void {
    const { guildId, budget, notify } = this.#options;
    const ofDay = OF_THE_DAY.has(why.reason);
    if (ofDay && line.source === 'chat' && budget.isNews(guildId, why.reason)) notify(why);
  }

  /** Throws Unsaid while Fish Audio has an outage. */
  #checkFish(): void {
    const { floor, onTrouble } = this.#options;
    try {
      floor.checkFish();
    } catch (error) {
      onTrouble();
      throw error;
    }
  }

  /** Throws Unsaid if the line would pass a cap. */
  #checkBudget(line: Line): void {
    const { guildId, budget } = this.#options;
    const { userId, text, caps } = line;
    try {
      // Nobody knows how many words there will be in an answer that is still to be written: they are admitted as they
      // come.
      if (line.live) budget.check({ guildId, userId, bytes: A_SENTENCE_BYTES, caps });
      else budget.admit({ guildId, userId, bytes: Buffer.byteLength(text), caps });
    } catch (error) {
      if (error instanceof Unsaid) this.tellOfDay(line, error);
      throw error;
    }
  }
}
