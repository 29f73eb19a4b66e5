import type { OggShape } from './ogg-shape.ts';
import { plainOgg } from './ogg-shape.ts';
import type { Soundless } from './soundless.ts';

/**
 * What goes wrong in a session. `afterEvents` counts audio events: the fault strikes where event number
 * `afterEvents + 1` (or `finish`) would have been sent; a session with fewer events ends well. `afterPackets`
 * likewise, and a page ends there.
 */
export type FishFault =
  | { kind: 'stall'; afterEvents: number }
  | { kind: 'never-finish' }
  /** From then on audio events without end that have no sound, one each `everyMs`, and no `finish`. */
  | { kind: 'soundless'; how: Soundless; afterEvents: number; everyMs: number }
  | { kind: 'no-audio' }
  | { kind: 'finish-error'; afterEvents: number; message?: string }
  | { kind: 'error'; afterEvents: number; error?: string }
  | { kind: 'close'; code: CloseCode; afterEvents: number; reason?: string }
  | { kind: 'close'; code: CloseCode; afterPackets: number }
  /** An audio event of no bytes before each real one. */
  | { kind: 'empty-audio' }
  /** The bytes of `audio` as a MessagePack string (latin1) instead of bin. */
  | { kind: 'audio-as-str' }
  /** `log` and an event nobody knows before each audio event. */
  | { kind: 'unknown-events' }
  /** A JSON text frame before each audio event. */
  | { kind: 'text-frame' }
  /** Bytes that are no MessagePack before the first audio event; `times` frames, 1 by default. */
  | { kind: 'malformed'; times?: number }
  | { kind: 'array-frame' }
  | { kind: 'duplicate-finish' }
  | { kind: 'audio-after-finish' }
  /** Pings go unanswered; not bound to a session. */
  | { kind: 'no-pong' }
  /** Each text yields `factor` (10 by default) times its audio. */
  | { kind: 'runaway'; factor?: number }
  /** That much silence before the first word, in seconds. */
  | { kind: 'silence'; seconds: number }
  /** In-band error "Reference not found"; only for the voice named, if one is. */
  | { kind: 'unknown-voice'; voice?: string }
  /** `stop` without `flush` before it swallows the last sentence. */
  | { kind: 'withhold-last-sentence' };

/** 1005 is a close frame without a code, 1006 the end of the TCP connection without a close frame. */
export type CloseCode = 1000 | 1005 | 1006 | 1008 | 1011;

/** The server ends a socket this long after `finish`, whatever has begun on it meanwhile. */
interface Ending {
  readonly code: CloseCode;
  /** Milliseconds; drawn anew for each socket where there are two bounds. */
  readonly ms: number | readonly [least: number, most: number];
}

/**
 * What goes wrong with a call of the REST interface. A `body` that is not JSON goes out as plain text. `times` is how
 * many calls it hits; without it, each. `path` and `method` spare those that do not match.
 */
export type RestFault = { times?: number; path?: RegExp; method?: string } & (
  | { kind: 'hang' }
  /** The right answer, after `ms`. */
  | { kind: 'slow'; ms: number }
  | { kind: 'status'; status: number; body: string; headers?: Record<string, string> }
  /** The connection ends in the middle of the right answer. */
  | { kind: 'cut' }
);

interface UpgradeRefusal {
  status: number;
  body: string;
  headers?: Record<string, string>;
  /** How many upgrades are refused; without it, each. */
  times?: number;
}

/** Every field may be changed at any time and applies to what comes next. Times are milliseconds. */
export interface FishBehaviour {
  voice: 'espeak' | 'tones' | 'numbered';
  /** No two sessions say a text alike: how much longer or shorter each word and each pause may be; 0.2 is 20 %. */
  spread: number;
  /** Decides all that comes by chance: by how much they are, how late events come, and when sockets end. */
  seed: number;
  /** `espeak` only: its name of the language. */
  language?: string | undefined;
  /** `numbered` only: packets a session has, whatever its text (all of them for its first text). */
  packets?: number | undefined;
  connectMs: number;
  /** With latency `balanced`; `normal` takes 5/3 of it, `low` 2/3. */
  firstAudioMs: number;
  eventMs: number;
  packetsPerEvent: number;
  /** Instead of `eventMs`: audio arrives at this multiple of real time; 0.5 is half as fast as it plays. */
  realtimeFactor?: number | undefined;
  /** Each event comes up to this much late, at random. */
  jitterMs: number;
  maxConcurrency: number;
  upgrade?: UpgradeRefusal | undefined;
  /** What the account has at the start, US dollars. At 0 no socket opens for a model that costs something (402). */
  creditUsd: number;
  /** The `Date` header of REST answers is ahead of this machine's clock by so many milliseconds. */
  dateAheadMs?: number | undefined;
  /** New TCP connections are reset at once. */
  refuseTcp?: boolean | undefined;
  hangUpgrade?: boolean | undefined;
  rest?: RestFault | undefined;
  /** Only the voices of the library and those made by `POST /model` are known; else any id is, but one deleted. */
  strictVoices?: boolean | undefined;
  /**
   * What becomes of a socket after `finish`. Fish's protocol page says that it is closed; the page of its sister with
   * timestamps says that another `start` may follow, and some clients have seen that.
   */
  afterFinish: 'keep' | Ending;
  /** What another `start` on a socket meets. `ignore`: nothing that comes is read any more, and nothing is answered. */
  secondStart: 'accept' | 'close' | 'ignore';
  /** Every open socket counts against `maxConcurrency`, and not only those with a session. */
  idleCounts: boolean;
  /** A session too many is told in its socket, or a socket too many is refused with 429 before that. */
  refuseTooManyAt: 'start' | 'upgrade';
  /** The account's limit stands in the headers of every HTTP answer, the 101 too. */
  limitHeaders: boolean;
  fault?: FishFault | undefined;
  /** How many sessions the fault hits; without it, each. At 0 both fields are cleared. */
  faultTimes?: number | undefined;
  /**
   * Asked at each start, by the session's voice ('' for Fish's own), unless there is a `fault`: this session's fault.
   */
  faultOf?: ((voice: string) => FishFault | undefined) | undefined;
  ogg: OggShape;
}

/** As measured against the real service: what a newcomer's sandbox should feel like. */
export const realisticBehaviour: Readonly<FishBehaviour> = {
  voice: 'espeak',
  spread: 0.2,
  seed: 1,
  connectMs: 330,
  firstAudioMs: 300,
  eventMs: 60,
  packetsPerEvent: 23,
  jitterMs: 0,
  maxConcurrency: 5,
  afterFinish: { code: 1000, ms: [5, 200] },
  secondStart: 'accept',
  idleCounts: false,
  refuseTooManyAt: 'start',
  limitHeaders: true,
  creditUsd: 10,
  ogg: plainOgg,
};

/** The same without the waiting: packets that cost nothing to make and can be told apart. */
export const testBehaviour: Readonly<FishBehaviour> = {
  ...realisticBehaviour,
  voice: 'numbered',
  connectMs: 0,
  firstAudioMs: 5,
  eventMs: 2,
};
