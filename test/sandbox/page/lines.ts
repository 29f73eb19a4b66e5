import type { HeardPacket } from '../discord/voice-api.ts';
import type { FakeFish } from '../fish/fish.ts';
import type { FishSession } from '../fish/session-record.ts';
import type { Causes } from './causes.ts';
import type { Line } from './protocol.ts';
import { TrackedLine } from './tracked-line.ts';

/** How many lines are kept, the oldest go first. */
const KEPT = 20;

interface LinesOptions {
  readonly fish: FakeFish;
  readonly causes: Causes;
  /** Tells pages of a line that has changed. */
  readonly tell: (line: Line) => void;
}

/**
 * What Fish Audio was asked to say, line by line, and what of it was heard in the voice channel. `look()` is to be
 * called often while something may be said: the sandbox's Fish Audio is looked at from outside.
 */
export class Lines {
  readonly #options: LinesOptions;
  readonly #lines: TrackedLine[] = [];
  readonly #known = new WeakSet<FishSession>();
  #last = 0;
  #soundAt = 0;

  constructor(options: LinesOptions) {
    this.#options = options;
  }

  /** All that are kept, the oldest first, with how loud their packets are. */
  all(): Line[] {
    return this.#lines.map(line => ({ ...line.view(), levels: line.levels }));
  }

  /** Whether everything has been said and heard. */
  get quiet(): boolean {
    return this.#lines.every(({ over }) => over);
  }

  /** Takes a packet that was heard; returns the number of its line, 0 for none. */
  heard(packet: HeardPacket, level: number): number {
    this.#meet();
    const line = this.#lines.find(line => line.take(packet, level));
    if (line) this.#soundAt = packet.at;
    // Pages know a line before its first sound comes.
    const news = line?.isTold === false ? line.news() : null;
    if (news) this.#options.tell(news);
    return line?.id ?? 0;
  }

  look(): void {
    this.#meet();
    for (const line of this.#lines) {
      const view = line.news();
      if (view) this.#options.tell(view);
    }
  }

  /** Adds the sessions that have begun. */
  #meet(): void {
    for (const session of this.#options.fish.sessions) {
      if (this.#known.has(session)) continue;
      // The words come right after `start`; until then nobody can say what they are about.
      if (session.text.trim() === '' && session.ended === undefined) continue;
      this.#known.add(session);
      if (session.text.trim() === '') continue;
      this.#last += 1;
      const { causes, fish } = this.#options;
      const cause = causes.of(session.text, performance.now());
      const voice =
        fish.library.get(String(session.request['reference_id']))?.title ?? 'Fish Audio’s own voice';
      this.#lines.push(
        new TrackedLine({ id: this.#last, session, cause, voice, soundAt: () => this.#soundAt }),
      );
      if (this.#lines.length > KEPT) this.#lines.shift();
    }
  }
}
