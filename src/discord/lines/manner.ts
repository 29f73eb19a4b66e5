import { createHash } from 'node:crypto';
import type { PersonSettings, GuildSettings } from '../../settings.ts';
import type { Manner } from '../../speech/line.ts';

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
  readonly settings: GuildSettings;
  /** The voice that the channel has for itself, and the server's. */
  readonly channelVoice: string | null;
  readonly serverVoice: string | null;
  /** The server's people; a voice that two of them use tells nobody apart. */
  readonly people: ReadonlyMap<string, PersonSettings>;
  readonly process: ProcessManner;
  /** Whether they may be said in this voice: it may be another person's own. */
  readonly mayUse?: (voice: string) => boolean;
  /** The recording that stands for their own voice as long as that is being made. */
  readonly reference?: Manner['reference'];
}

/** Always the same voice for the same person, as long as the server's set is the same. */
function newcomerVoice(userId: string, voices: readonly string[]): string | undefined {
  const number = createHash('sha256').update(userId).digest().readUInt32BE();
  return voices[number % voices.length];
}

const within = (value: number, [low, high]: readonly [number, number]) =>
  Math.min(Math.max(value, low), high);

/**
 * How somebody is said. Voice, the first that applies and that they may use: the message's own, the person's in this
 * server, the one of the bot or webhook, the channel's, a newcomer's, the server's, the process's. What a person chose
 * is held within the server's bounds. `telling`: the voice alone says who speaks, for it is one person's own.
 */
export function mannerOf(question: MannerQuestion): { manner: Manner; telling: boolean } {
  const { userId, byBot, given, person, settings, channelVoice, serverVoice, people, process } = question;
  const { mayUse = () => true, reference: recording } = question;
  const { bounds } = settings;
  const allowed = (voice: string | null | undefined) => (voice && mayUse(voice) ? voice : undefined);
  const own = allowed(person?.voice) ?? allowed(settings.botVoices[userId]);
  const usual = allowed(settings.voice) ?? process.voice;
  const newcomer =
    byBot || channelVoice ? undefined : newcomerVoice(userId, settings.newcomerVoices.filter(mayUse));
  const isOthers = (voice: string) =>
    [...people].some(([id, person]) => id !== userId && person.voice === voice) ||
    Object.entries(settings.botVoices).some(([id, botVoice]) => id !== userId && botVoice === voice) ||
    settings.newcomerVoices.includes(voice) ||
    settings.channels.some(channel => channel.voice === voice);
  const reference = given === undefined ? recording : undefined;
  const voice = allowed(given) ?? own ?? newcomer ?? usual;
  const speed = person?.speed ?? null;
  const volume = person?.volume ?? null;
  const temperature = person?.temperature ?? null;
  return {
    manner: {
      voice,
      instead: voice === undefined ? [] : [usual, allowed(serverVoice), process.voice, undefined],
      ...(reference && { reference }),
      speed: speed === null ? settings.speed : within(speed, bounds.speed),
      volume: volume === null ? settings.volume : within(volume, bounds.volume),
      latency: person?.latency ?? settings.latency ?? process.latency,
      temperature: temperature === null ? settings.temperature : within(temperature, bounds.temperature),
    },
    telling:
      reference !== undefined ||
      (given === undefined && own !== undefined && own !== usual && !isOthers(own)),
  };
}
