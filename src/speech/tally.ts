import type { PacketCounts } from '../audio/packet-counts.ts';
import type { Logger } from '../log.ts';
import { walled } from '../walls.ts';
import type { FishCourse, Journey } from './journey.ts';
import { REASONS, type Reason } from './reasons.ts';

// Counts what the whole process has said, not said, sent and paid since it began, and tells watchers of it.
// `src/ops/metrics/` shows the figures to the person who runs the bot. Nothing here names people or guilds.

/** Wants to know what becomes of lines, such as the figures and the traces of the process. */
export interface SpeechWatcher {
  /** A session with Fish Audio has ended. */
  synthesised?(course: FishCourse): void;
  /** A line has ended whose turn had come, or whose sound had been begun. */
  ended?(journey: Journey): void;
}

export class SpeechTally {
  readonly packets: PacketCounts = { due: 0, sent: 0, late: 0 };
  /** How many lines were said, and how many were not, for which reason. */
  readonly lines = new Map<Reason | 'said', number>([
    ['said', 0],
    ...REASONS.map(reason => [reason, 0] as const),
  ]);
  /** UTF-8 bytes of words that were sent to Fish Audio, and those taken back since Fish Audio never received them. */
  readonly bytes = { sent: 0, returned: 0 };
  /** What these bytes cost, in 10⁻⁹ US dollars. */
  readonly nanoUsd = { sent: 0, returned: 0 };
  /** How often a call was joined again after a failure. */
  rejoins = 0;
  readonly #log: Logger;
  readonly #watchers: SpeechWatcher[] = [];

  constructor(log: Logger) {
    this.#log = log;
  }

  /** From now on, `watcher` is told what becomes of lines. */
  watch(watcher: SpeechWatcher): void {
    this.#watchers.push(watcher);
  }

  /** Counts one message that was said (null), or not said for a reason. */
  line(reason: Reason | null): void {
    const outcome = reason ?? 'said';
    this.lines.set(outcome, (this.lines.get(outcome) ?? 0) + 1);
  }

  /** Counts what was sent. Negative numbers take back what was never received. */
  spent({ bytes, nanoUsd }: { readonly bytes: number; readonly nanoUsd: number }): void {
    const way = bytes < 0 ? 'returned' : 'sent';
    this.bytes[way] += Math.abs(bytes);
    this.nanoUsd[way] += Math.abs(nanoUsd);
  }

  synthesised(course: FishCourse): void {
    for (const watcher of this.#watchers)
      walled(this.#log, 'figures of Fish Audio', () => watcher.synthesised?.(course));
  }

  ended(journey: Journey): void {
    for (const watcher of this.#watchers)
      walled(this.#log, 'figures of a line', () => watcher.ended?.(journey));
  }
}
