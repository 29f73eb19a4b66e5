import {
  type APIComponentInContainer,
  type APIMessageTopLevelComponent,
  type APIModalInteractionResponseCallbackData,
  type APISelectMenuOption,
  ButtonStyle,
  ChannelType,
  ComponentType,
  SelectMenuDefaultValueType,
  TextInputStyle,
} from 'discord.js';
import type { MessageKey, Translate } from '../../locale/catalogue.ts';
import { type GuildSettings, settingsIn } from '../../settings.ts';
import {
  type Control,
  controlsOf,
  labelOf,
  MAX_SELECTED,
  NONE,
  PAGES,
  type Page,
  SERVER,
} from './controls.ts';
import { choiceLabel, plainOf, shown, typed } from './values.ts';

/** Discord's limits. */
const MAX_FIELD = 4_000;
const MAX_MODAL_TITLE = 45;
const MAX_LABEL = 100;

/** Everything is in the id of a button or menu, so that it works after a restart too. */
const PREFIX = 'settings';
export const customId = (...parts: readonly string[]) => [PREFIX, ...parts].join(':');

const text = (content: string) => ({ type: ComponentType.TextDisplay as const, content });

/** A page, and the channel whose own settings it shows; undefined: the server's. */
export interface Place {
  readonly page: Page;
  readonly channelId: string | undefined;
}

/**
 * The panel as it is shown on one of its pages (Discord, "Components V2"): the server's settings, or those that one of
 * its channels has otherwise.
 */
export function panelView(
  settings: GuildSettings,
  { page, channelId, nameOf }: Place & { readonly nameOf: (channelId: string) => string },
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

function overview(settings: GuildSettings, t: Translate): string {
  const part = (page: Page) =>
    controlsOf(page, undefined).map(
      control => `${t(labelOf(control.setting))}: ${shown(settings, control, t)}`,
    );
  return PAGES.filter(page => page !== 'overview')
    .map(page => [`**${t(`panel.${page}`)}**`, ...part(page)].join('\n'))
    .join('\n\n');
}

/** Where channels are read, and may be so in their own way: for which of them the page is. */
function channelMenu(
  { channels }: GuildSettings,
  { page, channelId, nameOf }: Place & { readonly nameOf: (channelId: string) => string },
  t: Translate,
): APIComponentInContainer[] {
  if (channels.length === 0 || page === 'overview' || controlsOf(page, SERVER).length === 0) return [];
  const options = [
    { value: SERVER, label: t('panel.for-server'), default: channelId === undefined },
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

function row(component: object): APIComponentInContainer {
  return { type: ComponentType.ActionRow, components: [component] } as APIComponentInContainer;
}

function pageMenu(page: Page, t: Translate): APIComponentInContainer {
  const options = PAGES.map(value => ({ value, label: t(`panel.${value}`), default: value === page }));
  return row({ type: ComponentType.StringSelect, custom_id: customId('page'), options });
}

function controlView(
  settings: GuildSettings,
  control: Control,
  channelId: string | undefined,
  t: Translate,
): APIComponentInContainer[] {
  const { setting, page, kind } = control;
  const label = t(labelOf(setting));
  const about = t(`setting.${setting}.about` as MessageKey);
  const heading = text(`**${label}**: ${shown(settings, control, t)}\n-# ${about}`);
  const idOf = (action: string) => customId(action, page, setting, ...(channelId ? [channelId] : []));
  const id = idOf('set');
  switch (kind) {
    case 'toggle':
      return [
        {
          type: ComponentType.Section,
          components: [heading],
          accessory: {
            type: ComponentType.Button,
            custom_id: id,
            style: settings[setting] ? ButtonStyle.Success : ButtonStyle.Secondary,
            label: t(settings[setting] ? 'setting.on' : 'setting.off'),
          },
        },
      ];
    case 'text':
    case 'number':
    case 'list':
    case 'table':
      return [
        {
          type: ComponentType.Section,
          components: [heading],
          accessory: {
            type: ComponentType.Button,
            custom_id: idOf('form'),
            style: ButtonStyle.Secondary,
            label: t('panel.change'),
          },
        },
      ];
    case 'role': {
      const role = plainOf(settings[setting]);
      const default_values = role === NONE ? [] : [{ id: role, type: SelectMenuDefaultValueType.Role }];
      return [
        heading,
        row({ type: ComponentType.RoleSelect, custom_id: id, min_values: 0, max_values: 1, default_values }),
      ];
    }
    case 'people':
      return [heading, ...peopleMenus(settings, control, idOf, t)];
    case 'channels':
      return [
        heading,
        row({
          type: ComponentType.ChannelSelect,
          custom_id: id,
          min_values: 0,
          max_values: MAX_SELECTED,
          channel_types: [
            ChannelType.GuildText,
            ChannelType.GuildVoice,
            ChannelType.GuildStageVoice,
            ChannelType.GuildAnnouncement,
            ChannelType.PublicThread,
          ],
          default_values: settings.channels
            .slice(0, MAX_SELECTED)
            .map(channel => ({ id: channel.id, type: SelectMenuDefaultValueType.Channel })),
        }),
      ];
    case 'choice': {
      const current = plainOf(settings[setting]);
      const options = control.values.map(
        (value): APISelectMenuOption => ({
          value,
          label: choiceLabel(control, value, t),
          default: value === current,
        }),
      );
      return [heading, row({ type: ComponentType.StringSelect, custom_id: id, options })];
    }
  }
}

/** Who may do something: one menu for the values, one for a role. What is chosen in either takes the place of the other. */
function peopleMenus(
  settings: GuildSettings,
  { setting, values }: Control & { readonly kind: 'people' },
  idOf: (action: string) => string,
  t: Translate,
): APIComponentInContainer[] {
  const current = plainOf(settings[setting]);
  const role = values.includes(current) ? undefined : current;
  const options = values.map(value => ({
    value,
    label: t(`setting.${setting}.${value}` as MessageKey),
    default: value === current,
  }));
  const placeholder = t(`setting.${setting}.role` as MessageKey);
  return [
    row({ type: ComponentType.StringSelect, custom_id: idOf('set'), placeholder, options }),
    row({
      type: ComponentType.RoleSelect,
      custom_id: idOf('role'),
      placeholder,
      min_values: 0,
      max_values: 1,
      default_values: role === undefined ? [] : [{ id: role, type: SelectMenuDefaultValueType.Role }],
    }),
  ];
}

/** The form in which a text, a number or a list is typed. */
export function formOf(
  settings: GuildSettings,
  control: Control,
  channelId: string | undefined,
  t: Translate,
): APIModalInteractionResponseCallbackData {
  const { setting, page, kind } = control;
  return {
    custom_id: customId('typed', page, setting, ...(channelId ? [channelId] : [])),
    title: t(labelOf(setting)).slice(0, MAX_MODAL_TITLE),
    components: [
      {
        type: ComponentType.Label,
        label: t(labelOf(setting)).slice(0, MAX_MODAL_TITLE),
        description: t(`setting.${setting}.about` as MessageKey).slice(0, 100),
        component: {
          type: ComponentType.TextInput,
          custom_id: 'value',
          style: kind === 'list' || kind === 'table' ? TextInputStyle.Paragraph : TextInputStyle.Short,
          required: false,
          value: typed(settings, control).slice(0, MAX_FIELD),
        },
      },
    ],
  };
}
