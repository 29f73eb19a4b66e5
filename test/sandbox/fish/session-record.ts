import type { ReferenceAudio } from './reference-audio.ts';
import type { SpokenWord } from './rendition.ts';

/** What a session did, for tests to read. Times are `performance.now()`, in ms. */
export interface FishSession {
  /** `start.request` as it came. */
  readonly request: Record<string, unknown>;
  readonly model: string;
  /** The recordings that came with `start`, those of a refused one too if they were in order. */
  readonly references: readonly ReferenceAudio[];
  readonly socketId: number;
  /** All text, concatenated, also what came too late to be spoken. */
  readonly text: string;
  /** Its UTF-8 bytes, which is what Fish may bill. */
  readonly bytes: number;
  /** The client's frames, `start` first. */
  readonly frames: readonly { at: number; event: string }[];
  /** The Opus packets whose last byte was sent, in order. */
  readonly packets: readonly Buffer[];
  /** Where the words are that were synthesised, in packets; of Opus only. They may not have been sent. */
  readonly words: readonly SpokenWord[];
  readonly startedAt: number;
  /** When the first event with a whole packet (or with PCM) left. */
  readonly firstAudioAt: number | undefined;
  /** When `finish` with reason `stop` left. */
  readonly finishedAt: number | undefined;
  /** When the session's socket was gone, which with reuse is long after. */
  readonly closedAt: number | undefined;
  /** `error` also for a `start` that was refused. */
  readonly ended: SessionEnd | undefined;
}

export type SessionEnd = 'finish' | 'error' | 'client-closed' | 'server-closed';

/** The same, for the one who writes it. */
export type SessionRecord = { -readonly [K in keyof FishSession]: FishSession[K] } & {
  readonly frames: { at: number; event: string }[];
  readonly packets: Buffer[];
  readonly words: SpokenWord[];
};

export function newRecord(request: Record<string, unknown>, model: string, socketId: number): SessionRecord {
  const startedAt = performance.now();
  return {
    request,
    model,
    references: [],
    socketId,
    text: '',
    bytes: 0,
    frames: [{ at: startedAt, event: 'start' }],
    packets: [],
    words: [],
    startedAt,
    firstAudioAt: undefined,
    finishedAt: undefined,
    closedAt: undefined,
    ended: undefined,
  };
}
