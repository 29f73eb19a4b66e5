import type { SpeakEvent } from '../fish/speak.ts';
import type { Reason } from './reasons.ts';

// Notes when one line was queued, sent to Fish Audio, heard and ended, for the figures and traces in `src/ops/`. A new
// time of a line is added here, and is set by whoever sees it happen.

/** One session with Fish Audio. All times are `performance.now()`, in milliseconds; null is what did not happen. */
export interface FishCourse {
  /** When it got its slot. */
  readonly slotAt: number;
  /** When its words were sent. */
  startAt: number | null;
  firstAudioAt: number | null;
  endAt: number | null;
  /** Whether Fish Audio has said all of it. */
  ok: boolean;
  /** How many UTF-8 bytes of words were sent. */
  bytes: number;
}

/** Notes the sessions with Fish Audio that one line needs, usually one; what fails is said in a second one. */
export class FishCourses {
  readonly all: FishCourse[] = [];
  readonly #onEnd: (course: FishCourse) => void;

  /** `onEnd` is called when a session has ended, well or not. */
  constructor(onEnd: (course: FishCourse) => void) {
    this.#onEnd = onEnd;
  }

  note(event: SpeakEvent): void {
    if (event.type === 'slot')
      this.all.push({
        slotAt: event.at,
        startAt: null,
        firstAudioAt: null,
        endAt: null,
        ok: false,
        bytes: 0,
      });
    const course = this.all.at(-1);
    if (!course) return;
    if (event.type === 'start') course.startAt = event.at;
    if (event.type === 'first-audio') course.firstAudioAt = event.at;
    if (event.type !== 'finish') return;
    Object.assign(course, { endAt: event.at, ok: event.ok, bytes: event.bytes });
    this.#onEnd(course);
  }
}

/**
 * The way of one line from the queue to the last packet. It has neither words nor ids of people. All times are
 * `performance.now()`, in milliseconds; null is what did not happen.
 */
export class Journey {
  /** When the queue took the line, or the first of the messages that are said in one breath. */
  readonly acceptedAt = performance.now();
  /** Whether nothing else was being said or waited, so that the line could begin at once. */
  atOnce = false;
  /** When its sound was begun: its words are paid for. */
  preparedAt: number | null = null;
  /** When its turn came, so that people wait for it. */
  turnAt: number | null = null;
  courses: readonly FishCourse[] = [];
  firstPacketAt: number | null = null;
  endAt: number | null = null;
  /** How many packets of it were handed out. */
  packets = 0;
  /** Why it was not said to its end; null if it was. */
  reason: Reason | null = null;

  /** When the first sound of Fish Audio came. */
  get firstAudioAt(): number | null {
    return this.courses.find(({ firstAudioAt }) => firstAudioAt !== null)?.firstAudioAt ?? null;
  }
}
