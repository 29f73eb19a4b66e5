import { FishError, type FishErrorKind } from '../fish/errors.ts';
import type { Fish } from '../fish/fish.ts';
import type { Utterance } from '../fish/speak.ts';
import type { Line, Manner, VoiceLoss } from './line.ts';
import { requestFor } from './request.ts';
import { synthesise, type SynthesisOptions } from './synthesis.ts';

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

export interface VoicedOptions
  extends SynthesisOptions,
    Pick<Line, 'manner' | 'onVoiceGone' | 'onVoiceSpoke'> {
  /** How many other lines wait. */
  readonly waiting: number;
  readonly gone: GoneVoices;
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
 * Synthesises a line in its manner, and yields its packets of 20 ms. If Fish Audio does not know the voice, or sends no
 * sound, the line is said in the next voice. If the voice may be the cause of a failure and has never spoken, it is not
 * tried twice, because each try may be billed. Throws what `synthesise` throws.
 */
export async function* voiced(
  fish: Fish,
  utterance: Pick<Utterance, 'lane' | 'text'>,
  { manner, waiting, gone, onVoiceGone, onVoiceSpoke, ...options }: VoicedOptions,
): AsyncGenerator<Uint8Array> {
  const voices = manner.reference ? [manner.voice] : voicesOf(manner, gone);
  const known = manner.voice === undefined ? undefined : gone.lossOf(manner.voice);
  if (known && manner.voice !== undefined && voices[0] !== manner.voice) onVoiceGone?.(manner.voice, known);
  /** A voice without sound, for a reason that is not known. If the next voice speaks, the voice was the reason. */
  let suspect: string | undefined;
  for (const [index, voice] of voices.entries()) {
    const request = requestFor({ ...manner, voice }, waiting);
    const proven = voice === undefined || manner.reference !== undefined || gone.hasSpoken(voice);
    const isLast = index === voices.length - 1;
    let heard = false;
    try {
      const mayRepeat = (error: FishError) => proven || isLast || heard || !mayBeOfVoice(error);
      for await (const packet of synthesise(fish, { ...utterance, request }, { ...options, mayRepeat })) {
        if (!heard) {
          if (suspect !== undefined) onVoiceGone?.(suspect, gone.add(suspect, { silent: true }));
          if (voice !== undefined && !manner.reference) gone.spoke(voice);
          if (voice !== undefined && voice === manner.voice) onVoiceSpoke?.(voice);
        }
        heard = true;
        yield packet;
      }
      return;
    } catch (error) {
      if (heard || options.signal.aborted || voice === undefined || !(error instanceof FishError))
        throw error;
      const isUnknown = error.unknownVoice;
      const loss = isUnknown ? gone.add(voice, { silent: false }) : undefined;
      // If two voices say nothing, the voice is not the reason, and to try more voices would only cost money.
      const isSuspect = !isUnknown && suspect === undefined && mayBeOfVoice(error);
      if (isLast || !(isUnknown || isSuspect)) throw error;
      if (loss) onVoiceGone?.(voice, loss);
      else suspect = voice;
      options.onRepeat?.();
    }
  }
}

function mayBeOfVoice({ kind, phase, notAsked }: FishError): boolean {
  return MAY_BE_OF_VOICE.has(kind) && phase !== 'connect' && !notAsked;
}
