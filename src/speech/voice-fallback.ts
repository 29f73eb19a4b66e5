import { FishError, type FishErrorKind } from '../fish/errors.ts';
import type { Fish } from '../fish/fish.ts';
import type { Utterance } from '../fish/speak.ts';
import type { Line, Manner, VoiceLoss } from './line.ts';
import { requestFor } from './request.ts';
import { synthesise, type SynthesisOptions } from './synthesis.ts';

/** What is known of voices: in which nothing can be said, as long as that is believed, and which have spoken. */
export interface GoneVoices {
  lossOf(voice: string): VoiceLoss | undefined;
  /** `silent`: it said nothing, though Fish does not say that it is unknown. Returns why nothing is said in it. */
  add(voice: string, how: { silent: boolean }): VoiceLoss;
  hasSpoken(voice: string): boolean;
  spoke(voice: string): void;
}

export interface VoicedOptions
  extends SynthesisOptions,
    Pick<Line, 'manner' | 'onVoiceGone' | 'onVoiceSpoke'> {
  /** How many other lines wait. */
  readonly waiting: number;
  readonly gone: GoneVoices;
}

/** In band and before any sound, these may be due to the voice that was asked for. */
const MAY_BE_OF_VOICE: ReadonlySet<FishErrorKind> = new Set(['rejected', 'no-audio', 'request', 'not-found']);

/** The voices to try, one after another: not those that are known to be gone, unless there is no other. */
export function voicesOf({ voice, instead = [] }: Manner, gone: GoneVoices): (string | undefined)[] {
  const all = new Set([voice, ...instead]);
  const there = [...all].filter(one => one === undefined || !gone.lossOf(one));
  return there.length > 0 ? there : [voice];
}

/**
 * What `synthesise` makes of a line in its manner. Where Fish Audio does not know the voice, or says nothing in it, the
 * same is said in the next voice that is left for that. A voice that has never spoken is not tried twice where it may be
 * what Fish fails at: each try may be billed.
 */
export async function* voiced(
  fish: Fish,
  utterance: Pick<Utterance, 'lane' | 'text'>,
  { manner, waiting, gone, onVoiceGone, onVoiceSpoke, ...options }: VoicedOptions,
): AsyncGenerator<Uint8Array> {
  const voices = manner.reference ? [manner.voice] : voicesOf(manner, gone);
  const known = manner.voice === undefined ? undefined : gone.lossOf(manner.voice);
  if (known && manner.voice !== undefined && voices[0] !== manner.voice) onVoiceGone?.(manner.voice, known);
  /** A voice in which nothing was said, for whatever reason: if another one speaks now, it was the voice. */
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
      // Where two voices say nothing, it is not the voice; each more would only cost.
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
