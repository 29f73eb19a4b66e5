import { type GuildSettings, guildSettings } from '../../settings/guild.ts';
import { LANGUAGES } from '../../text/language.ts';
import { MAX_SELECTED } from './components.ts';
import { checkListed } from './listed-channel.ts';
import type { Page } from './pages.ts';

// Knows the slots of the settings, which are the places where a voice can stand: what a slot is called in the id of a
// button, which voice stands in it, and how it gets another one. `voice-picks.ts` lets people choose that voice.

/**
 * A place in the settings where a voice stands: the guild's voice, that of a channel, of a language, or of a bot or
 * webhook, or a further one for newcomers. `id` is the id of the channel or bot, or the code of the language.
 */
export interface VoiceSlot {
  readonly kind: 'server' | 'channel' | 'language' | 'newcomer' | 'bot';
  readonly id: string;
}

/** The names of the kinds in the ids of buttons, which are short since Discord allows only 100 characters. */
const NAMES = { server: 'server', channel: 'ch', language: 'lang', newcomer: 'new', bot: 'bot' } as const;

/** Returns a slot as it stands in the id of a button. `slotIn` reads it. */
export function slotName({ kind, id }: VoiceSlot): string {
  return id === '' ? NAMES[kind] : `${NAMES[kind]}.${id}`;
}

/**
 * Reads a slot from the id of a button; undefined when there is none such in these settings. Throws a UserError for the
 * slot of a channel that is not among those that are read any more.
 */
export function slotIn(name: string, settings: GuildSettings): VoiceSlot | undefined {
  const [short = '', id = ''] = name.split('.', 2);
  const kind = Object.keys(NAMES).find(
    (one): one is VoiceSlot['kind'] => NAMES[one as VoiceSlot['kind']] === short,
  );
  if (!kind) return undefined;
  if (kind === 'channel') checkListed(settings, id);
  if (kind === 'language' && !languagesOf(settings).includes(id)) return undefined;
  if (kind === 'bot' && !/^\d{15,20}$/.test(id)) return undefined;
  return { kind, id };
}

/**
 * Returns the codes of the languages for which a voice can be chosen: those that the bot speaks, and those set by a
 * file.
 */
export function languagesOf({ voices }: GuildSettings): readonly string[] {
  return [...new Set<string>([...LANGUAGES, ...Object.keys(voices)])].slice(0, MAX_SELECTED);
}

/** Returns the id of the voice that stands in a slot; null when there is none. */
export function voiceIn(settings: GuildSettings, { kind, id }: VoiceSlot): string | null {
  switch (kind) {
    case 'server':
      return settings.voice;
    case 'channel':
      return settings.channels.find(channel => channel.id === id)?.voice ?? null;
    case 'language':
      return settings.voices[id] ?? null;
    case 'bot':
      return settings.botVoices[id] ?? null;
    case 'newcomer':
      return null;
  }
}

/**
 * Returns the change of the settings that puts a voice into a slot, or takes it out (null). Returns undefined when
 * there is no room for one more. Throws a UserError when the channel of a slot is not among those that are read any
 * more.
 */
export function withVoice(
  settings: GuildSettings,
  { kind, id }: VoiceSlot,
  voice: string | null,
): Partial<GuildSettings> | undefined {
  const change = ((): Partial<GuildSettings> => {
    switch (kind) {
      case 'server':
        return { voice };
      case 'channel':
        checkListed(settings, id);
        return {
          channels: settings.channels.map(channel => {
            if (channel.id !== id) return channel;
            const { voice: _before, ...rest } = channel;
            return voice === null ? rest : { ...rest, voice };
          }),
        };
      case 'language': {
        const { [id]: _before, ...rest } = settings.voices;
        return { voices: voice === null ? rest : { ...rest, [id]: voice } };
      }
      case 'bot': {
        const { [id]: _before, ...rest } = settings.botVoices;
        return { botVoices: voice === null ? rest : { ...rest, [id]: voice } };
      }
      case 'newcomer': {
        const others = settings.newcomerVoices.filter(one => one !== voice);
        return { newcomerVoices: voice === null ? others : [...others, voice] };
      }
    }
  })();
  return guildSettings.partial().safeParse(change).success ? change : undefined;
}

/** Returns the page on which a slot is shown. */
export function pageOfSlot({ kind }: VoiceSlot): Page {
  return kind === 'bot' ? 'people' : 'voice';
}
