import {
  type APIComponentInLabel,
  type APILabelComponent,
  type APISelectMenuDefaultValue,
  ChannelType,
  ComponentType,
  SelectMenuDefaultValueType,
  TextInputStyle,
} from 'discord.js';
import type { MessageKey, Translate } from '../../locale/catalogue.ts';
import { unitNameIn } from '../../locale/numbers.ts';
import { guildSettings } from '../../settings/guild.ts';
import { BOUNDS } from '../../settings/values.ts';
import { MAX_SELECTED } from './components.ts';
import { aboutOf, type Control, labelOf, type Unit } from './controls.ts';
import type { Group } from './pages.ts';
import { BY_ROLE, highOf, listIn, lowOf, roleFieldOf, TOGGLES, type Typed, textIn } from './typed.ts';
import { choiceLabel, rangeInUnit } from './value-words.ts';

// Draws the fields of the form in which the settings of one group are changed; Discord calls a form a modal. `form.ts`
// makes the form around them, `typed.ts` says what stands in them, and `read-form.ts` checks what people typed.

/** The most characters that Discord allows in a field. */
const MAX_FIELD = 4_000;
const MAX_NUMBER = 40;
/** The most options of a group of radio buttons; a choice of more is a menu. */
const MAX_RADIO = 10;

/** Returns the fields of a group, filled with what `typed` has. */
export function fieldsOf(
  { controls }: Pick<Group, 'controls'>,
  typed: Typed,
  t: Translate,
): APILabelComponent[] {
  const toggles = controls.filter(({ kind }) => kind === 'toggle');
  const rows = controls
    .filter(({ kind }) => kind !== 'toggle')
    .flatMap(control => fieldsOfControl(control, typed, t));
  const [only, second] = toggles;
  if (only && !second)
    rows.push(
      labelled(t(labelOf(only)), aboutInWords(only, t), {
        type: ComponentType.Checkbox,
        custom_id: only.setting,
        default: typed[only.setting] === true,
      }),
    );
  else if (second) {
    const ticked = listIn(typed, TOGGLES);
    const options = toggles.map(control => ({
      value: control.setting,
      label: t(labelOf(control)),
      description: withoutMarks(aboutInWords(control, t)),
      default: ticked.includes(control.setting),
    }));
    rows.push(
      labelled(t('panel.toggles'), '', {
        type: ComponentType.CheckboxGroup,
        custom_id: TOGGLES,
        required: false,
        min_values: 0,
        options,
      }),
    );
  }
  return rows;
}

/** Returns what a control does, with the numbers that are possible. */
export function aboutInWords(control: Control, t: Translate): string {
  return t(aboutOf(control), { range: possibleIn(control, t) });
}

/** Returns which numbers are possible, such as `0.5–2×`; an empty text for what is no number. */
function possibleIn(control: Control, t: Translate): string {
  if (control.kind === 'range') return rangeInUnit(BOUNDS[control.part], control.unit, t);
  return control.kind === 'number' ? rangeInUnit(BOUNDS[control.setting], control.unit, t) : '';
}

