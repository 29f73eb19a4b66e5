import type { LineMemory } from '../../speech/cache.ts';
import type { GuildRecord } from '../../store/store.ts';

/** Who says a line: see `Saying` in `line-maker.ts`. */
interface Speaker {
  readonly id: string;
  readonly speakerId?: string;
  /** See `Line`. */
  readonly writers?: readonly string[] | undefined;
}

/**
 * How a line of somebody may be said from memory, and be kept for the next time. `recordNow` returns the record of the
 * guild as it is valid at the moment, since people may opt out while their line waits; undefined when it is not known.
 */
export function lineMemoryOf(
  { id, speakerId = id, writers = [] }: Speaker,
  recordNow: () => GuildRecord | undefined,
): LineMemory {
  const people = [...new Set([id, speakerId, ...writers])];
  return {
    people,
    speakerId,
    isPrivate: voice => recordNow()?.clones.some(({ voiceId }) => voiceId === voice) ?? true,
    allowed: () => {
      const record = recordNow();
      if (!record?.known || !record.settings.cache) return false;
      return !people.some(person => record.optOuts.has(person));
    },
  };
}
