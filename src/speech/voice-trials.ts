import { FishError, type FishErrorKind } from '../fish/errors.ts';
import type { VoiceHealth } from '../fish/voice-health.ts';
import type { Line, Manner } from './line.ts';

// Decides in which voices a line is tried, one after another, where Fish Audio does not know a voice or sends no sound
// for it. `src/fish/voice-health.ts` remembers how voices fared; `speech.ts` says the line in them.

/** Failures of a session which, before any sound, may be caused by the voice that was asked for. */
const MAY_BE_OF_VOICE: ReadonlySet<FishErrorKind> = new Set(['rejected', 'no-audio', 'request', 'not-found']);

/** The voices to try, one after another. Voices in which nothing can be said are left out, unless there is no other. */
export function voicesOf({ voice, instead = [] }: Manner, health: VoiceHealth): (string | undefined)[] {
  const all = new Set([voice, ...instead]);
  const there = [...all].filter(one => one === undefined || !health.failureOf(one));
  return there.length > 0 ? there : [voice];
}

/**
 * Iterating gives the next voice. If Fish Audio does not know a voice, or sends no sound for it, the line is said in
 * the next one. If the voice may be the cause of a failure and has never spoken, it is not tried twice, because each
 * try may be billed.
 */
export class VoiceTrials {
  readonly #line: VoicedLine;
  readonly #health: VoiceHealth;
  readonly #voices: readonly (string | undefined)[];
  /** The number of the voice that is tried now. */
  #now = -1;
  #hasSpoken = false;
  /** A voice without sound, for a reason that is not known. If the next voice speaks, the voice was the reason. */
  #suspect: string | undefined;

  constructor(line: VoicedLine, health: VoiceHealth) {
    const { manner, onVoiceGone } = line;
    this.#line = line;
    this.#health = health;
    this.#voices = manner.reference ? [manner.voice] : voicesOf(manner, health);
    const known = manner.voice === undefined ? undefined : health.failureOf(manner.voice);
    if (known && manner.voice !== undefined && this.#voices[0] !== manner.voice)
      onVoiceGone?.({ voice: manner.voice, failure: known });
  }

  *[Symbol.iterator](): Generator<string | undefined> {
    for (const [index, voice] of this.#voices.entries()) {
      this.#now = index;
      yield voice;
    }
  }

  /** Notes that the voice that is tried now has spoken. May be called for each of its packets. */
  spoke(): void {
    if (this.#hasSpoken) return;
    this.#hasSpoken = true;
    const voice = this.#voice;
    const { manner, onVoiceGone, onVoiceSpoke } = this.#line;
    if (this.#suspect !== undefined) {
      const failure = this.#health.failed(this.#suspect, { silent: true });
      onVoiceGone?.({ voice: this.#suspect, failure });
    }
    if (voice === undefined) return;
    if (!manner.reference) this.#health.spoke(voice);
    if (voice === manner.voice) onVoiceSpoke?.(voice);
  }

  /** Whether the same text may be sent once more in the same voice after this error. */
  mayRepeat(error: FishError): boolean {
    const voice = this.#voice;
    const isProven =
      voice === undefined || this.#line.manner.reference !== undefined || this.#health.hasSpoken(voice);
    return isProven || this.#isLast || this.#hasSpoken || !mayBeOfVoice(error);
  }

  /** Notes that the line could not be said in the present voice. Throws the error if no other voice shall be tried. */
  failed(error: unknown): void {
    const voice = this.#voice;
    if (this.#hasSpoken || voice === undefined || !(error instanceof FishError)) throw error;
    const failure = error.unknownVoice ? this.#health.failed(voice) : undefined;
    // If two voices say nothing, the voice is not the reason, and to try more voices would only cost money.
    const isSuspect = !failure && this.#suspect === undefined && mayBeOfVoice(error);
    if (this.#isLast || !(failure || isSuspect)) throw error;
    if (failure) this.#line.onVoiceGone?.({ voice, failure });
    else this.#suspect = voice;
  }

  get #voice(): string | undefined {
    return this.#voices[this.#now];
  }

  get #isLast(): boolean {
    return this.#now === this.#voices.length - 1;
  }
}

/** What `VoiceTrials` has to know of a line, and whom it tells. */
type VoicedLine = Pick<Line, 'manner' | 'onVoiceGone' | 'onVoiceSpoke'>;

function mayBeOfVoice({ kind, phase, notAsked }: FishError): boolean {
  return MAY_BE_OF_VOICE.has(kind) && phase !== 'connect' && !notAsked;
}
