import { setTimeout as sleep } from 'node:timers/promises';
import { LongSilence } from '../audio/long-silence.ts';
import { OpusStream } from '../audio/opus/packets.ts';
import { Slices } from '../audio/slices.ts';
import { FishError, type FishErrorKind } from '../fish/errors.ts';
import type { Fish } from '../fish/fish.ts';
import { type SpeakEvent, type SpeakOptions, speak, type Utterance } from '../fish/speak.ts';
import type { Logger } from '../log.ts';
import { unlessAborted } from '../unless-aborted.ts';
import { Allowance } from './allowance.ts';
import { type Playback, Renditions } from './renditions.ts';
import { Stretches } from './stretches.ts';
import type { Tap } from './tap.ts';

// Has Fish Audio say an utterance, once more where it broke off, and joins both tries so that no word is lost. How
// often a text is sent, and when sound is cut off, is decided here; `renditions.ts` finds where to join.

/**
 * How often a text is sent at most where Fish has begun the session, because each time is billed. Sessions that do
 * not begin are sent again by `src/fish` itself.
 */
const MAX_TRIES = 2;
/** The longest pause before the second try, in milliseconds; its length is random. */
const PAUSE_MS = 100;
const PACKET_MS = 20;
/** Silence that is left out does not count as sound of the words, up to this many packets (a minute). */
const MOST_LEFT_OUT_PACKETS = 3_000;
/** Failures in which Fish does not say itself that it gave the text up, so that it may have said all of it. */
const LINE_BROKE: ReadonlySet<FishErrorKind> = new Set(['closed', 'network', 'timeout', 'protocol']);

export interface SynthesisOptions {
  readonly signal: AbortSignal;
  readonly log: Logger;
  /**
   * Called with how many UTF-8 bytes are sent to Fish, in each try. A negative number takes back what did not
   * arrive.
   */
  readonly onText?: (bytes: number) => void;
  /** Called with each point of the timeline of each session with Fish Audio. */
  readonly onEvent?: (event: SpeakEvent) => void;
  /** Called at the end if all of it was said in one try, whole and undamaged. */
  readonly onClean?: () => void;
  /** Called before the text is sent once more; if it throws, the synthesis ends. */
  readonly onRepeat?: () => Promise<void> | undefined;
  /** How many packets were heard. If this is absent, all packets that were yielded count as heard. */
  readonly playback?: Playback;
  /** Is asked before a second try, which is billed like the first, whether it makes sense after this error. */
  readonly mayRepeat?: (error: FishError) => boolean;
  /** Nothing is sent while it is shut. If it is absent, as for a file, words are always sent. */
  readonly tap?: Tap;
}

/**
 * Has Fish Audio say an utterance, and yields the Opus packets of 20 ms as they come. Words that are still being
 * written may be said in several sessions, because no session stays open while the tap is shut (see `Stretches`).
 * Throws the last FishError, the signal's reason, or what `onRepeat` throws.
 */
export async function* synthesise(
  fish: Fish,
  utterance: Utterance,
  options: SynthesisOptions,
): AsyncGenerator<Uint8Array> {
  const stretches = new Stretches(utterance.text, options.tap);
  let isClean = true;
  let before = 0;
  do {
    const renditions = new Renditions(options.playback && playbackAfter(before, options.playback));
    const end = yield* stretch(fish, utterance, { ...options, stretches, renditions });
    if (end === 'cut-off') return;
    isClean &&= end === 'clean';
    before += renditions.count;
  } while (stretches.advance());
  if (isClean) options.onClean?.();
}

/** The playback of what comes after the first `before` packets. */
function playbackAfter(before: number, playback: Playback): Playback {
  return {
    get played() {
      return Math.max(0, playback.played - before);
    },
    keep: packets => playback.keep(before + packets),
  };
}

interface StretchOptions extends SynthesisOptions {
  readonly stretches: Stretches;
  readonly renditions: Renditions;
}

/**
 * How a stretch ended:
 *
 * - `clean`: one try said all of it, without damage, and nothing was left out
 * - `whole`: all of it was said, but in two tries, with damage, or with a silence left out
 * - `cut-off`: its sound had no end, and was cut off
 */
type StretchEnd = 'clean' | 'whole' | 'cut-off';

/** What is known of one try to have a stretch said. */
interface Try {
  /** Which try it is, from 1. */
  readonly number: number;
  /** How much sound its words may have. */
  readonly allowance: Allowance;
  /** Whether the sound came to its end, and in how many Ogg streams it came. */
  complete: boolean;
  streams: number;
  /** Whether some of the sound was damaged or missing. */
  damaged: boolean;
  /** Whether Fish Audio has begun the session. */
  begun: boolean;
  /** How many UTF-8 bytes were sent, without those that were taken back. */
  sent: number;
  /** How many packets count as sound of the words. */
  spoken: number;
}

/** Ends a try that had not sent anything when the tap was shut. Such a try does not count, and is made again. */
const HELD = new Error('nobody would hear it');

/**
 * Yields the packets of one stretch. A try that failed is repeated if its error allows that. Fish never says a text
 * twice in the same way, so the two renditions are joined in a pause: the first one is kept up to a pause, and the
 * second one is entered at the same place of the text. No word is lost, and at most the word that broke off is heard
 * twice.
 */
