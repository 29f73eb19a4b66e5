import type { Translate } from '../../locale/catalogue.ts';
import type { GuildSettings } from '../../settings/guild.ts';
import { languageName } from '../../voices/languages.ts';
import type { Voice, VoiceLibrary } from '../../voices/library.ts';
import { voiceName } from '../../voices/voice-name.ts';
import type { AnyInteraction } from '../interaction/interaction.ts';
import { plain } from '../interaction/texts.ts';
import { seesId } from '../seeing.ts';
import { voicesIn } from '../voices/voice-check.ts';
import type { ValueWords } from './value-words.ts';

// Knows under which names the reader of the settings panel sees voices, channels, roles and bots, and asks Fish Audio
// for the names of voices that are not in memory. `value-words.ts` uses the names when it puts values into words.

/** Somebody who opens the panel waits at most this long for the names of voices that are not in memory. */
const PATIENCE_MS = 1_000;
/** The most voices whose names are asked for, because no page shows more. */
const MAX_ASKED = 16;

/** What the panel has to know to show the settings to one reader. */
export interface PanelWords extends ValueWords {
  /** Returns what is in memory of a voice. */
  readonly voiceOf: (voiceId: string) => Voice | undefined;
  /** Returns a channel, a bot or a voice by its bare name, as it stands in a menu, where nothing is formatted. */
  readonly plainChannel: (channelId: string) => string;
  readonly plainBot: (botId: string) => string;
  readonly plainVoice: (voiceId: string) => string;
}

export interface WordsOptions {
  readonly library: Pick<VoiceLibrary, 'get' | 'lookUp'>;
  readonly usdPerMillionBytes: number;
}

/** Returns how settings are put into words for the person of an interaction, with the names that they may know. */
export function panelWords(
  interaction: AnyInteraction,
  { library, usdPerMillionBytes }: WordsOptions,
  t: Translate,
): PanelWords {
  const { guild } = interaction;
  const plainVoice = (id: string) => {
    const voice = library.get(id);
    return voice ? voiceName(voice) : t('panel.unnamed-voice', { id });
  };
  const nameOfBot = (id: string) => guild.members.cache.get(id)?.displayName;
  return {
    t,
    usdPerMillionBytes,
    voiceOf: id => library.get(id),
    voice: id => `**${plain(plainVoice(id))}**`,
    plainVoice,
    language: code => languageName(code, t.locale),
    channel: id => (guild.channels.cache.has(id) ? `<#${id}>` : t('panel.gone-channel')),
    plainChannel: id => {
      const channel = guild.channels.cache.get(id);
      if (!channel) return t('panel.gone-channel');
      return seesId(interaction, id) ? `#${channel.name}` : t('channel.unseen');
    },
    role: id => (guild.roles.cache.has(id) ? `<@&${id}>` : t('panel.gone-role')),
    bot: id => (nameOfBot(id) === undefined ? t('panel.unnamed-bot', { id }) : `<@${id}>`),
    plainBot: id => nameOfBot(id) ?? t('panel.unnamed-bot', { id }),
  };
}

/** Asks Fish Audio for the names of the voices in the settings, as far as they are not in memory. Never rejects. */
export async function learnNames(
  settings: GuildSettings,
  { library }: Pick<WordsOptions, 'library'>,
): Promise<void> {
  const ids = new Set(voicesIn(settings).map(({ id }) => id));
  const unknown = [...ids].filter(id => !library.get(id)).slice(0, MAX_ASKED);
  await Promise.all(unknown.map(id => library.lookUp(id, PATIENCE_MS)));
}
