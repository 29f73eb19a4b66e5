import {
  type APIComponentInContainer,
  type APIMessageTopLevelComponent,
  ButtonStyle,
  ComponentType,
} from 'discord.js';
import type { Translate } from '../../locale/catalogue.ts';
import { type GuildSettings, settingsIn } from '../../settings/guild.ts';
import { shortened } from '../../shortened.ts';
import { bytesInWords } from '../bytes-worth.ts';
import { button } from '../interaction/buttons.ts';
import { customId, MAX_LABEL, MAX_SELECTED, row, text } from './components.ts';
import { labelOf } from './controls.ts';
import { groupView } from './group-view.ts';
import { channelPart, groupsOf, PAGES, type Page, WHOLE_GUILD } from './pages.ts';
import type { PanelWords } from './panel-words.ts';
import { valueInWords } from './value-words.ts';

// Draws the settings panel: one page of it, with the menus by which people get to the others. `group-view.ts` draws the
// settings on the page, `pages.ts` says which these are, and `panel.ts` answers the clicks.

/** The most characters of a value on the first page, which shows all settings in Discord's 4,000 characters. */
const MAX_OVERVIEW = 70;
/** The page of the limits says what this many bytes are worth, as an example. */
const SAMPLE_BYTES = 1_000;
/**
 * How many channels the menu shows at once where a guild has more than it can show. Its other entries are the
 * whole guild and the other parts of the channels, of which there are two at most (`MAX_CHANNELS`).
 */
const CHANNELS_AT_ONCE = 22;
/** The most characters of what is wrong with a form. */
const MAX_PROBLEMS = 800;

/** What the panel shows: one of its pages, for the whole guild (undefined) or for the channel with this id. */
export interface PanelPlace {
  readonly page: Page;
  readonly channelId: string | undefined;
  /**
   * For the whole guild: which part of the channels the menu of channels shows, from 0. For a channel the menu shows
   * the part that the channel is in.
   */
  readonly part?: number | undefined;
}

/** A form that could not be saved: what is wrong with it, and the custom id of the button that opens it again. */
export interface FailedForm {
  readonly problems: readonly string[];
  readonly againId: string;
}

/**
 * Returns the panel as Discord shows it (Discord, "Components V2"), on one page, with the settings of the guild or of
 * one of its channels. If a form could not be saved, it says below why, with a button that opens the form again.
 */
export function panelView(
  settings: GuildSettings,
  { page, channelId, part }: PanelPlace,
  words: PanelWords,
  failed?: FailedForm,
): readonly APIMessageTopLevelComponent[] {
  const { t } = words;
  const present = channelId === undefined ? settings : settingsIn(settings, channelId);
  const body =
    page === 'overview'
      ? [text(overview(settings, words))]
      : groupsOf(page, channelId).flatMap(group => groupView(present, group, channelId, words));
  return [
    {
      type: ComponentType.Container,
      components: [
        text(`## ${t('panel.title')}\n${pageInWords(page, words)}`),
        pageMenu(page, t),
        ...channelMenu(settings, { page, channelId, part }, words),
        { type: ComponentType.Separator },
        ...body,
        ...(failed ? failure(failed, t) : []),
      ],
    },
  ];
}

/** Returns what a page is for. That of the limits says what text is worth, which nobody knows by heart. */
export function pageInWords(
  page: Page,
  { t, usdPerMillionBytes }: Pick<PanelWords, 't' | 'usdPerMillionBytes'>,
): string {
  return t(`panel.${page}.about`, { worth: bytesInWords(SAMPLE_BYTES, usdPerMillionBytes, t) });
}

/** Returns the first page: all settings with their values, as one text. */
function overview(settings: GuildSettings, words: PanelWords): string {
  const { t } = words;
  const settingsOn = (page: Page) =>
    groupsOf(page, undefined)
      .flatMap(({ controls }) => controls)
      .map(control =>
        t('named', { name: t(labelOf(control)), value: fitting(valueInWords(settings, control, words)) }),
      );
  return PAGES.filter(page => page !== 'overview')
    .map(page => [`**${t(`panel.${page}`)}**`, ...settingsOn(page)].join('\n'))
    .join('\n\n');
}

/** Returns as many items of a list as fit on the first page, and "…" for the others. */
function fitting(value: string): string {
  if (value.length <= MAX_OVERVIEW) return value;
  const items = value.split(', ');
  let kept = '';
  for (const item of items) {
    if (kept.length + item.length > MAX_OVERVIEW) break;
    kept += `${item}, `;
  }
  return `${kept}…`;
}

/** Returns what is wrong with a form, and the button that opens it again with all that was typed. */
function failure({ problems, againId }: FailedForm, t: Translate): APIComponentInContainer[] {
  const list = problems.map(problem => `- ${problem}`).join('\n');
  return [
    { type: ComponentType.Separator },
    text(`⚠️ ${t('panel.not-saved')}\n${shortened(list, MAX_PROBLEMS)}`),
    row(button(againId, t('panel.again'), { style: ButtonStyle.Primary })),
  ];
}

/**
 * Returns the menu in which people choose whether the page is for the guild or for one of its channels that are read.
 * It is empty on pages without settings that a channel may have for itself.
 */
function channelMenu(
  { channels }: GuildSettings,
  { page, channelId, part = 0 }: PanelPlace,
  { t, channel, plainChannel }: PanelWords,
): APIComponentInContainer[] {
  if (channels.length === 0 || page === 'overview' || groupsOf(page, WHOLE_GUILD).length === 0) return [];
  const count = channels.length;
  const size = count < MAX_SELECTED ? count : CHANNELS_AT_ONCE;
  const chosenAt = channels.findIndex(({ id }) => id === channelId);
  const shownPart = chosenAt < 0 ? part : Math.floor(chosenAt / size);
  const options = [
    { value: WHOLE_GUILD, label: t('panel.for-server'), default: channelId === undefined },
    ...Array.from({ length: Math.ceil(count / size) }, (_, index) => index).flatMap(index => {
      const from = index * size;
      const to = Math.min(count, from + size);
      if (index !== shownPart)
        return [
          { value: channelPart(index), label: t('panel.channels-part', { from: from + 1, to, count }) },
        ];
      return channels.slice(from, to).map(({ id }) => ({
        value: id,
        label: shortened(plainChannel(id), MAX_LABEL),
        default: id === channelId,
      }));
    }),
  ];
  const menu = row({ type: ComponentType.StringSelect, custom_id: customId('for', page), options });
  if (channelId === undefined) return [menu];
  const where = { channel: channel(channelId), page: t('panel.reading') };
  // Whoever uses `/join` elsewhere takes a channel out of the list, with all that was set for it.
  const isKept = channels[chosenAt]?.addedBy === 'admin';
  const about = [t('panel.channel', where), ...(isKept ? [] : [`-# ${t('panel.channel-of-join', where)}`])];
  return [
    menu,
    text(about.join('\n')),
    row(button(customId('plain', page, '', channelId), t('panel.plain'))),
  ];
}

function pageMenu(page: Page, t: Translate): APIComponentInContainer {
  const options = PAGES.map(value => ({ value, label: t(`panel.${value}`), default: value === page }));
  return row({ type: ComponentType.StringSelect, custom_id: customId('page'), options });
}
