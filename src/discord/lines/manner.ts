import { createHash } from 'node:crypto';
import type { GuildSettings } from '../../settings/guild.ts';
import type { PersonSettings } from '../../settings/person.ts';
import type { Manner } from '../../speech/line.ts';

// Decides in which voice, and how fast, loud and lively, somebody's words are said, by what the person, the guild and
// the operator have chosen. Who comes before whom is settled here; `line-maker.ts` gathers the settings.

/** What the operator of the bot configured for all guilds. */
export interface ProcessManner {
  readonly voice: string | undefined;
  readonly latency: Manner['latency'];
}

/** Everything on which it depends in which voice, and how, somebody's words are said. */
export interface MannerQuestion {
  readonly userId: string;
  /** Whether it is a bot or a webhook, which can choose no voice for itself and gets no newcomer's voice. */
  readonly byBot: boolean;
  /** The id of the voice that was asked for together with these words. */
  readonly given: string | undefined;
  /** What the person chose for themselves in this guild. */
  readonly person: PersonSettings | undefined;
  /** The settings that hold in the channel (see `settingsIn`). */
  readonly settings: GuildSettings;
  /** The voice that is set for this channel alone; null when there is none. */
  readonly channelVoice: string | null;
  /** The language of the words, as a code of ISO 639 (`ja`), for which the guild may have a voice. */
  readonly language: string;
  /** The voice that is set for the whole guild; null when there is none. */
  readonly guildVoice: string | null;
  /** What the guild's people chose, by user id. Listeners cannot tell two people apart who chose the same voice. */
  readonly people: ReadonlyMap<string, PersonSettings>;
  readonly process: ProcessManner;
  /** Whether this person may use a voice; they may not use one that was made from another person's recording. */
  readonly mayUse?: (voice: string) => boolean;
  /** The person's recording, which is used in place of their own voice while Fish Audio is still making that voice. */
  readonly reference?: Manner['reference'];
}

/**
 * Chooses one of the guild's newcomer voices. The same person always gets the same one while the list stays the same.
 */
function newcomerVoice(userId: string, voices: readonly string[]): string | undefined {
  const number = createHash('sha256').update(userId).digest().readUInt32BE();
  return voices[number % voices.length];
}

const within = (value: number, [low, high]: readonly [number, number]) =>
  Math.min(Math.max(value, low), high);

/**
 * Decides the voice of one line, and its speed, volume and the rest.
 *
 * The voice is the first of these that is set and that they may use: the one asked for with the words, the one that
 * the person chose in this guild, the one set for this bot or webhook, the channel's, a newcomer's voice, the
 * guild's for the language of the words, the guild's for all else, the operator's, which everybody may use. A
 * newcomer's voice comes before the language's, because it tells people apart, and stays the same in each language.
 *
 * Speed, volume and temperature that a person chose are kept within the guild's bounds.
 *
 * `telling` is true when listeners can tell by the voice alone who speaks, because nobody else in the guild uses it.
 */
export function mannerOf(question: MannerQuestion): { manner: Manner; telling: boolean } {
  const { userId, byBot, given, person, settings, channelVoice, process } = question;
  const { language, mayUse = () => true, reference: recording } = question;
  const { bounds } = settings;
  const allowed = (voice: string | null | undefined) => (voice && mayUse(voice) ? voice : undefined);
  const own = allowed(person?.voice) ?? allowed(settings.botVoices[userId]);
  const channels = allowed(channelVoice);
  const languages = allowed(Object.hasOwn(settings.voices, language) ? settings.voices[language] : null);
  const guilds = allowed(question.guildVoice);
  const usual = channels ?? languages ?? guilds ?? process.voice;
  const newcomers = () =>
    byBot || channels ? undefined : newcomerVoice(userId, settings.newcomerVoices.filter(mayUse));
  const reference = given === undefined ? recording : undefined;
  const voice = allowed(given) ?? own ?? newcomers() ?? usual;
  const speed = person?.speed ?? null;
  const volume = person?.volume ?? null;
  const temperature = person?.temperature ?? null;
  return {
    manner: {
      voice,
      instead: voice === undefined ? [] : [usual, languages, guilds, process.voice, undefined],
      ...(reference && { reference }),
      speed: speed === null ? settings.speed : within(speed, bounds.speed),
      volume: volume === null ? settings.volume : within(volume, bounds.volume),
      latency: person?.latency ?? settings.latency ?? process.latency,
      temperature: temperature === null ? settings.temperature : within(temperature, bounds.temperature),
    },
    telling:
      reference !== undefined ||
      (given === undefined && own !== undefined && own !== usual && !isOfOthers(own, question)),
  };
}

/** Whether a voice is also that of somebody or something else in the guild, so that it does not tell who speaks. */
function isOfOthers(voice: string, { userId, people, settings }: MannerQuestion): boolean {
  for (const [id, person] of people) if (id !== userId && person.voice === voice) return true;
  return (
    Object.entries(settings.botVoices).some(([id, botVoice]) => id !== userId && botVoice === voice) ||
    settings.newcomerVoices.includes(voice) ||
    Object.values(settings.voices).includes(voice) ||
    settings.channels.some(channel => channel.voice === voice)
  );
}
