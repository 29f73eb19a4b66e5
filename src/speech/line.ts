import type { Cushion } from '../audio/cushion.ts';
import type { UserError } from '../errors.ts';

/** What one person asked to be said. */
export interface Line {
  readonly userId: string;
  /** The person's display name in the server, for `/queue`. */
  readonly name: string;
  /** What was written, as people may see it again in `/queue`; never logged. */
  readonly text: string;
  /** Fish Audio `reference_id` of the voice; the process's default when undefined. */
  readonly voice: string | undefined;
  /** Called once if the line could not be said, or not to its end. */
  readonly onFailed: (error: UserError) => void;
}

/** A line on its way through a session. Aborting its controller silences it and closes its Fish session. */
export interface QueuedLine {
  readonly line: Line;
  controller: AbortController;
  /** Null until its synthesis begins. */
  cushion: Cushion | null;
}
