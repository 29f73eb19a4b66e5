import { setTimeout as sleep } from 'node:timers/promises';
import type { UserError } from '../errors.ts';
import type { Circuit } from '../fish/circuit.ts';
import { type Reason, Unsaid } from './reasons.ts';
import { ToldOnce } from './told-once.ts';

// Tells people that chat messages of theirs were dropped (the queue was full, somebody wrote too much, the same again,
// the process ends), where they wrote them and without flooding the channel. For which reasons they are told is decided
// here; `outages.ts` tells of outages.

/** A chat message that was dropped: whose it was, and how people are told. */
export interface DroppedMessage {
  readonly guildId: string;
  /** The text channel in which it was written, and where people are told. */
  readonly channelId: string;
  readonly userId: string;
  /** The person as Discord shows them: a mention or a name. */
  readonly who: string;
  /** Nobody can hear the bot, and people have been told so; then a full queue needs no notice. */
  readonly held: boolean;
  readonly tell: (notice: readonly DropNotice[]) => void;
}

/** One line of a notice: the text, and the people whom it concerns. */
export interface DropNotice extends Pick<UserError, 'key' | 'params'> {
  readonly to: readonly string[];
}

export interface DropNoticesOptions {
  /** Tells whether there is an outage of Fish Audio, of which `Outages` tells people. */
  readonly circuit: Pick<Circuit, 'outage' | 'failingSince'>;
  readonly everyMs?: number;
  readonly episodeMs?: number;
  readonly lookMs?: number;
}

/** What is to be told in one text channel. */
interface Place {
  /** The lines of the next notice, by their text. */
  readonly pending: Map<string, { key: DropNotice['key']; params: DropNotice['params']; to: string[] }>;
  tell: DroppedMessage['tell'];
  /** Runs for `EVERY_MS` after each notice; then the next one may be sent. At the end of the process nothing waits. */
  timer: NodeJS.Timeout | undefined;
}

/**
 * People are told only for these reasons. All others either follow from what the server has chosen, or are told
 * elsewhere.
 */
const TOLD: ReadonlySet<Reason> = new Set([
  'repeated',
  'person-full',
  'queue-full',
  'person-cap',
  'person-cap-alone',
  'restarting',
] as const);
/** For these reasons Fish Audio may be at fault: an outage that is just beginning lets the queue fill up. */
const FULL: ReadonlySet<Reason> = new Set(['person-full', 'queue-full'] as const);
/** A channel gets at most one notice in this time; what has to be told meanwhile is in the next notice. */
const EVERY_MS = 30_000;
/** A person is told again for the same reason if no message of theirs was dropped for it in this time. */
const EPISODE_MS = 60_000;
/** The most people that a notice names. */
const MAX_NAMES = 5;
/** How often it is looked whether a failure has become an outage. */
const LOOK_MS = 2_500;
/** How many times it is looked at most. */
const LOOKS = 12;

/** Each person is told once for each reason, until that has passed. */
export class DropNotices implements Disposable {
  readonly #circuit: DropNoticesOptions['circuit'];
  readonly #everyMs: number;
  readonly #lookMs: number;
  readonly #told: ToldOnce;
  /** By the id of the channel. */
  readonly #places = new Map<string, Place>();

  constructor({ circuit, everyMs = EVERY_MS, episodeMs = EPISODE_MS, lookMs = LOOK_MS }: DropNoticesOptions) {
    this.#circuit = circuit;
    this.#lookMs = lookMs;
    this.#everyMs = everyMs;
    this.#told = new ToldOnce({ quietMs: episodeMs });
  }

  /** Tells, if it is news, that a message was not taken into the queue. Never rejects. */
  async refused(message: DroppedMessage, why: Unsaid): Promise<void> {
    const isFull = FULL.has(why.reason);
    if (!TOLD.has(why.reason) || (isFull && message.held) || !this.#isNews(message, why)) return;
    if (isFull) {
      await sleep(this.#lookMs, undefined, { ref: false });
      if (await this.#isOutage()) return;
    }
    this.#tell(message, why);
  }

  /** Tells, if it is news, that a message from the queue failed and was not said to its end. Never rejects. */
  async failed(message: DroppedMessage, error: UserError): Promise<void> {
    if (error instanceof Unsaid) return; // a cap of the day was reached, and all are told of that
    if (!this.#isNews(message, error)) return;
    if (isOfTheEnd(error.key) || !(await this.#isOutage())) this.#tell(message, error);
  }

  /** Tells at once what has still to be told. */
  [Symbol.dispose](): void {
    for (const [channelId, place] of this.#places) {
      this.#send(channelId, place);
      clearTimeout(place.timer);
    }
    this.#places.clear();
  }

  /** Whether a failure belongs to an outage. While nothing has been said after it, it may become one, so this waits. */
  async #isOutage(): Promise<boolean> {
    for (let looks = 0; looks < LOOKS; looks += 1) {
      if (this.#circuit.outage) return true;
      if (this.#circuit.failingSince === null) return false;
      await sleep(this.#lookMs, undefined, { ref: false });
    }
    return this.#circuit.outage !== null;
  }

  #isNews({ guildId, userId }: DroppedMessage, { key }: UserError): boolean {
    const whose = key === 'queue.full' ? '' : userId; // the queue is full for everybody
    return this.#told.isNews([guildId, key, whose].join(' '));
  }

  #tell({ channelId, who, tell }: DroppedMessage, { key, params }: UserError): void {
    const place = this.#places.get(channelId) ?? { pending: new Map(), tell, timer: undefined };
    this.#places.set(channelId, place);
    place.tell = tell;
    const what = JSON.stringify([key, params]);
    const notice = place.pending.get(what) ?? { key, params, to: [] };
    place.pending.set(what, notice);
    if (notice.to.length < MAX_NAMES) notice.to.push(who);
    else notice.to[MAX_NAMES] = '…';
    if (isOfTheEnd(key)) {
      // It drops the lines of all people at the same moment. They are told together, since there is no later notice.
      clearTimeout(place.timer);
      place.timer = setTimeout(() => this.#send(channelId, place), 0);
    } else if (!place.timer) this.#send(channelId, place);
  }

  #send(channelId: string, place: Place): void {
    const notices = [...place.pending.values()];
    place.pending.clear();
    if (notices.length === 0) {
      this.#places.delete(channelId);
      return;
    }
    place.tell(notices);
    place.timer = setTimeout(() => this.#send(channelId, place), this.#everyMs).unref();
  }
}

/** Whether a message was dropped because the process ends. */
function isOfTheEnd(key: UserError['key']): boolean {
  return key === 'restarting';
}
