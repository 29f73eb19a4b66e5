import {
  type APIComponentInContainer,
  type APISelectMenuOption,
  ButtonStyle,
  ChannelType,
  ComponentType,
  SelectMenuDefaultValueType,
} from 'discord.js';
import type { MessageKey, Translate } from '../../locale/catalogue.ts';
import type { GuildSettings } from '../../settings.ts';
import { customId, row, text } from './components.ts';
import { type Control, labelOf, MAX_SELECTED, NONE } from './controls.ts';
import { choiceLabel, plainOf, shown } from './values.ts';

/**
 * Returns one setting as the panel shows it: its name, its present value, what it is for, and the button or menu by
 * which it is changed. `settings` are those of the guild, or those that hold in the channel `channelId`.
 */
export function controlView(
  settings: GuildSettings,
  control: Control,
  channelId: string | undefined,
  t: Translate,
): APIComponentInContainer[] {
  const { setting, page, kind } = control;
  const label = t(labelOf(setting));
  const about = t(`setting.${setting}.about`);
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
    case 'phrases':
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

/**
 * Returns the two menus of a setting that says who may do something: one for its values, and one for a role. A choice
 * in one menu replaces the choice in the other.
 */
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
