import { setTimeout as sleep } from 'node:timers/promises';
import { opusPackets } from '../audio/opus-packets.ts';
import { FishError } from '../fish/errors.ts';
import type { Fish } from '../fish/fish.ts';
import { type SpeakEvent, speak, type Utterance } from '../fish/speak.ts';
import type { Logger } from '../log.ts';

/** Tries in all while Fish Audio cannot be reached, or is busy. */
const MAX_TRIES = 4;
/** Tries in all once Fish has taken the text: each is billed. */
const MAX_BILLED_TRIES = 2;
/** No further try begins this long after the first failure without progress. */
const TRY_FOR_MS = 10_000;
/** The pause before try n + 2 is random, up to these. */
const PAUSES_MS = [100, 1_000, 2_000];

export interface SynthesisOptions {
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** UTF-8 bytes that are sent to Fish Audio, in every try; negative where some turned out not to have been. */
  readonly onText?: (bytes: number) => void;
  /** Called before all of it is sent once more; what it throws ends the synthesis. */
  readonly onRepeat?: () => void;
}

/** Failures before Fish Audio took any text; all others may have been billed. */
function isUnbilled(error: FishError): boolean {
  return error.phase === 'connect' || error.kind === 'rate-limit' || error.status !== undefined;
}

/**
 * The Opus packets of one utterance, each 20 ms, from Fish Audio as they come. A failed try is repeated where
 * its error may be, and goes on where it broke off: packets already delivered are left out, so that nothing is
 * heard twice. Throws the last FishError, the signal's reason, or what `onRepeat` throws.
 */
export async function* synthesise(
  fish: Fish,
  utterance: Utterance,
  { signal, log, onText, onRepeat }: SynthesisOptions,
): AsyncGenerator<Uint8Array> {
  let failingSince: number | null = null;
  let delivered = 0;
  for (let tries = 1; ; tries += 1) {
    let complete = false;
    let received = 0;
    try {
      const onEvent = (event: SpeakEvent) => event.type === 'text' && onText?.(event.bytes);
      const ogg = speak(fish, utterance, { signal, onEvent });
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
        failingSince = null;
        yield packet;
      }
      if (received === 0)
        throw new FishError('no-audio', 'Fish Audio finished without audio', { retryable: true });
      return;
    } catch (error) {
      if (signal.aborted || !(error instanceof FishError)) throw error;
      // The stream said that it was whole: only the word that it is finished was lost.
      if (complete && delivered > 0 && error.retryable) return;
      const unbilled = delivered === 0 && isUnbilled(error);
      const left = error.retryable && tries < (unbilled ? MAX_TRIES : MAX_BILLED_TRIES);
      const { kind, phase, status } = error;
      log.warn({ kind, phase, status, tries, delivered, again: left }, 'synthesis failed');
      if (!left) throw error;
      const pauseMs = Math.max((PAUSES_MS[tries - 1] ?? 0) * Math.random(), error.retryAfterMs ?? 0);
      failingSince ??= performance.now();
      if (performance.now() - failingSince + pauseMs > TRY_FOR_MS) throw error;
      await sleep(pauseMs, undefined, { signal });
      onRepeat?.();
    }
  }
}
