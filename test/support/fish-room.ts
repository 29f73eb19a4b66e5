import { pino } from 'pino';
import { createFish, type Fish, type FishOptions } from '../../src/fish/fish.ts';
import { type SpeakEvent, type SpokenSummary, speak, type Utterance } from '../../src/fish/speak.ts';
import { type FakeFish, startFish } from '../sandbox/fish/fish.ts';
import { until } from './until.ts';

/** The room `src/fish` under test, with a fake Fish Audio to talk to. */
export interface FishRoomTest extends AsyncDisposable {
  readonly server: FakeFish;
  readonly fish: Fish;
  /** All lines that were logged. */
  readonly log: string[];
  /** Has an utterance said and gathers what comes of it. It never rejects: what was thrown is in `error`. */
  say(utterance: Partial<Utterance>, signal?: AbortSignal): Promise<Said>;
}

/** What came of an utterance. */
interface Said {
  bytes: Buffer;
  events: SpeakEvent[];
  summary?: SpokenSummary;
  error?: unknown;
}

const TIMEOUT_MS = 60_000;
export const LINE = 'The quick brown fox jumps over the lazy dog.';

/** Starts a fake Fish Audio, which behaves as `behaviour` says, and connects `src/fish` to it. */
export async function fishRoom(
  behaviour: Parameters<typeof startFish>[0] = {},
  options: Partial<FishOptions> = {},
): Promise<FishRoomTest> {
  const server = await startFish(behaviour);
  const log: string[] = [];
  const fish = createFish({
    url: server.url,
    apiKey: server.apiKey,
    model: 's2.1-pro',
    concurrency: 5,
    log: pino({ level: 'trace' }, { write: line => void log.push(line) }),
    ...options,
  });
  return {
    server,
    fish,
    log,
    async say(utterance, signal = AbortSignal.timeout(TIMEOUT_MS)) {
      const events: SpeakEvent[] = [];
      const speech = speak(
        fish,
        { lane: 'a guild', text: LINE, ...utterance },
        { signal, onEvent: event => events.push(event) },
      );
      const chunks: Uint8Array[] = [];
      try {
        for (;;) {
          const step = await speech.next();
          if (step.done) return { bytes: Buffer.concat(chunks), events, summary: step.value };
          chunks.push(step.value);
        }
      } catch (error) {
        return { bytes: Buffer.concat(chunks), events, error };
      }
    },
    async [Symbol.asyncDispose]() {
      await fish[Symbol.asyncDispose]();
      // The fake may notice a little later that a socket was given up while it was being opened.
      await until('no socket is open', () => server.openSockets === 0);
      await server[Symbol.asyncDispose]();
    },
  };
}