function fieldsOfControl(control: Control, typed: Typed, t: Translate): APILabelComponent[] {
  const { setting } = control;
  const label = t(labelOf(control));
  const about = aboutInWords(control, t);
  switch (control.kind) {
    case 'number':
      return [labelled(withUnit(label, control.unit, t), about, textField(setting, typed, MAX_NUMBER))];
    case 'text': {
      const max = guildSettings.shape.skipPrefix.maxLength ?? MAX_NUMBER;
      return [labelled(label, about, textField(setting, typed, max))];
    }
    case 'phrases':
      return [labelled(label, about, textField(setting, typed, MAX_FIELD, TextInputStyle.Paragraph))];
    case 'range': {
      const end = (words: 'panel.lowest' | 'panel.highest', field: string) => {
        const ofEnd = withUnit(t(words, { setting: label }), control.unit, t);
        return labelled(ofEnd, about, textField(field, typed, MAX_NUMBER));
      };
      return [end('panel.lowest', lowOf(control.part)), end('panel.highest', highOf(control.part))];
    }
    case 'role':
      return [labelled(label, about, roleField(setting, typed))];
    case 'choice':
      return [labelled(label, about, choiceField(control, textIn(typed, setting), t))];
    case 'people': {
      const options = [...control.values, BY_ROLE].map(value => ({
        value,
        label: t(`setting.${setting}.${value}` as MessageKey),
        default: value === textIn(typed, setting),
      }));
      const roleLabel = t(`setting.${setting}.${BY_ROLE}` as MessageKey);
      return [
        labelled(label, about, { type: ComponentType.RadioGroup, custom_id: setting, options }),
        labelled(roleLabel, '', roleField(roleFieldOf(setting), typed)),
      ];
    }
    case 'channels':
      return [labelled(label, about, channelsField(listIn(typed, setting)))];
    case 'toggle':
    case 'voice':
    case 'voices':
    case 'voiceList':
    case 'botVoices':
      return [];
  }
}

/** Returns a field in which people type, filled with what `typed` has for it. */
function textField(
  custom_id: string,
  typed: Typed,
  max_length: number,
  style = TextInputStyle.Short,
): APIComponentInLabel {
  return {
    type: ComponentType.TextInput,
    custom_id,
    style,
    required: false,
    max_length,
    value: textIn(typed, custom_id),
  };
}

/** Returns a menu in which people choose a role, or none. */
function roleField(custom_id: string, typed: Typed): APIComponentInLabel {
  return {
    type: ComponentType.RoleSelect,
    custom_id,
    required: false,
    min_values: 0,
    max_values: 1,
    default_values: listIn(typed, custom_id).map(
      (id): APISelectMenuDefaultValue<SelectMenuDefaultValueType.Role> => ({
        id,
        type: SelectMenuDefaultValueType.Role,
      }),
    ),
  };
}

/** Returns the field of a choice: radio buttons, or a menu where there are too many values. */
function choiceField(
  control: Control & { kind: 'choice' },
  chosen: string,
  t: Translate,
): APIComponentInLabel {
  const options = control.values.map(value => ({
    value,
    label: choiceLabel(control, value, t),
    default: value === chosen,
  }));
  return options.length > MAX_RADIO
    ? { type: ComponentType.StringSelect, custom_id: control.setting, options }
    : { type: ComponentType.RadioGroup, custom_id: control.setting, options };
}

function channelsField(ids: readonly string[]): APIComponentInLabel {
  return {
    type: ComponentType.ChannelSelect,
    custom_id: 'channels',
    required: false,
    min_values: 0,
    max_values: MAX_SELECTED,
    channel_types: [
      ChannelType.GuildText,
      ChannelType.GuildVoice,
      ChannelType.GuildStageVoice,
      ChannelType.GuildAnnouncement,
      ChannelType.GuildForum,
      ChannelType.GuildMedia,
      ChannelType.PublicThread,
      ChannelType.PrivateThread,
      ChannelType.AnnouncementThread,
    ],
    default_values: ids.map(
      (id): APISelectMenuDefaultValue<SelectMenuDefaultValueType.Channel> => ({
        id,
        type: SelectMenuDefaultValueType.Channel,
      }),
    ),
  };
}

/** Forms show their descriptions as they are: marks for code would be read as characters. */
const withoutMarks = (description: string): string => description.replaceAll('`', '');

function labelled(label: string, description: string, component: APIComponentInLabel): APILabelComponent {
  return {
    type: ComponentType.Label,
    label,
    ...(description !== '' && { description: withoutMarks(description) }),
    component,
  };
}

/** Returns a label with the unit of its number in brackets. Where the label is about bytes it has the unit already. */
function withUnit(label: string, unit: Unit, { locale }: Translate): string {
  const name = { seconds: unitNameIn(locale, 'second'), times: '×', decibels: 'dB', none: '', bytes: '' }[
    unit
  ];
  return name ? `${label} (${name.trim()})` : label;
}
