import type { Attempt } from './circuit.ts';
import { FishError } from './errors.ts';
import type { Fish } from './fish.ts';
import { CHUNK_LENGTH } from './one-stream.ts';
import { FLUSH, isVisible, type Piece, readPieces, type Words } from './pieces.ts';
import { type FishModel, type TtsRequest, validateRequest } from './protocol.ts';
import { FishSession } from './session.ts';
import { type Tell, teller } from './timeline.ts';

// Has Fish Audio say one utterance, and yields the audio: the way into `src/fish` for all that speaks. What we ask of
// Fish in each request, such as the bitrate, is set here; `session.ts` runs the session.

export { FLUSH } from './pieces.ts';
export type { SpeakEvent } from './timeline.ts';

/** A line on its way through Fish. */
export interface Utterance {
  /** The id of the guild: the sessions that Fish allows are shared fairly between lanes. */
  lane: string;
  text: Words;
  /** Voice, latency, prosody, format (opus if absent) and the rest of what can be asked of Fish. */
  request?: Partial<TtsRequest>;
}

export interface SpeakOptions {
  /** Ends the utterance at any point: it no longer waits for a slot, or its socket is closed. */
  signal: AbortSignal;
  /**
   * Is given the audio as it arrives, before it is yielded, and returns how many milliseconds of sound are whole by it.
   * Fish is late while no sound comes, whatever bytes do. If it is absent, all bytes count as sound.
   */
  hear?: (audio: Uint8Array) => number;
  /** Called with each point of the utterance's timeline when it happens. */
  onEvent?: Tell;
  /** The utterance may only use a socket that has never carried a session. */
  fresh?: boolean;
  /** Asks Fish to tell about its work; what it tells is in the timeline as `log`. */
  debug?: boolean;
}

/** The figures of an utterance that was spoken to its end. */
export interface SpokenSummary {
  /** How many UTF-8 bytes of text were sent to Fish, which is what Fish bills. */
  bytes: number;
  audioBytes: number;
  /** Milliseconds from `start` to the first sound. */
  firstAudioMs: number;
  /** Milliseconds from `start` until the caller had taken the last bytes. */
  totalMs: number;
  /** Whether the socket was open before it was needed. */
  reused: boolean;
}

/** The bitrate for which libopus chooses about 60 kbit/s. With a fixed one Fish's audio is four times as large. */
const OPUS_AUTO = -1000;

/**
 * Has Fish say an utterance. It yields the audio as Fish sends it, in Ogg Opus or the format that was asked for, and
 * returns a summary. It begins when the first bytes are pulled. What Fish sends is read at once, so that a slot is held
 * only while Fish generates; when the consumer is about half a minute behind, Fish has to wait.
 *
 * @throws FishError; the signal's reason; or what the caller's own iterable throws
 */
export async function* speak(
  fish: Fish,
  utterance: Utterance,
  options: SpeakOptions,
): AsyncGenerator<Uint8Array, SpokenSummary, undefined> {
  const { room } = fish;
  const life = new AbortController();
  const reading = new AbortController();
  const words = readPieces(utterance.text, reading.signal);
  const tell = teller(options.onEvent, room.log);
  let attempt: Attempt | undefined;
  try {
    const request = requestFor(utterance, room.model);
    follow(room.signal, life);
    follow(options.signal, life);
    follow(life.signal, reading);
    const opening = await untilVisible(words);
    attempt = await room.circuit.enter(utterance.text, life.signal);
    const slot = await room.slots.acquire(utterance.lane, life.signal);
    tell({ type: 'slot', at: performance.now() });
    const session = new FishSession({
      room,
      lane: utterance.lane,
      slot,
      attempt,
      request,
      debug: options.debug ?? false,
      fresh: options.fresh ?? false,
      hear: options.hear ?? (() => Number.POSITIVE_INFINITY),
      signal: life.signal,
      reading,
      tell,
    });
    void session.run(chain(opening, words));
    for (let bytes = await session.audio.shift(); bytes; bytes = await session.audio.shift()) yield bytes;
    const { script, audioBytes, firstAudioMs, startedAt, reused } = session;
    return { bytes: script.bytes, audioBytes, firstAudioMs, totalMs: performance.now() - startedAt, reused };
  } finally {
    life.abort(new DOMException('nobody listens any more', 'AbortError'));
    attempt?.abandoned();
    void words.return();
  }
}

/**
 * Aborts `inner` when `outer` is aborted. The listener is removed when `inner` is aborted otherwise, so that listeners
 * do not pile up.
 */
function follow(outer: AbortSignal, inner: AbortController): void {
  outer.throwIfAborted();
  outer.addEventListener('abort', () => inner.abort(outer.reason), { signal: inner.signal });
}

function requestFor({ request = {} }: Utterance, model: FishModel): Partial<TtsRequest> {
  const { format = 'opus' } = request;
  const bitrate = format === 'opus' ? { opusBitrate: OPUS_AUTO } : {};
  const full = { ...bitrate, chunkLength: CHUNK_LENGTH, ...request, format };
  validateRequest(full, model);
  if (full.text !== undefined && full.text !== '') {
    throw new FishError('request', 'what is to be said belongs in the text of the utterance');
  }
  return full;
}

/**
 * Reads words until there is something to say, so that no slot is held before that: a language model may need time, or
 * have no answer. Returns what was read.
 */
async function untilVisible(words: AsyncIterator<Piece>): Promise<Piece[]> {
  const opening: Piece[] = [];
  for (;;) {
    const { done, value } = await words.next();
    if (done) throw new FishError('request', 'there is nothing to say in this text');
    if (value === FLUSH) continue;
    opening.push(value);
    if (isVisible(value)) return opening;
  }
}

async function* chain(opening: Iterable<Piece>, rest: AsyncIterable<Piece>): AsyncGenerator<Piece> {
  yield* opening;
  yield* rest;
}
