import { setTimeout as sleep } from 'node:timers/promises';
import { opusPackets } from '../audio/opus-packets.ts';
import { Slices } from '../audio/slices.ts';
import { FishError } from '../fish/errors.ts';
import type { Fish } from '../fish/fish.ts';
import { type SpeakEvent, speak, type Utterance } from '../fish/speak.ts';
import type { Logger } from '../log.ts';
import { Allowance } from './allowance.ts';
import { type Delivery, Renditions } from './renditions.ts';

/** Tries in all once Fish has begun to speak: each is billed. Until it has, the room of Fish tries for itself. */
const MAX_TRIES = 2;
/** The pause before the second try is random, up to this. */
const PAUSE_MS = 100;

export interface SynthesisOptions {
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** UTF-8 bytes that are sent to Fish Audio, in every try; negative where some turned out not to have been. */
  readonly onText?: (bytes: number) => void;
  /** Called when all of it is to be sent once more; what it throws ends the synthesis. */
  readonly onRepeat?: () => void;
  /** Without it, all that was delivered counts as heard. */
  readonly delivery?: Delivery;
  /** Tries in all once Fish has begun to speak; without it, as many as make sense. */
  readonly maxTries?: number;
}

/**
 * The Opus packets of one utterance, each 20 ms, from Fish Audio as they come. A failed try is repeated where its error
 * may be. Fish says no text twice in the same way, so the two renditions are joined in a pause: what is in hand is kept
 * up to one, and the second rendition is entered at the same place of the text. No word is lost, and at most the one that
 * broke off is heard twice. Throws the last FishError, the signal's reason, or what `onRepeat` throws.
 */
export async function* synthesise(
  fish: Fish,
  utterance: Utterance,
  { signal, log, onText, onRepeat, delivery, maxTries = MAX_TRIES }: SynthesisOptions,
): AsyncGenerator<Uint8Array> {
  const renditions = new Renditions(delivery);
  for (let tries = 1; ; tries += 1) {
    let complete = false;
    let begun = false;
    let received = 0;
    try {
      const onEvent = (event: SpeakEvent) => {
        if (event.type === 'text') onText?.(event.bytes);
        if (event.type === 'begun') begun = true;
      };
      const allowance = new Allowance(utterance.request?.prosody?.speed ?? 1);
      const words = allowance.reading(utterance.text);
      const ogg = speak(fish, { ...utterance, text: words }, { signal, onEvent, fresh: tries > 1 });
      const packets = opusPackets(ogg, {
        onEnd: info => {
          complete = info.complete;
          const { badCrc, resyncs, dropped } = info.counts;
          if (badCrc + resyncs + dropped > 0) log.warn({ badCrc, resyncs, dropped }, 'damaged audio');
        },
      });
      const slices = new Slices(signal);
      for await (const packet of packets) {
        received += 1;
        if (renditions.searching) await slices.rest();
        yield* renditions.take(packet);
        if (received < allowance.packets) continue;
        log.warn({ packets: received, tries }, 'sound without end was cut off');
        yield* renditions.finish();
        await renditions.cutShort(signal);
        return;
      }
      if (received === 0)
        throw new FishError('no-audio', 'Fish Audio finished without audio', { retryable: true });
      yield* renditions.finish();
      return;
    } catch (error) {
      if (signal.aborted || !(error instanceof FishError)) throw error;
      // The stream said that it was whole: only the word that it is finished was lost.
      if (complete && received > 0 && error.retryable) {
        yield* renditions.finish();
        return;
      }
      const again = error.retryable && begun && tries < maxTries;
      const { kind, phase, status, code, traceId } = error;
      const delivered = renditions.count;
      log.warn({ kind, phase, status, code, traceId, tries, delivered, again }, 'synthesis failed');
      if (!again) {
        yield* renditions.giveUp();
        throw error;
      }
      onRepeat?.();
      await renditions.breakOff(signal);
      await sleep(Math.max(PAUSE_MS * Math.random(), error.retryAfterMs ?? 0), undefined, { signal });
    }
  }
}
