import { FishError } from '../fish/errors.ts';
import type { Fish } from '../fish/fish.ts';
import type { Utterance } from '../fish/speak.ts';
import type { Line, Manner } from './line.ts';
import { requestFor } from './request.ts';
import { synthesise, type SynthesisOptions } from './synthesis.ts';

/** The ids of voices that Fish Audio turned out not to know, as long as that is believed. */
export interface GoneVoices {
  has(voice: string): boolean;
  add(voice: string): unknown;
}

export interface VoicedOptions extends SynthesisOptions, Pick<Line, 'manner' | 'onVoiceGone'> {
  /** How many other lines wait. */
  readonly waiting: number;
  readonly gone: GoneVoices;
}

/** The voices to try, one after another: not those that are known to be gone, unless there is no other. */
export function voicesOf({ voice, instead = [] }: Manner, gone: GoneVoices): (string | undefined)[] {
  const all = new Set([voice, ...instead]);
  const there = [...all].filter(one => one === undefined || !gone.has(one));
  return there.length > 0 ? there : [voice];
}

/**
 * What `synthesise` makes of a line in its manner. Where Fish Audio does not know the voice, which it tells before
 * any sound, the same is said in the next voice that is left for that.
 */
export async function* voiced(
  fish: Fish,
  utterance: Pick<Utterance, 'lane' | 'text'>,
  { manner, waiting, gone, onVoiceGone, ...options }: VoicedOptions,
): AsyncGenerator<Uint8Array> {
  const voices = manner.reference ? [manner.voice] : voicesOf(manner, gone);
  if (manner.voice !== undefined && voices[0] !== manner.voice) onVoiceGone?.(manner.voice);
  for (const [index, voice] of voices.entries()) {
    const request = requestFor({ ...manner, voice }, waiting);
    let heard = false;
    try {
      for await (const packet of synthesise(fish, { ...utterance, request }, options)) {
        heard = true;
        yield packet;
      }
      return;
    } catch (error) {
      const unknown = voice !== undefined && error instanceof FishError && error.unknownVoice;
      if (unknown) gone.add(voice);
      if (!unknown || heard || index === voices.length - 1 || options.signal.aborted) throw error;
      onVoiceGone?.(voice);
      options.onRepeat?.();
    }
  }
}
