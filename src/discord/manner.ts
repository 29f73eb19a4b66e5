import { createHash } from 'node:crypto';
import type { PersonSettings, ServerSettings } from '../settings.ts';
import type { Manner } from '../speech/line.ts';

/** What the operator set for the whole process. */
export interface ProcessManner {
  readonly voice: string | undefined;
  readonly latency: Manner['latency'];
}

export interface MannerQuestion {
  readonly userId: string;
  /** A bot or a webhook: it has no choice of its own, and gets no newcomer's voice. */
  readonly byBot: boolean;
  /** The voice that the message itself asks for. */
  readonly given: string | undefined;
  readonly person: PersonSettings | undefined;
  /** Those that hold in the channel (see `settingsIn`). */
  readonly settings: ServerSettings;
  /** The voice that the channel has for itself. */
  readonly channelVoice: string | null;
  /** The server's people; a voice that two of them use tells nobody apart. */
  readonly people: ReadonlyMap<string, PersonSettings>;
  readonly process: ProcessManner;
}

/** Always the same voice for the same person, as long as the server's set is the same. */
function newcomerVoice(userId: string, voices: readonly string[]): string | undefined {
  const number = createHash('sha256').update(userId).digest().readUInt32BE();
  return voices[number % voices.length];
}

const within = (value: number, [low, high]: readonly [number, number]) =>
  Math.min(Math.max(value, low), high);

/**
 * How somebody is said. Voice, the first that applies: the message's own, the person's in this server, the one of
 * the bot or webhook, the channel's, a newcomer's, the server's, the process's. What a person chose is held within
 * the server's bounds. `telling`: the voice alone says who speaks, for it is one person's own.
 */
export function mannerOf(question: MannerQuestion): { manner: Manner; telling: boolean } {
  const { userId, byBot, given, person, settings, channelVoice, people, process } = question;
  const { bounds } = settings;
  const own = person?.voice ?? settings.botVoices[userId] ?? undefined;
  const usual = settings.voice ?? process.voice;
  const newcomer = byBot || channelVoice ? undefined : newcomerVoice(userId, settings.newcomerVoices);
  const mine = own ?? newcomer;
  const shared = [...people].some(([id, { voice }]) => id !== userId && voice === mine);
  const speed = person?.speed ?? null;
  const volume = person?.volume ?? null;
  const temperature = person?.temperature ?? null;
  return {
    manner: {
      voice: given ?? own ?? newcomer ?? usual,
      speed: speed === null ? settings.speed : within(speed, bounds.speed),
      volume: volume === null ? settings.volume : within(volume, bounds.volume),
      latency: person?.latency ?? settings.latency ?? process.latency,
      temperature: temperature === null ? settings.temperature : within(temperature, bounds.temperature),
    },
    telling: given === undefined && mine !== undefined && mine !== usual && !shared,
  };
}
