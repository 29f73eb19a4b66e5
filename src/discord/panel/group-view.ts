import { type APIComponentInContainer, ComponentType } from 'discord.js';
import type { Translate } from '../../locale/catalogue.ts';
import type { GuildSettings } from '../../settings/guild.ts';
import { shortened } from '../../shortened.ts';
import { languageName } from '../../voices/languages.ts';
import { button } from '../interaction/buttons.ts';
import { withCover } from '../voices/voice-cards.ts';
import { customId, MAX_LABEL, MAX_SELECTED, row, text } from './components.ts';
import { type Control, labelOf } from './controls.ts';
import { aboutInWords } from './fields.ts';
import type { Group } from './pages.ts';
import type { PanelWords } from './panel-words.ts';
import { valueInWords } from './value-words.ts';
import { languagesOf, slotName } from './voice-slots.ts';

/**
 * Returns a group as the panel shows it: its settings with their values and what they are for, and the buttons and
 * menus by which they are changed. `settings` are those of the guild, or those that hold in the channel `channelId`.
 */
export function groupView(
  settings: GuildSettings,
  group: Group,
  channelId: string | undefined,
  words: PanelWords,
): APIComponentInContainer[] {
  const { t } = words;
  const heading = group.controls.map(control => headingOf(settings, control, words)).join('\n');
  const [first] = group.controls;
  if (first?.kind === 'voice') return voiceView(settings, heading, channelId, words);
  if (first?.kind === 'voices') return languagesView(settings, heading, words);
  if (first?.kind === 'voiceList') return newcomersView(settings, heading, words);
  if (first?.kind === 'botVoices') return botsView(settings, heading, words);
  const id = customId('form', group.page, group.name, channelId ?? '');
  return [beside(heading, button(id, t('panel.change')))];
}

/** Returns the voice of the guild or channel, with its picture if it has one, and the button to choose another one. */
function voiceView(
  { voice }: GuildSettings,
  heading: string,
  channelId: string | undefined,
  { t, voiceOf }: PanelWords,
): APIComponentInContainer[] {
  const slot =
    channelId === undefined
      ? ({ kind: 'server', id: '' } as const)
      : ({ kind: 'channel', id: channelId } as const);
  const choose = button(customId('pick', slotName(slot)), t('panel.choose'));
  const known = voice === null ? undefined : voiceOf(voice);
  return known?.cover ? [withCover(known, heading), row(choose)] : [beside(heading, choose)];
}

/** Returns the voices of languages, and the menu of languages for which a voice can be chosen. */
function languagesView(
  settings: GuildSettings,
  heading: string,
  { t, plainVoice }: PanelWords,
): APIComponentInContainer[] {
  const options = languagesOf(settings).map(language => {
    const voice = settings.voices[language];
    return {
      value: language,
      label: shortened(languageName(language, t.locale), MAX_LABEL),
      ...(voice !== undefined && { description: shortened(plainVoice(voice), MAX_LABEL) }),
    };
  });
  const placeholder = t('panel.language');
  return [
    text(heading),
    row({ type: ComponentType.StringSelect, custom_id: customId('pick', 'lang'), placeholder, options }),
  ];
}

function newcomersView(
  { newcomerVoices }: GuildSettings,
  heading: string,
  { t, plainVoice }: PanelWords,
): APIComponentInContainer[] {
  const add = button(customId('pick', slotName({ kind: 'newcomer', id: '' })), t('panel.add'));
  const entries = newcomerVoices.map(id => [id, plainVoice(id)] as const);
  return [beside(heading, add), ...keepMenu('newcomerVoices', entries, t)];
}

function botsView(
  { botVoices }: GuildSettings,
  heading: string,
  { t, plainBot, plainVoice }: PanelWords,
): APIComponentInContainer[] {
  const entries = Object.entries(botVoices).map(
    ([bot, voice]) => [bot, `${plainBot(bot)} → ${plainVoice(voice)}`] as const,
  );
  return [
    beside(heading, button(customId('webhook'), t('panel.webhook'))),
    row({ type: ComponentType.UserSelect, custom_id: customId('bot'), placeholder: t('panel.bot') }),
    ...keepMenu('botVoices', entries, t),
  ];
}

function headingOf(settings: GuildSettings, control: Control, words: PanelWords): string {
  const name = `**${words.t(labelOf(control))}**`;
  const now = words.t('named', { name, value: valueInWords(settings, control, words) });
  return `${now}\n-# ${aboutInWords(control, words.t)}`;
}

/** Returns a text with a button beside it. */
function beside(content: string, accessory: ReturnType<typeof button>): APIComponentInContainer {
  return { type: ComponentType.Section, components: [text(content)], accessory };
}

/** Returns a menu of what a list has, all of it chosen: what somebody takes out of the choice leaves the list. */
function keepMenu(
  setting: 'newcomerVoices' | 'botVoices',
  entries: readonly (readonly [value: string, label: string])[],
  t: Translate,
): APIComponentInContainer[] {
  const shown = entries.slice(0, MAX_SELECTED);
  if (shown.length === 0) return [];
  const options = shown.map(([value, label]) => ({
    value,
    label: shortened(label, MAX_LABEL),
    default: true,
  }));
  return [
    row({
      type: ComponentType.StringSelect,
      custom_id: customId('keep', setting),
      placeholder: t('panel.keep'),
      min_values: 0,
      max_values: options.length,
      options,
    }),
  ];
}
