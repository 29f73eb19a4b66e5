import type { MessageKey } from '../../locale/catalogue.ts';
import { type GuildSettings, guildSettings } from '../../settings/guild.ts';
import type { NumberSetting } from '../../settings/values.ts';

// The kinds of controls by which the settings panel shows and changes a setting, such as a box to tick or a field for a
// number. `pages.ts` gives each setting its control, and `fields.ts` draws those that stand in forms.

/** A setting with a name of its own in the catalogue. The setting `bounds` has none, but each of its parts has one. */
type SimpleSetting = Exclude<keyof GuildSettings, 'bounds'>;
/** The settings that are on or off. */
type ToggleSetting = {
  [Name in SimpleSetting]: GuildSettings[Name] extends boolean ? Name : never;
}[SimpleSetting];
/** The settings that have one of a few values which the schema names. */
type ChoiceSetting = {
  [Name in SimpleSetting]: GuildSettings[Name] extends string | null
    ? string extends NonNullable<GuildSettings[Name]>
      ? never
      : Name
    : never;
}[SimpleSetting];
/** In what a number counts. The word for it, and its sign, stand beside the number. */
export type Unit = 'seconds' | 'times' | 'decibels' | 'none' | 'bytes';

/**
 * One setting in the panel, and how people choose its value. Its label is the catalogue's `setting.<name>`, and what
 * it does is `setting.<name>.about`.
 *
 * In a form:
 * - `toggle`: a box that is ticked or not.
 * - `choice`: one of a few values.
 * - `people`: who may do something, as one of a few values or as a role.
 * - `role`, `channels`: Discord's own menu of roles or channels.
 * - `number`, `text`: a field. An empty field means the standard (null), where the schema allows it.
 * - `phrases`: a field with one value in each line.
 * - `range`: two fields, for the lowest and the highest number.
 *
 * On the page itself, with a search of its own:
 * - `voice`, `voices`, `voiceList`, `botVoices`: voices, by their names.
 */
export type Control =
  | { readonly kind: 'toggle'; readonly setting: ToggleSetting }
  | { readonly kind: 'role'; readonly setting: SimpleSetting }
  | { readonly kind: 'channels'; readonly setting: 'channels' }
  | { readonly kind: 'text'; readonly setting: 'skipPrefix' }
  | { readonly kind: 'phrases'; readonly setting: 'blockedWords' }
  /** The catalogue names each value `setting.<name>.<value>`, and the choice of a role `setting.<name>.role`. */
  | { readonly kind: 'people'; readonly setting: SimpleSetting; readonly values: readonly string[] }
  /**
   * If `worded` is true, the catalogue names each value `setting.<name>.<value>`; if not, each names itself (a
   * language).
   */
  | {
      readonly kind: 'choice';
      readonly setting: SimpleSetting;
      readonly values: readonly string[];
      readonly worded: boolean;
    }
  | { readonly kind: 'number'; readonly setting: NumberSetting; readonly unit: Unit }
  | { readonly kind: 'range'; readonly setting: 'bounds'; readonly part: RangePart; readonly unit: Unit }
  | { readonly kind: 'voice'; readonly setting: 'voice' }
  | { readonly kind: 'voices'; readonly setting: 'voices' }
  | { readonly kind: 'voiceList'; readonly setting: 'newcomerVoices' }
  | { readonly kind: 'botVoices'; readonly setting: 'botVoices' };
/** The parts of the setting `bounds`, each with a lowest and a highest value. */
export type RangePart = keyof GuildSettings['bounds'];

/** The value that stands for null in a menu, where every entry needs a value. */
export const NONE = 'none';

export const toggle = (setting: ToggleSetting): Control => ({ kind: 'toggle', setting });
export const role = (setting: SimpleSetting): Control => ({ kind: 'role', setting });
export const number = (setting: NumberSetting, unit: Unit): Control => ({ kind: 'number', setting, unit });
export const range = (part: RangePart, unit: Unit): Control => ({
  kind: 'range',
  setting: 'bounds',
  part,
  unit,
});

/** Makes a choice of the values that the schema has, in its order; null comes first where the schema allows it. */
export function choice(setting: ChoiceSetting): Control {
  const schema = guildSettings.shape[setting];
  const values = 'options' in schema ? schema.options : [NONE, ...schema.unwrap().options];
  return { kind: 'choice', setting, values, worded: true };
}

/** Returns the key of a control's name in the catalogue. What it does stands under the same key with `.about`. */
export function labelOf(control: Control): `setting.${SimpleSetting}` | `setting.bounds.${RangePart}` {
  if (control.kind === 'range') return `setting.bounds.${control.part}`;
  return `setting.${control.setting}`;
}

/** Returns the key of the text that says what a control does. */
export function aboutOf(control: Control): MessageKey {
  return `${labelOf(control)}.about`;
}
