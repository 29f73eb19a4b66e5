import { FishError, type FishErrorKind } from '../fish/errors.ts';
import type { Line, Manner, VoiceLoss } from './line.ts';

/**
 * Remembers for a while in which voices nothing can be said, and which voices have spoken. Voices are named by their
 * ids.
 */
export interface GoneVoices {
  /** Why nothing can be said in this voice; undefined if nothing is known against it. */
  lossOf(voice: string): VoiceLoss | undefined;
  /**
   * Notes that nothing can be said in this voice, and returns why. `silent` says that Fish sent no sound, though it did
   * not say that it does not know the voice.
   */
  add(voice: string, how: { silent: boolean }): VoiceLoss;
  /** Whether this voice has ever spoken. */
  hasSpoken(voice: string): boolean;
  /** Notes that this voice has spoken. */
  spoke(voice: string): void;
}

/** Failures of a session which, before any sound, may be caused by the voice that was asked for. */
const MAY_BE_OF_VOICE: ReadonlySet<FishErrorKind> = new Set(['rejected', 'no-audio', 'request', 'not-found']);

/** The voices to try, one after another. Voices in which nothing can be said are left out, unless there is no other. */
export function voicesOf({ voice, instead = [] }: Manner, gone: GoneVoices): (string | undefined)[] {
  const all = new Set([voice, ...instead]);
  const there = [...all].filter(one => one === undefined || !gone.lossOf(one));
  return there.length > 0 ? there : [voice];
}

/**
 * The voices in which one line is tried, one after another: iterating gives the next one. If Fish Audio does not know a
 * voice, or sends no sound for it, the line is said in the next voice. If the voice may be the cause of a failure and
 * has never spoken, it is not tried twice, because each try may be billed.
 */
export class VoiceTrials {
  readonly #line: VoicedLine;
  readonly #gone: GoneVoices;
  readonly #voices: readonly (string | undefined)[];
  /** The number of the voice that is tried now. */
  #now = -1;
  #hasSpoken = false;
  /** A voice without sound, for a reason that is not known. If the next voice speaks, the voice was the reason. */
  #suspect: string | undefined;

  constructor(line: VoicedLine, gone: GoneVoices) {
    const { manner, onVoiceGone } = line;
    this.#line = line;
    this.#gone = gone;
    this.#voices = manner.reference ? [manner.voice] : voicesOf(manner, gone);
    const known = manner.voice === undefined ? undefined : gone.lossOf(manner.voice);
    if (known && manner.voice !== undefined && this.#voices[0] !== manner.voice)
      onVoiceGone?.(manner.voice, known);
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
    if (this.#suspect !== undefined)
      onVoiceGone?.(this.#suspect, this.#gone.add(this.#suspect, { silent: true }));
    if (voice === undefined) return;
    if (!manner.reference) this.#gone.spoke(voice);
    if (voice === manner.voice) onVoiceSpoke?.(voice);
  }

  /** Whether the same text may be sent once more in the same voice after this error. */
  mayRepeat(error: FishError): boolean {
    const voice = this.#voice;
    const isProven =
      voice === undefined || this.#line.manner.reference !== undefined || this.#gone.hasSpoken(voice);
    return isProven || this.#isLast || this.#hasSpoken || !mayBeOfVoice(error);
  }

  /** Notes that the line could not be said in the present voice. Throws the error if no other voice shall be tried. */
  failed(error: unknown): void {
    const voice = this.#voice;
    if (this.#hasSpoken || voice === undefined || !(error instanceof FishError)) throw error;
    const loss = error.unknownVoice ? this.#gone.add(voice, { silent: false }) : undefined;
    // If two voices say nothing, the voice is not the reason, and to try more voices would only cost money.
    const isSuspect = !loss && this.#suspect === undefined && mayBeOfVoice(error);
    if (this.#isLast || !(loss || isSuspect)) throw error;
    if (loss) this.#line.onVoiceGone?.(voice, loss);
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
