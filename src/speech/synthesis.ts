import { setTimeout as sleep } from 'node:timers/promises';
import { opusPackets } from '../audio/opus-packets.ts';
import { Broken, Entrance } from '../audio/seam.ts';
import { Slices } from '../audio/slices.ts';
import { FishError } from '../fish/errors.ts';
import type { Fish } from '../fish/fish.ts';
import { type SpeakEvent, speak, type Utterance } from '../fish/speak.ts';
import type { Logger } from '../log.ts';

/** Tries in all once Fish has begun to speak: each is billed. Until it has, the room of Fish tries for itself. */
const MAX_TRIES = 2;
/** The pause before the second try is random, up to this. */
const PAUSE_MS = 100;

/**
 * Sound that goes on for longer than this is no speech of the words, and is cut off: so many seconds for any text, and so
 * many more for each byte of it. People take about 0.07 s for a byte of English, and up to 0.6 s for a digit.
 */
const RUNAWAY_SECONDS = { always: 8, perByte: 0.5 };
const PACKETS_PER_SECOND = 50;

/** What became of the packets that were delivered. */
interface Delivery {
  /** So many of them were heard. */
  readonly played: number;
  /** Forgets those after the first `packets`, which are no fewer than were heard. */
  keep(packets: number): void;
}

export interface SynthesisOptions {
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** UTF-8 bytes that are sent to Fish Audio, in every try; negative where some turned out not to have been. */
  readonly onText?: (bytes: number) => void;
  /** Called before all of it is sent once more; what it throws ends the synthesis. */
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
  const delivered: Uint8Array[] = [];
  let entrance: Entrance | null = null;
  for (let tries = 1; ; tries += 1) {
    let complete = false;
    let begun = false;
    let bytes = 0;
    let received = 0;
    try {
      const onEvent = (event: SpeakEvent) => {
        if (event.type === 'text') {
          bytes += event.bytes;
          onText?.(event.bytes);
        }
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
      for await (const packet of entered(packets, entrance)) {
        received += 1;
        if (delivered.length > mostPackets(utterance, bytes)) {
          log.warn({ bytes, packets: delivered.length }, 'sound without end for few words, cut off');
          return;
        }
        delivered.push(packet);
        yield packet;
      }
      if (received === 0 && delivered.length === 0)
        throw new FishError('no-audio', 'Fish Audio finished without audio', { retryable: true });
      return;
    } catch (error) {
      if (signal.aborted || !(error instanceof FishError)) throw error;
      // The stream said that it was whole: only the word that it is finished was lost.
      if (complete && received > 0 && error.retryable) return;
      const again = error.retryable && begun && tries < maxTries;
      const { kind, phase, status, code, traceId } = error;
      log.warn(
        { kind, phase, status, code, traceId, tries, delivered: delivered.length, again },
        'synthesis failed',
      );
      if (!again) throw error;
      entrance = await leave(delivered, delivery, signal);
      await sleep(Math.max(PAUSE_MS * Math.random(), error.retryAfterMs ?? 0), undefined, { signal });
      onRepeat?.();
    }
  }
}

/** Leaves a rendition that broke off, and returns the way into the next one; null where nothing was delivered. */
async function leave(
  delivered: Uint8Array[],
  delivery: Delivery | undefined,
  signal: AbortSignal,
): Promise<Entrance | null> {
  if (delivered.length === 0) return null;
  const broken = await Broken.of(delivered.slice(), new Slices(signal));
  // From here to `keep` nothing is awaited: meanwhile the player would have gone on.
  const leaving = broken.leave(delivery ? delivery.played : delivered.length);
  delivered.length = leaving.heard;
  delivery?.keep(leaving.heard);
  return new Entrance(broken, leaving);
}

/** A rendition from the place on where it is entered. */
async function* entered(
  packets: AsyncIterable<Uint8Array>,
  entrance: Entrance | null,
): AsyncGenerator<Uint8Array> {
  let searching = entrance;
  const held: Uint8Array[] = [];
  for await (const packet of packets) {
    if (!searching) {
      yield packet;
      continue;
    }
    held.push(packet);
    const place = searching.push(packet);
    if (place === null) continue;
    searching = null;
    yield* held.slice(place);
  }
  if (searching) yield* held.slice(searching.end());
}

/** The most packets that speech of a text of so many bytes may have, at its speed. */
function mostPackets({ request }: Utterance, bytes: number): number {
  const speed = Math.min(1, request?.prosody?.speed ?? 1);
  const seconds = (RUNAWAY_SECONDS.always + RUNAWAY_SECONDS.perByte * Math.max(0, bytes)) / speed;
  return seconds * PACKETS_PER_SECOND;
}
