import type { Translate } from '../../locale/catalogue.ts';
import { numberIn } from '../../locale/numbers.ts';
import type { GuildSettings } from '../../settings/guild.ts';
import { MAX_SELECTED } from './components.ts';
import type { Control } from './controls.ts';
import type { Group } from './pages.ts';
import { plainOf } from './value-words.ts';

// Knows what stands in the fields of a settings form: how the fields are called, what they hold when the form is
// opened, and what somebody typed or chose. `fields.ts` draws the fields, and `read-form.ts` checks what was typed.

/** The field that has the boxes of all toggles of a group, where it has more than one. */
export const TOGGLES = 'toggles';
/** The value in a choice of people that stands for a role, which is then chosen in a field of its own. */
export const BY_ROLE = 'role';

/** What stands in the fields of a form, by the names of the fields. */
export type Typed = Readonly<Record<string, string | boolean | readonly string[]>>;

/** Which channels and roles the person who uses the panel can choose. */
export interface Possibilities {
  /** Whether a channel belongs to the guild and this person can read it. */
  readonly isReadable: (channelId: string) => boolean;
  /** Whether a channel belongs to the guild but this person cannot read it. */
  readonly isHidden: (channelId: string) => boolean;
  /** Whether a role belongs to the guild. */
  readonly isRole: (roleId: string) => boolean;
}

/** Returns the names of the two fields of a range, and of the field of the role for a choice of people. */
export const lowOf = (part: string) => `${part}.low`;
export const highOf = (part: string) => `${part}.high`;
export const roleFieldOf = (setting: string) => `${setting}.role`;

/**
 * The ids of the channels that the menu of channels shows as chosen. Those of `/join` are not among them: whoever
 * chooses one adds it for good, and an administrator does that knowingly.
 */
function channelsShown({ channels }: GuildSettings, { isReadable }: Possibilities): readonly string[] {
  return channels
    .filter(({ id, addedBy }) => addedBy === 'admin' && isReadable(id))
    .map(({ id }) => id)
    .slice(0, MAX_SELECTED);
}

type Fields = Record<string, string | boolean | readonly string[]>;

/** Returns what stands in the fields of a group while nobody has typed anything: the present values. */
export function presentIn(
  { controls }: Pick<Group, 'controls'>,
  settings: GuildSettings,
  possible: Possibilities,
  t: Translate,
): Typed {
  const toggles = controls.filter(({ kind }) => kind === 'toggle').map(({ setting }) => setting);
  const [only, second] = toggles;
  const ticked = toggles.filter(one => settings[one] === true);
  const boxes: Fields =
    only === undefined ? {} : second === undefined ? { [only]: ticked.length > 0 } : { [TOGGLES]: ticked };
  const others = controls.map(control => presentInControl(control, settings, possible, t));
  return Object.assign({}, ...others, boxes) as Fields;
}

function presentInControl(
  control: Control,
  settings: GuildSettings,
  possible: Possibilities,
  { locale }: Translate,
): Fields {
  const { setting } = control;
  const value = settings[setting];
  const role = typeof value === 'string' && possible.isRole(value) ? [value] : [];
  switch (control.kind) {
    case 'number':
      return { [setting]: typeof value === 'number' ? numberIn(locale, value) : '' };
    case 'text':
      return { [setting]: settings.skipPrefix };
    case 'phrases':
      return { [setting]: settings.blockedWords.join('\n') };
    case 'choice':
      return { [setting]: plainOf(value) };
    case 'role':
      return { [setting]: role };
    case 'channels':
      return { [setting]: channelsShown(settings, possible) };
    case 'people': {
      const plain = plainOf(value);
      return {
        [setting]: control.values.includes(plain) ? plain : BY_ROLE,
        [roleFieldOf(setting)]: role,
      };
    }
    case 'range': {
      const [low, high] = settings.bounds[control.part];
      return { [lowOf(control.part)]: numberIn(locale, low), [highOf(control.part)]: numberIn(locale, high) };
    }
    case 'toggle':
    case 'voice':
    case 'voices':
    case 'voiceList':
    case 'botVoices':
      return {}; // Toggles share a field, and voices are chosen outside of forms.
  }
}

/** Returns what was sent in with each choice as one text, whether it came from buttons or from a menu. */
export function withChoices({ controls }: Pick<Group, 'controls'>, sent: Typed): Typed {
  const chosen = controls.flatMap(({ kind, setting }): [string, string][] => {
    const value = sent[setting];
    return kind === 'choice' && typeof value === 'object' ? [[setting, value[0] ?? '']] : [];
  });
  return { ...sent, ...Object.fromEntries(chosen) };
}

/** What somebody typed into a field; an empty text where there is no such field. */
export function textIn(typed: Typed, field: string): string {
  const value = typed[field];
  return typeof value === 'string' ? value : '';
}

/** What somebody chose in a field; nothing where there is no such field. */
export function listIn(typed: Typed, field: string): readonly string[] {
  const value = typed[field];
  return typeof value === 'object' ? value : [];
}

/** Whether the box of a toggle is ticked; undefined where there is no such box. */
export function isTicked(typed: Typed, setting: string): boolean | undefined {
  const single = typed[setting];
  if (typeof single === 'boolean') return single;
  return typed[TOGGLES] === undefined ? undefined : listIn(typed, TOGGLES).includes(setting);
}
