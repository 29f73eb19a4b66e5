import type { MessageKey, Translate } from '../../locale/catalogue.ts';
import type { ChannelSettings } from '../../settings/channel.ts';
import type { GuildSettings } from '../../settings/guild.ts';
import type { PersonSettings } from '../../settings/person.ts';
import type { Manner } from '../../speech/line.ts';

// Tells callers how their words are said in a channel (voice, speed, volume and the rest), and who has set each of
// these, for `/voice show`. `own-voices.ts` gathers the facts.

/** What is told of how a person's words are said in a channel. */
export interface SheetFacts {
  readonly person: PersonSettings;
  readonly settings: GuildSettings;
  /** The settings of the channel; undefined if it has none of its own. */
  readonly channel: ChannelSettings | undefined;
  /** How the person's words are said there. */
  readonly manner: Pick<Manner, 'voice' | 'reference' | 'speed' | 'volume' | 'latency' | 'temperature'>;
  /** The voice of the manner as it is shown; undefined for Fish Audio's default voice. */
  readonly voiceName: string | undefined;
  readonly spokenName: string;
  /** The person's favourites as they are shown. */
  readonly favourites: readonly string[];
}

/**
 * Tells how a person's words are said: voice, speed, volume, liveliness, latency and name, one on a line, and where
 * each of them comes from.
 */
export function sheetOf(facts: SheetFacts, t: Translate): string {
  const { manner, voiceName, person, spokenName, favourites } = facts;
  const { speed, volume, temperature, latency } = manner;
  const lines = [
    t('voice.is', {
      voice: manner.reference ? t('voice.recording') : (voiceName ?? t('voice.fish-default')),
      from: [voiceFrom(facts)],
    }),
    t('voice.is-speed', { speed, from: [from(facts, 'speed')] }),
    t('voice.is-volume', { volume, from: [from(facts, 'volume')] }),
    temperature === null
      ? t('voice.is-temperature-standard')
      : t('voice.is-temperature', { temperature, from: [from(facts, 'temperature')] }),
    t('voice.is-latency', { latency: [`setting.latency.${latency}`], from: [from(facts, 'latency')] }),
    t('voice.is-name', {
      name: spokenName,
      from: [person.name === null ? 'voice.from-written' : 'voice.from-you'],
    }),
  ];
  if (favourites.length > 0) lines.push(t('voice.is-favourites', { voices: favourites.join(', ') }));
  return lines.join('\n');
}

/** Where the voice comes from: whoever has set the voice that is used. */
function voiceFrom({ person, settings, channel, manner }: SheetFacts): MessageKey {
  const { voice, reference } = manner;
  if (reference || (voice !== undefined && voice === person.voice)) return 'voice.from-you';
  if (voice === undefined) return 'voice.from-fish';
  if (voice === channel?.voice) return 'voice.from-channel';
  if (settings.newcomerVoices.includes(voice)) return 'voice.from-newcomers';
  if (Object.values(settings.voices).includes(voice)) return 'voice.from-language';
  return voice === settings.voice ? 'voice.from-server' : 'voice.from-operator';
}

/** Where another part of the manner comes from. */
function from(
  { person, settings, channel, manner }: SheetFacts,
  part: 'speed' | 'volume' | 'temperature' | 'latency',
): MessageKey {
  if (person[part] !== null) return person[part] === manner[part] ? 'voice.from-you' : 'voice.from-bounds';
  if (channel?.[part] !== undefined && channel[part] !== null) return 'voice.from-channel';
  return settings[part] === null ? 'voice.from-operator' : 'voice.from-server';
}