async function* stretch(
  fish: Fish,
  utterance: Utterance,
  options: StretchOptions,
): AsyncGenerator<Uint8Array, StretchEnd> {
  const { stretches, renditions, signal, log, onRepeat, mayRepeat = () => true } = options;
  let number = 1;
  for (;;) {
    const allowance = new Allowance(utterance.request?.prosody?.speed ?? 1);
    const tried: Try = {
      number,
      allowance,
      complete: false,
      streams: 0,
      damaged: false,
      begun: false,
      sent: 0,
      spoken: 0,
    };
    try {
      return yield* sayOnce(fish, utterance, tried, options);
    } catch (error) {
      if (signal.aborted) throw error;
      if (error === HELD) continue;
      if (!(error instanceof FishError)) throw error;
      if (tried.sent === 0 && stretches.isEmpty) return 'whole';
      fish.oneStream.seen(allowance.asked, { streams: tried.streams, whole: false });
      if (lacksOnlyFinish(fish, tried, error)) {
        yield* renditions.finish();
        return 'whole';
      }
      const again = error.retryable && tried.begun && number < MAX_TRIES && mayRepeat(error);
      const { kind, phase, status, code, traceId } = error;
      const delivered = renditions.count;
      log.warn({ kind, phase, status, code, traceId, tries: number, delivered, again }, 'synthesis failed');
      if (!again) {
        yield* renditions.giveUp();
        throw error;
      }
      await onRepeat?.();
      await renditions.breakOff(signal);
      await unlessAborted(sleep(PAUSE_MS * Math.random()), signal);
      number += 1;
    }
  }
}

/** Makes one try, of which `tried` notes what becomes known. Throws HELD, a FishError or the signal's reason. */
async function* sayOnce(
  fish: Fish,
  utterance: Utterance,
  tried: Try,
  { stretches, renditions, tap, signal, log, onText, onEvent }: StretchOptions,
): AsyncGenerator<Uint8Array, StretchEnd> {
  const { number, allowance } = tried;
  const held = new AbortController();
  const hold = () => {
    if (tried.sent === 0 && tap && !tap.open) held.abort(HELD);
  };
  await tap?.opened(signal);
  using _ = tap?.onShut(hold);
  const noted = (event: SpeakEvent) => {
    onEvent?.(event);
    if (event.type === 'text') {
      tried.sent += event.bytes;
      onText?.(event.bytes);
      hold(); // the bytes may have been taken back, so that nothing has been sent any more
    }
    if (event.type === 'begun') tried.begun = true;
  };
  const words = allowance.reading(stretches.read());
  const life = AbortSignal.any([signal, held.signal]);
  const how = { signal: life, onEvent: noted, fresh: number > 1 };
  const packets = packetsOf(fish, { ...utterance, text: words }, how, tried, log);
  const slices = new Slices(signal);
  const silence = new LongSilence();
  let received = 0;
  for await (const packet of packets) {
    received += 1;
    if (renditions.searching) await slices.rest();
    for (const kept of silence.take(packet)) yield* renditions.take(kept);
    tried.spoken = received - Math.min(silence.leftOut, MOST_LEFT_OUT_PACKETS);
    if (tried.spoken < allowance.packets) continue;
    log.warn({ packets: received, tries: number }, 'sound without end was cut off');
    yield* renditions.finish();
    await renditions.cutShort(signal);
    return 'cut-off';
  }
  if (received === 0)
    throw new FishError('no-audio', 'Fish Audio finished without audio', { retryable: true });
  for (const kept of silence.end()) yield* renditions.take(kept);
  yield* renditions.finish();
  const isWhole = tried.complete && !tried.damaged;
  fish.oneStream.seen(allowance.asked, { streams: tried.streams, whole: isWhole });
  return number === 1 && isWhole && silence.leftOut === 0 ? 'clean' : 'whole';
}

/** The packets that Fish Audio makes of an utterance; when they end, `tried` has what is known of their stream. */
function packetsOf(
  fish: Fish,
  utterance: Utterance,
  how: Omit<SpeakOptions, 'hear'>,
  tried: Try,
  log: Logger,
): AsyncIterable<Uint8Array> {
  const stream = new OpusStream();
  const hear = (ogg: Uint8Array) => stream.push(ogg) * PACKET_MS;
  return stream.packets(speak(fish, utterance, { ...how, hear }), {
    onEnd: ({ complete, counts }) => {
      const { badCrc, resyncs, dropped, streams } = counts;
      const damaged = badCrc + resyncs + dropped > 0;
      Object.assign(tried, { complete, streams, damaged });
      if (damaged) log.warn({ badCrc, resyncs, dropped }, 'damaged audio');
    },
  });
}

/** Whether all of it was said although the try failed: only Fish's `finish` was lost, so there is nothing to repeat. */
function lacksOnlyFinish(fish: Fish, tried: Try, error: FishError): boolean {
  const { allowance } = tried;
  const ended = tried.complete && tried.streams === 1 && fish.oneStream.expectedFor(allowance.asked);
  const isWhole = ended && allowance.isRead && tried.spoken >= allowance.leastPackets;
  return isWhole && error.retryable && LINE_BROKE.has(error.kind);
}
