import type { MessageKey } from '../../locale/catalogue.ts';
import { CHANNEL_SETTINGS } from '../../settings/channel.ts';
import type { GuildSettings } from '../../settings/guild.ts';
import type { NumberSetting } from '../../settings/values.ts';
import { LANGUAGES } from '../../text/language.ts';

/** The pages of the settings panel, in order. The first one shows all settings, and nothing can be changed there. */
export const PAGES = ['overview', 'reading', 'people', 'voice', 'manners', 'rights', 'limits'] as const;
export type Page = (typeof PAGES)[number];

/** A setting with a name of its own in the catalogue; those of `bounds` are named by its parts. */
type SimpleSetting = Exclude<keyof GuildSettings, 'bounds'>;
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
 * - `number`, `text`: a field. With `mayBeEmpty`, an empty field means the standard (null).
 * - `phrases`: a field with one value in each line.
 * - `range`: two fields, for the lowest and the highest number.
 *
 * On the page itself, with a search of its own:
 * - `voice`, `voices`, `voiceList`, `botVoices`: voices, by their names.
 */
export type Control =
  | { readonly kind: 'toggle' | 'role'; readonly setting: SimpleSetting }
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
  | {
      readonly kind: 'number';
      readonly setting: NumberSetting;
      readonly unit: Unit;
      readonly mayBeEmpty?: boolean;
    }
  | { readonly kind: 'range'; readonly setting: 'bounds'; readonly part: RangePart; readonly unit: Unit }
  | { readonly kind: 'voice'; readonly setting: 'voice' }
  | { readonly kind: 'voices'; readonly setting: 'voices' }
  | { readonly kind: 'voiceList'; readonly setting: 'newcomerVoices' }
  | { readonly kind: 'botVoices'; readonly setting: 'botVoices' };
/** The parts of the setting `bounds`, each with a lowest and a highest value. */
export type RangePart = keyof GuildSettings['bounds'];

/** A few settings that belong together, and are changed together in one form. */
export interface Group {
  /** The name in the ids of buttons and forms. */
  readonly name: string;
  readonly page: Exclude<Page, 'overview'>;
  readonly controls: readonly Control[];
}

/** The most entries that Discord lets people choose in one menu. */
export const MAX_SELECTED = 25;

/** The value that stands for the whole guild in the menu of channels. */
export const WHOLE_GUILD = 'server';

/** The value that stands for null in a menu, where every entry needs a value. */
export const NONE = 'none';

/** All that can be set, in the order in which it is shown. Discord allows five fields in the form of a group. */
export const GROUPS: readonly Group[] = [
  {
    page: 'reading',
    name: 'channels',
    controls: [
      { setting: 'channels', kind: 'channels' },
      { setting: 'threads', kind: 'toggle' },
    ],
  },
  {
    page: 'reading',
    name: 'messages',
    controls: [
      { setting: 'skipPrefix', kind: 'text' },
      { setting: 'blockedWords', kind: 'phrases' },
      { setting: 'maxSeconds', kind: 'number', unit: 'seconds' },
    ],
  },
  {
    page: 'reading',
    name: 'words',
    controls: [
      { setting: 'links', kind: 'choice', values: ['site', 'word', 'skip'], worded: true },
      { setting: 'emoji', kind: 'choice', values: ['name', 'skip'], worded: true },
      { setting: 'tags', kind: 'toggle' },
    ],
  },
  {
    page: 'people',
    name: 'whose',
    controls: [
      { setting: 'whose', kind: 'choice', values: ['everyone', 'muted', 'optin'], worded: true },
      { setting: 'role', kind: 'role' },
      { setting: 'notRole', kind: 'role' },
      { setting: 'requireVoice', kind: 'toggle' },
      { setting: 'bots', kind: 'toggle' },
    ],
  },
  { page: 'people', name: 'botVoices', controls: [{ setting: 'botVoices', kind: 'botVoices' }] },
  { page: 'voice', name: 'voice', controls: [{ setting: 'voice', kind: 'voice' }] },
  { page: 'voice', name: 'languages', controls: [{ setting: 'voices', kind: 'voices' }] },
  { page: 'voice', name: 'newcomers', controls: [{ setting: 'newcomerVoices', kind: 'voiceList' }] },
  {
    page: 'voice',
    name: 'sound',
    controls: [
      { setting: 'speed', kind: 'number', unit: 'times' },
      { setting: 'volume', kind: 'number', unit: 'decibels' },
      { setting: 'temperature', kind: 'number', unit: 'none', mayBeEmpty: true },
      {
        setting: 'latency',
        kind: 'choice',
        values: [NONE, 'low', 'balanced', 'normal'],
        worded: true,
      },
    ],
  },
  {
    page: 'voice',
    name: 'spoken',
    controls: [
      { setting: 'announce', kind: 'choice', values: ['auto', 'always', 'never'], worded: true },
      { setting: 'language', kind: 'choice', values: [NONE, ...LANGUAGES], worded: false },
    ],
  },
  {
    page: 'voice',
    name: 'bounds',
    controls: [
      { setting: 'bounds', kind: 'range', part: 'speed', unit: 'times' },
      { setting: 'bounds', kind: 'range', part: 'volume', unit: 'decibels' },
    ],
  },
  {
    page: 'voice',
    name: 'liveliness',
    controls: [{ setting: 'bounds', kind: 'range', part: 'temperature', unit: 'none' }],
  },
  {
    page: 'manners',
    name: 'coming',
    controls: [
      { setting: 'autoJoin', kind: 'toggle' },
      { setting: 'follow', kind: 'toggle' },
      { setting: 'leaveAfter', kind: 'number', unit: 'seconds' },
    ],
  },
  {
    page: 'manners',
    name: 'telling',
    controls: [
      { setting: 'arrivals', kind: 'choice', values: ['none', 'joins', 'all'], worded: true },
      { setting: 'channelStatus', kind: 'toggle' },
      { setting: 'failureMark', kind: 'toggle' },
    ],
  },
  {
    page: 'rights',
    name: 'rights',
    controls: [
      { setting: 'skipOthers', kind: 'toggle' },
      { setting: 'clone', kind: 'toggle' },
      { setting: 'ask', kind: 'toggle' },
      { setting: 'askRole', kind: 'role' },
      { setting: 'priorityRole', kind: 'role' },
    ],
  },
  {
    page: 'rights',
    name: 'dictionary',
    controls: [{ setting: 'dictionaryBy', kind: 'people', values: ['everyone', 'managers'] }],
  },
  {
    page: 'limits',
    name: 'caps',
    controls: [
      { setting: 'messageBytes', kind: 'number', unit: 'bytes' },
      { setting: 'personBytesPerMinute', kind: 'number', unit: 'bytes' },
      { setting: 'serverBytesPerDay', kind: 'number', unit: 'bytes' },
    ],
  },
];

/** All controls, in the order in which they are shown. */
export const CONTROLS: readonly Control[] = GROUPS.flatMap(({ controls }) => controls);

/**
 * Returns the groups of a page. With a channel id they have only the settings that a channel may have for itself; with
 * undefined, those of the whole guild.
 */
export function groupsOf(page: Page, channelId: string | undefined): readonly Group[] {
  return GROUPS.filter(group => group.page === page)
    .map(group => ({
      ...group,
      controls: group.controls.filter(
        ({ setting }) => channelId === undefined || CHANNEL_SETTINGS.has(setting),
      ),
    }))
    .filter(({ controls }) => controls.length > 0);
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
