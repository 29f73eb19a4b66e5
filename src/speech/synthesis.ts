import { setTimeout as sleep } from 'node:timers/promises';
import { LongSilence } from '../audio/long-silence.ts';
import { opusPackets } from '../audio/opus/packets.ts';
import { Slices } from '../audio/slices.ts';
import { FishError } from '../fish/errors.ts';
import type { Fish } from '../fish/fish.ts';
import { type SpeakEvent, speak, type Utterance } from '../fish/speak.ts';
import type { Logger } from '../log.ts';
import { Allowance } from './allowance.ts';
import { type Delivery, Renditions } from './renditions.ts';
import { Stretches } from './stretches.ts';
import type { Tap } from './tap.ts';

/** Tries in all once Fish has begun to speak: each is billed. Until it has, the room of Fish tries for itself. */
const MAX_TRIES = 2;
/** The pause before the second try is random, up to this. */
const PAUSE_MS = 100;
/** So much silence that is left out does not count as sound of the words; more is silence without end: a minute. */
const MOST_LEFT_OUT_PACKETS = 3_000;

export interface SynthesisOptions {
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** UTF-8 bytes that are sent to Fish Audio, in every try; negative where some turned out not to have been. */
  readonly onText?: (bytes: number) => void;
  /** Called when all of it is to be sent once more; what it throws ends the synthesis. */
  readonly onRepeat?: () => void;
  /** Without it, all that was delivered counts as heard. */
  readonly delivery?: Delivery;
  /** Asked before a second try, which is billed like the first: whether it makes sense after this error. */
  readonly mayRepeat?: (error: FishError) => boolean;
  /** Nothing is sent while it is shut; without it, nobody need hear it now. */
  readonly tap?: Tap;
}

/**
 * The Opus packets of one utterance, each 20 ms, from Fish Audio as they come. Words that are being written are said in
 * as many sessions as it takes, since none is kept open while the tap is shut (see `Stretches`). Throws the last
 * FishError, the signal's reason, or what `onRepeat` throws.
 */
export async function* synthesise(
  fish: Fish,
  utterance: Utterance,
  options: SynthesisOptions,
): AsyncGenerator<Uint8Array> {
  const stretches = new Stretches(utterance.text, options.tap);
  let before = 0;
  do {
    const renditions = new Renditions(options.delivery && deliveryAfter(before, options.delivery));
    const { whole } = yield* stretch(fish, utterance, { ...options, stretches, renditions });
    if (!whole) return;
    before += renditions.count;
  } while (stretches.advance());
}

/** What became of the packets behind the first `before`. */
function deliveryAfter(before: number, delivery: Delivery): Delivery {
  return {
    get played() {
      return Math.max(0, delivery.played - before);
    },
    keep: packets => delivery.keep(before + packets),
  };
}

interface StretchOptions extends SynthesisOptions {
  readonly stretches: Stretches;
  readonly renditions: Renditions;
}

/** Why a try ended that had not sent anything yet when the tap was shut; it is made anew, and was none. */
const HELD = new Error('nobody would hear it');

/**
 * The packets of one stretch. A failed try is repeated where its error may be. Fish says no text twice in the same way,
 * so the two renditions are joined in a pause: what is in hand is kept up to one, and the second rendition is entered at
 * the same place of the text. No word is lost, and at most the one that broke off is heard twice. `whole`: it was not
 * cut off as sound without end.
 */
async function* stretch(
  fish: Fish,
  utterance: Utterance,
  { stretches, renditions, tap, signal, log, onText, onRepeat, mayRepeat = () => true }: StretchOptions,
): AsyncGenerator<Uint8Array, { whole: boolean }> {
  for (let tries = 1; ; tries += 1) {
    let complete = false;
    let begun = false;
    let received = 0;
    let sent = 0;
    const held = new AbortController();
    const hold = () => {
      if (sent === 0 && tap && !tap.open) held.abort(HELD);
    };
    await tap?.opened(signal);
    using _ = tap?.onShut(hold);
    try {
      const onEvent = (event: SpeakEvent) => {
        if (event.type === 'text') {
          sent += event.bytes;
          onText?.(event.bytes);
          hold(); // it was taken back: what had been sent came to nothing, and is to be sent once more
        }
        if (event.type === 'begun') begun = true;
      };
      const allowance = new Allowance(utterance.request?.prosody?.speed ?? 1);
      const words = allowance.reading(stretches.read());
      const life = AbortSignal.any([signal, held.signal]);
      const ogg = speak(fish, { ...utterance, text: words }, { signal: life, onEvent, fresh: tries > 1 });
      const packets = opusPackets(ogg, {
        onEnd: info => {
          complete = info.complete;
          const { badCrc, resyncs, dropped } = info.counts;
          if (badCrc + resyncs + dropped > 0) log.warn({ badCrc, resyncs, dropped }, 'damaged audio');
        },
      });
      const slices = new Slices(signal);
      const silence = new LongSilence();
      for await (const packet of packets) {
        received += 1;
        if (renditions.searching) await slices.rest();
        for (const kept of silence.take(packet)) yield* renditions.take(kept);
        const spoken = received - Math.min(silence.leftOut, MOST_LEFT_OUT_PACKETS);
        if (spoken < allowance.packets) continue;
        log.warn({ packets: received, tries }, 'sound without end was cut off');
        yield* renditions.finish();
        await renditions.cutShort(signal);
        return { whole: false };
      }
      if (received === 0)
        throw new FishError('no-audio', 'Fish Audio finished without audio', { retryable: true });
      for (const kept of silence.end()) yield* renditions.take(kept);
      yield* renditions.finish();
      return { whole: true };
    } catch (error) {
      if (signal.aborted) throw error;
      if (error === HELD) {
        tries -= 1;
        continue;
      }
      if (!(error instanceof FishError)) throw error;
      if (sent === 0 && stretches.isEmpty) return { whole: true };
      // The stream said that it was whole: only the word that it is finished was lost.
      if (complete && received > 0 && error.retryable) {
        yield* renditions.finish();
        return { whole: true };
      }
      const again = error.retryable && begun && tries < MAX_TRIES && mayRepeat(error);
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
