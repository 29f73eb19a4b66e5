import {
  type APIComponentInContainer,
  type APIMessageTopLevelComponent,
  ButtonStyle,
  ComponentType,
} from 'discord.js';
import type { Translate } from '../../locale/catalogue.ts';
import { type GuildSettings, settingsIn } from '../../settings.ts';
import { customId, row, text } from './components.ts';
import { controlView } from './control-view.ts';
import { controlsOf, labelOf, MAX_SELECTED, PAGES, type Page, WHOLE_GUILD } from './controls.ts';
import { shown } from './values.ts';

/** The most characters that Discord allows in the label of a menu's entry. */
const MAX_LABEL = 100;

/** What the panel shows: one of its pages, for the whole guild (undefined) or for the channel with this id. */
export interface PanelPlace {
  readonly page: Page;
  readonly channelId: string | undefined;
}

/**
 * Returns the panel as Discord shows it (Discord, "Components V2"), on one page, with the settings of the guild or of
 * one of its channels. `nameOf` returns the name of a channel, or its id when the person who looks does not see the
 * channel.
 */
export function panelView(
  settings: GuildSettings,
  { page, channelId, nameOf }: PanelPlace & { readonly nameOf: (channelId: string) => string },
  t: Translate,
): readonly APIMessageTopLevelComponent[] {
  const present = channelId === undefined ? settings : settingsIn(settings, channelId);
  const body =
    page === 'overview'
      ? [text(overview(settings, t))]
      : controlsOf(page, channelId).flatMap(control => controlView(present, control, channelId, t));
  return [
    {
      type: ComponentType.Container,
      components: [
        text(`## ${t('panel.title')}\n${t(`panel.${page}.about`)}`),
        pageMenu(page, t),
        ...channelMenu(settings, { page, channelId, nameOf }, t),
        { type: ComponentType.Separator },
        ...body,
      ],
    },
  ];
}

/** Returns the first page: all settings with their values, as one text. */
function overview(settings: GuildSettings, t: Translate): string {
  const part = (page: Page) =>
    controlsOf(page, undefined).map(
      control => `${t(labelOf(control.setting))}: ${shown(settings, control, t)}`,
    );
  return PAGES.filter(page => page !== 'overview')
    .map(page => [`**${t(`panel.${page}`)}**`, ...part(page)].join('\n'))
    .join('\n\n');
}

/**
 * Returns the menu in which people choose whether the page is for the guild or for one of its channels that are read.
 * It is empty on pages without settings that a channel may have for itself.
 */
function channelMenu(
  { channels }: GuildSettings,
  { page, channelId, nameOf }: PanelPlace & { readonly nameOf: (channelId: string) => string },
  t: Translate,
): APIComponentInContainer[] {
  if (channels.length === 0 || page === 'overview' || controlsOf(page, WHOLE_GUILD).length === 0) return [];
  const options = [
    { value: WHOLE_GUILD, label: t('panel.for-server'), default: channelId === undefined },
    ...channels.slice(0, MAX_SELECTED - 1).map(({ id }) => ({
      value: id,
      label: `#${nameOf(id)}`.slice(0, MAX_LABEL),
      default: id === channelId,
    })),
  ];
  const menu = row({ type: ComponentType.StringSelect, custom_id: customId('for', page), options });
  if (channelId === undefined) return [menu];
  return [
    menu,
    text(t('panel.channel', { channel: `<#${channelId}>` })),
    row({
      type: ComponentType.Button,
      custom_id: customId('plain', page, '', channelId),
      style: ButtonStyle.Secondary,
      label: t('panel.plain'),
    }),
  ];
}

function pageMenu(page: Page, t: Translate): APIComponentInContainer {
  const options = PAGES.map(value => ({ value, label: t(`panel.${value}`), default: value === page }));
  return row({ type: ComponentType.StringSelect, custom_id: customId('page'), options });
}
