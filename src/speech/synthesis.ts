import { setTimeout as sleep } from 'node:timers/promises';
import { opusPackets } from '../audio/opus-packets.ts';
import { FishError } from '../fish/errors.ts';
import type { Fish } from '../fish/fish.ts';
import { type SpeakEvent, speak, type Utterance } from '../fish/speak.ts';
import type { Logger } from '../log.ts';

/** Tries in all once Fish has begun to speak: each is billed. Until it has, the room of Fish tries for itself. */
const MAX_TRIES = 2;
/** The pause before the second try is random, up to this. */
const PAUSE_MS = 100;

export interface SynthesisOptions {
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** UTF-8 bytes that are sent to Fish Audio, in every try; negative where some turned out not to have been. */
  readonly onText?: (bytes: number) => void;
  /** Called before all of it is sent once more; what it throws ends the synthesis. */
  readonly onRepeat?: () => void;
  /** Tries in all once Fish has begun to speak; without it, as many as make sense. */
  readonly maxTries?: number;
}

/**
 * The Opus packets of one utterance, each 20 ms, from Fish Audio as they come. A failed try is repeated where
 * its error may be, and goes on where it broke off: packets already delivered are left out, so that nothing is
 * heard twice. Throws the last FishError, the signal's reason, or what `onRepeat` throws.
 */
export async function* synthesise(
  fish: Fish,
  utterance: Utterance,
  { signal, log, onText, onRepeat, maxTries = MAX_TRIES }: SynthesisOptions,
): AsyncGenerator<Uint8Array> {
  let delivered = 0;
  for (let tries = 1; ; tries += 1) {
    let complete = false;
    let begun = false;
    let received = 0;
    try {
      const onEvent = (event: SpeakEvent) => {
        if (event.type === 'text') onText?.(event.bytes);
        if (event.type === 'begun') begun = true;
      };
      const ogg = speak(fish, utterance, { signal, onEvent, fresh: tries > 1 });
      const packets = opusPackets(ogg, {
        onEnd: info => {
          complete = info.complete;
          const { badCrc, resyncs, dropped } = info.counts;
          if (badCrc + resyncs + dropped > 0) log.warn({ badCrc, resyncs, dropped }, 'damaged audio');
        },
      });
      for await (const packet of packets) {
        received += 1;
        if (received <= delivered) continue;
        delivered = received;
        yield packet;
      }
      if (received === 0)
        throw new FishError('no-audio', 'Fish Audio finished without audio', { retryable: true });
      return;
    } catch (error) {
      if (signal.aborted || !(error instanceof FishError)) throw error;
      // The stream said that it was whole: only the word that it is finished was lost.
      if (complete && delivered > 0 && error.retryable) return;
      const again = error.retryable && begun && tries < maxTries;
      const { kind, phase, status, code, traceId } = error;
      log.warn({ kind, phase, status, code, traceId, tries, delivered, again }, 'synthesis failed');
      if (!again) throw error;
      await sleep(Math.max(PAUSE_MS * Math.random(), error.retryAfterMs ?? 0), undefined, { signal });
      onRepeat?.();
    }
  }
}
