import type { Attempt } from './circuit.ts';
import { FishError } from './errors.ts';
import type { Fish } from './fish.ts';
import { FLUSH, isVisible, type Piece, readPieces, type Words } from './pieces.ts';
import { type FishModel, type TtsRequest, validateRequest } from './protocol.ts';
import { Session } from './session.ts';
import { type Tell, teller } from './timeline.ts';

export { FLUSH } from './pieces.ts';
export type { SpeakEvent } from './timeline.ts';

export interface Utterance {
  /** Guild id: the limit of sessions in flight is shared fairly over lanes. */
  lane: string;
  text: Words;
  /** Format (opus, if none is given), voice, latency, prosody and the rest. */
  request?: Partial<TtsRequest>;
}

export interface SpeakOptions {
  /** Ends the utterance at any point: it leaves the queue, or its socket is closed. */
  signal: AbortSignal;
  /** The timeline, as it happens. */
  onEvent?: Tell;
  /** Only by a socket that has never carried a session. */
  fresh?: boolean;
  /** Asks for Fish's own words about its work, which stand in the timeline as `log`. */
  debug?: boolean;
}

export interface SpokenSummary {
  /** UTF-8 bytes of text sent to Fish, which is what it bills. */
  bytes: number;
  audioBytes: number;
  /** From `start` to the first bytes of audio. */
  firstAudioMs: number;
  /** From `start` to the last bytes taken. */
  totalMs: number;
  /** The socket was open before it was needed. */
  reused: boolean;
}

/** The only bitrate that behaves: libopus chooses, near 60 kbit/s. Fixed ones come out at four times that. */
const OPUS_AUTO = -1000;
/** Characters. Whole texts gain nothing from Fish's 300: the first sound comes later and in a larger burst. */
const CHUNK_LENGTH = 200;

/**
 * Says words: yields the bytes as Fish sends them, Ogg Opus or what was asked for, and returns what it took. Begins at
 * the first pull.
 * What Fish sends is read as it comes, so a slot is held only while Fish speaks; far ahead of the consumer Fish
 * has to wait.
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
    const session = new Session({
      room,
      lane: utterance.lane,
      slot,
      attempt,
      request,
      debug: options.debug ?? false,
      fresh: options.fresh ?? false,
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

/** Aborts `inner` when `outer` is; forgotten when `inner` is aborted by others, so that nothing piles up. */
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

/** Waits for something to say before a slot is taken: a language model may take its time, or have no answer. */
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
