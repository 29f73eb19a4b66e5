import type { MessageKey, Translate } from '../../locale/catalogue.ts';
import { amountIn, numberIn, rangeIn } from '../../locale/numbers.ts';
import type { GuildSettings } from '../../settings/guild.ts';
import { shortened } from '../../shortened.ts';
import { languageName } from '../../voices/languages.ts';
import { bytesInWords } from '../bytes-worth.ts';
import { type Control, NONE, type Unit } from './controls.ts';

// Puts the values of settings into words, such as "1.5×" or "45 seconds", for the settings panel and for the report on
// an imported file. `panel-words.ts` knows the names of voices, channels, roles and bots.

/** The most items of a list that the panel shows. */
const MAX_LISTED = 6;
/** The most characters of one item of a list. */
const MAX_ITEM = 60;

/** The controls whose value is a list of channels or voices. */
const LIST_KINDS = ['channels', 'voices', 'voiceList', 'botVoices'] as const;
type ListControl = Control & { readonly kind: (typeof LIST_KINDS)[number] };

/** How the values of settings are put into words for one reader. */
export interface ValueWords {
  readonly t: Translate;
  /** The price of speech, in US dollars for a million bytes; 0 where it is free. */
  readonly usdPerMillionBytes: number;
  /** Returns the name of a voice, ready to be shown in a message. */
  readonly voice: (voiceId: string) => string;
  /** Returns a channel, role, or a bot or webhook, by a name that this reader may know. */
  readonly channel: (channelId: string) => string;
  /** Returns the name of a language, by its code, in the reader's language. */
  readonly language: (code: string) => string;
  readonly role: (roleId: string) => string;
  readonly bot: (botId: string) => string;
}

/** Returns the value of a control as people read it, with its unit and with names in place of ids. */
export function valueInWords(settings: GuildSettings, control: Control, words: ValueWords): string {
  const { t } = words;
  const value = settings[control.setting];
  switch (control.kind) {
    case 'toggle':
      return t(value === true ? 'setting.on' : 'setting.off');
    case 'role':
      return typeof value === 'string' ? words.role(value) : nothing(control, t);
    case 'people':
      return control.values.includes(plainOf(value))
        ? t(`setting.${control.setting}.${plainOf(value)}` as MessageKey)
        : words.role(plainOf(value));
    case 'choice':
      return choiceLabel(control, plainOf(value), t);
    case 'number':
      return typeof value === 'number' ? inUnit(value, control.unit, words) : nothing(control, t);
    case 'range':
      return rangeInUnit(settings.bounds[control.part], control.unit, t);
    case 'text':
      return listed(settings.skipPrefix.split(' ').filter(Boolean).map(inCode), control, t);
    case 'phrases':
      return listed(settings.blockedWords.map(inCode), control, t);
    case 'voice':
      return settings.voice === null ? nothing(control, t) : words.voice(settings.voice);
    case 'channels':
    case 'voices':
    case 'voiceList':
    case 'botVoices':
      return listed(namesIn(settings, control, words), control, t);
  }
}

/** Whether the value of a control is a list of channels or voices; `namesIn` names what is in it. */
export function isList(control: Control): control is ListControl {
  return LIST_KINDS.some(kind => kind === control.kind);
}

/** Returns what a list of channels or voices holds, by names; the voices of languages and bots with whose they are. */
export function namesIn(
  { channels, voices, newcomerVoices, botVoices }: GuildSettings,
  { kind }: ListControl,
  words: ValueWords,
): readonly string[] {
  const pairs = (map: Readonly<Record<string, string>>, name: (key: string) => string) =>
    Object.entries(map).map(([key, voice]) => `${name(key)} → ${words.voice(voice)}`);
  switch (kind) {
    case 'channels':
      return channels.map(({ id }) => words.channel(id));
    case 'voices':
      return pairs(voices, words.language);
    case 'voiceList':
      return newcomerVoices.map(words.voice);
    case 'botVoices':
      return pairs(botVoices, words.bot);
  }
}

/** Returns a single value as it stands in a menu; null becomes `NONE`. */
export function plainOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : NONE;
}

/**
 * Returns what people read for a value in a menu: its name in the catalogue, or, for a language, its own name for
 * itself.
 */
export function choiceLabel(control: Control & { kind: 'choice' }, value: string, t: Translate): string {
  if (control.worded || value === NONE) return t(`setting.${control.setting}.${value}` as MessageKey);
  return languageName(value, value);
}

/** Returns a number with its unit: `45 seconds`, `1.5×`, `3 dB`, or bytes with what they are worth. */
export function inUnit(
  value: number,
  unit: Unit,
  { t, usdPerMillionBytes }: Pick<ValueWords, 't' | 'usdPerMillionBytes'>,
): string {
  const number = numberIn(t.locale, value);
  switch (unit) {
    case 'bytes':
      return bytesInWords(value, usdPerMillionBytes, t);
    case 'seconds':
      return amountIn(t.locale, value, 'second');
    case 'times':
      return `${number}×`;
    case 'decibels':
      return `${number} dB`;
    case 'none':
      return number;
  }
}

/** Returns the numbers from the first to the second with their unit, such as `0.5–2×` or `3–120 seconds`. */
export function rangeInUnit(
  [low, high]: readonly [number, number],
  unit: Unit,
  { locale }: Translate,
): string {
  const range = rangeIn(locale, [low, high]);
  const sample = numberIn(locale, high);
  if (unit === 'seconds') return amountIn(locale, high, 'second').replace(sample, range);
  if (unit === 'bytes') return amountIn(locale, high, 'byte').replace(sample, range);
  return unit === 'times' ? `${range}×` : unit === 'decibels' ? `${range} dB` : range;
}

/** Returns the word for a setting that has no value, such as `standard` or `everyone`. */
function nothing({ setting }: Control, t: Translate): string {
  return t(`setting.${setting}.none` as MessageKey);
}

/** Returns the first few items of a list, and how many more there are. A panel holds only 4,000 characters. */
function listed(items: readonly string[], control: Control, t: Translate): string {
  if (items.length === 0) return nothing(control, t);
  const more = items.length - MAX_LISTED;
  const first = items.slice(0, MAX_LISTED).join(', ');
  return more > 0 ? `${first} ${t('queue.more', { count: more })}` : first;
}

/** Returns a text that people typed so that Discord shows it as it is. */
function inCode(text: string): string {
  return `\`${shortened(text, MAX_ITEM).replaceAll('`', 'ˋ')}\``;
}
