import { setTimeout as sleep } from 'node:timers/promises';
import type { UserError } from '../errors.ts';
import type { Circuit } from '../fish/circuit.ts';
import { type Reason, Unsaid } from './reasons.ts';
import { ToldOnce } from './told-once.ts';

/** Whose message was dropped, and how people are told of that. */
export interface DroppedMessage {
  readonly guildId: string;
  readonly userId: string;
  /** The person as Discord shows them: a mention or a name. */
  readonly who: string;
  /** Nobody can hear the bot, which people have been told: that much waits is no news. */
  readonly held: boolean;
  readonly tell: (notice: readonly DropNotice[]) => void;
}

/** One line of a notice: for whom, and what. */
export interface DropNotice extends Pick<UserError, 'key' | 'params'> {
  readonly to: readonly string[];
}

export interface DropNoticesOptions {
  /** Outages of Fish Audio are told of elsewhere: see `Outages`. */
  readonly circuit: Pick<Circuit, 'outage' | 'failingSince'>;
  readonly everyMs?: number;
  readonly episodeMs?: number;
  readonly lookMs?: number;
}

interface Guild {
  /** By what is told. */
  readonly pending: Map<string, { key: DropNotice['key']; params: DropNotice['params']; to: string[] }>;
  tell: DroppedMessage['tell'];
  /** Runs for a while after each notice. */
  timer: NodeJS.Timeout | undefined;
}

/** What was dropped for these reasons is told; other reasons are what the server has chosen, or told elsewhere. */
const TOLD: ReadonlySet<Reason> = new Set(['repeated', 'person-full', 'queue-full', 'person-cap'] as const);
/** So much waits, perhaps because Fish Audio is just beginning to fail. */
const FULL: ReadonlySet<Reason> = new Set(['person-full', 'queue-full'] as const);
/** A guild gets a notice this often at most; what has to be told meanwhile is in the next one. */
const EVERY_MS = 30_000;
/** Whoever has not been dropped for so long is told the next time. */
const EPISODE_MS = 60_000;
/** So many are named. */
const MAX_NAMES = 5;
/** While nobody knows whether a failure is the beginning of an outage, that is looked at so often, and so many times. */
const LOOK_MS = 2_500;
const LOOKS = 12;

/** Tells people what was dropped of what they wrote in chat: each person once for each reason, until that has passed. */
export class DropNotices implements Disposable {
  readonly #circuit: DropNoticesOptions['circuit'];
  readonly #everyMs: number;
  readonly #lookMs: number;
  readonly #told: ToldOnce;
  readonly #guilds = new Map<string, Guild>();

  constructor({ circuit, everyMs = EVERY_MS, episodeMs = EPISODE_MS, lookMs = LOOK_MS }: DropNoticesOptions) {
    this.#circuit = circuit;
    this.#lookMs = lookMs;
    this.#everyMs = everyMs;
    this.#told = new ToldOnce({ quietMs: episodeMs });
  }

  /** A message was not taken. Never rejects. */
  async refused(message: DroppedMessage, why: Unsaid): Promise<void> {
    const isFull = FULL.has(why.reason);
    if (!TOLD.has(why.reason) || (isFull && message.held) || !this.#isNews(message, why)) return;
    if (isFull) {
      await sleep(this.#lookMs, undefined, { ref: false });
      if (await this.#isOutage()) return;
    }
    this.#tell(message, why);
  }

  /** A message that had been taken was not said, or not to its end, which nobody wanted. Never rejects. */
  async failed(message: DroppedMessage, error: UserError): Promise<void> {
    if (error instanceof Unsaid) return; // a cap of the day, which all are told of
    if (this.#isNews(message, error) && !(await this.#isOutage())) this.#tell(message, error);
  }

  [Symbol.dispose](): void {
    for (const { timer } of this.#guilds.values()) clearTimeout(timer);
    this.#guilds.clear();
  }

  /** Whether what just failed is part of an outage. As long as nothing has been said since, it may become one. */
  async #isOutage(): Promise<boolean> {
    for (let looks = 0; looks < LOOKS; looks += 1) {
      if (this.#circuit.outage) return true;
      if (this.#circuit.failingSince === null) return false;
      await sleep(this.#lookMs, undefined, { ref: false });
    }
    return this.#circuit.outage !== null;
  }

  #isNews({ guildId, userId }: DroppedMessage, { key }: UserError): boolean {
    const whose = key === 'queue.full' ? '' : userId; // it is full for all
    return this.#told.isNews([guildId, key, whose].join(' '));
  }

  #tell({ guildId, who, tell }: DroppedMessage, { key, params }: UserError): void {
    const guild = this.#guilds.get(guildId) ?? { pending: new Map(), tell, timer: undefined };
    this.#guilds.set(guildId, guild);
    guild.tell = tell;
    const what = JSON.stringify([key, params]);
    const notice = guild.pending.get(what) ?? { key, params, to: [] };
    guild.pending.set(what, notice);
    if (notice.to.length < MAX_NAMES) notice.to.push(who);
    else notice.to[MAX_NAMES] = '…';
    if (!guild.timer) this.#send(guildId, guild);
  }

  #send(guildId: string, guild: Guild): void {
    const notices = [...guild.pending.values()];
    guild.pending.clear();
    if (notices.length === 0) {
      this.#guilds.delete(guildId);
      return;
    }
    guild.tell(notices);
    guild.timer = setTimeout(() => this.#send(guildId, guild), this.#everyMs).unref();
  }
}
