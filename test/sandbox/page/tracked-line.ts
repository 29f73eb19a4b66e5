import type { HeardPacket } from '../discord/voice-api.ts';
import type { FishSession } from '../fish/session-record.ts';
import type { Cause } from './causes.ts';
import type { Line } from './protocol.ts';

const USD_PER_BYTE = 15 / 1_000_000;
/**
 * A line seems to have ended when Fish Audio has finished and so long nothing was heard of it, and before its beginning
 * nothing of other lines either, for whose end it may wait. It may still go on.
 */
const QUIET_MS = 1_500;
/** How many packets may be missing in a row, and the line is found again all the same. */
const LOST_MAX = 250;

/** Packets come every 20 ms: when so long none comes, it is a pause. */
const PAUSE_MS = 200;
/** More are not told. */
const PAUSES_MAX = 50;

interface TrackedLineOptions {
  readonly id: number;
  readonly session: FishSession;
  readonly cause: Cause | null;
  /** The name of its voice. */
  readonly voice: string;
  /** When anything was heard last, of whatever line; `performance.now()`. */
  readonly soundAt: () => number;
}

/** A line on its way from Fish Audio to the voice channel. */
export class TrackedLine {
  readonly id: number;
  /** How loud the packets are that were heard, 0 to 255, in order. */
  readonly levels: number[] = [];
  readonly #options: TrackedLineOptions;
  /** What its times count from, `performance.now()`. */
  readonly #from: number;
  readonly #noticedAt = performance.now();
  /** The place of the packet that is expected next. */
  #next = 0;
  #exact = true;
  #encrypted = true;
  #firstHeardAt: number | null = null;
  #lastHeardAt: number | null = null;
  #pauses: Line['pauses'] = [];
  #told = '';
  #over = false;

  constructor(options: TrackedLineOptions) {
    this.id = options.id;
    this.#options = options;
    this.#from = options.cause?.at ?? options.session.startedAt;
  }

  get over(): boolean {
    return this.#over;
  }

  /** Whether `news()` has told it. */
  get isTold(): boolean {
    return this.#told !== '';
  }

  /** Whether a packet that was heard is of this line; `level` is how loud it is. */
  take({ at, opus, endToEnd, silence }: HeardPacket, level: number): boolean {
    const { packets } = this.#options.session;
    // All packets of silence are alike, those too that follow a line: only the one that is expected is of it.
    const within = packets.slice(this.#next, this.#next + (silence ? 1 : LOST_MAX));
    const missing = within.findIndex(one => one.equals(opus));
    if (missing < 0) return false;
    this.#exact &&= missing === 0;
    this.#encrypted &&= endToEnd || silence;
    this.#next += missing + 1;
    this.#over = false; // it was held for so long that it seemed to have ended
    this.#firstHeardAt ??= at;
    const waited = at - (this.#lastHeardAt ?? at);
    if (waited > PAUSE_MS && this.#pauses.length < PAUSES_MAX)
      this.#pauses = [...this.#pauses, { after: this.levels.length, ms: Math.round(waited) }];
    this.#lastHeardAt = at;
    this.levels.push(level);
    return true;
  }

  /** The line as it is now if that is worth telling: it goes on, or has changed. */
  news(): Line | null {
    if (this.#over) return null;
    const line = this.view();
    this.#over = line.over;
    const { elapsed: _, ...rest } = line;
    const told = JSON.stringify(rest);
    const still = told === this.#told && line.firstHeardAt === null && line.ended !== null;
    this.#told = told;
    return still ? null : line;
  }

  view(): Line {
    const { id, cause, voice, session, soundAt } = this.#options;
    const since = (at: number | null | undefined) =>
      at === undefined || at === null ? null : Math.round(at - this.#from);
    const { text, bytes, packets, ended = null } = session;
    const now = performance.now();
    const last = Math.max(this.#lastHeardAt ?? 0, session.finishedAt ?? 0, this.#noticedAt);
    const done = ended !== null || session.finishedAt !== undefined;
    const quietSince = this.#firstHeardAt === null ? Math.max(last, soundAt()) : last;
    const over = this.#over || (done && (this.#next >= packets.length || now - quietSince > QUIET_MS));
    const words = session.frames.find(({ event }) => event === 'text')?.at ?? session.startedAt;
    return {
      id,
      cause: cause && { who: cause.who, what: cause.what },
      text,
      voice,
      bytes,
      usd: bytes * USD_PER_BYTE,
      textAt: since(words) ?? 0,
      firstAudioAt: since(session.firstAudioAt),
      finishedAt: since(session.finishedAt),
      firstHeardAt: since(this.#firstHeardAt),
      lastHeardAt: since(this.#lastHeardAt),
      pauses: this.#pauses,
      elapsed: since(over ? last : now) ?? 0,
      sent: packets.length,
      heard: this.levels.length,
      exact: this.#exact,
      encrypted: this.#encrypted,
      ended,
      over,
    };
  }
}
