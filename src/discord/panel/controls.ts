import type { MessageKey } from '../../locale/catalogue.ts';
import { CHANNEL_SETTINGS, type GuildSettings } from '../../settings.ts';
import { LANGUAGES } from '../../text/language.ts';

/** The pages of the settings panel, in order. The first one shows all settings without controls. */
export const PAGES = ['overview', 'reading', 'people', 'voice', 'manners', 'rights', 'limits'] as const;
export type Page = (typeof PAGES)[number];

type Setting = keyof GuildSettings;

/**
 * One setting in the panel, and how people choose its value. Its label is the catalogue's `setting.<name>`.
 *
 * - `toggle`: a button that switches it on or off.
 * - `role`, `channels`: Discord's own menu of roles or channels.
 * - `people`: who may do something, as one of a few values or as a role.
 * - `choice`: a menu of values.
 * - `text`, `number`: typed into a form.
 * - `list`: typed into a form, with one value in each line.
 * - `phrases`: like `list`, but a value may have spaces in it.
 * - `table`: typed into a form; each line has a name and then what belongs to it.
 */
export type Control = {
  readonly setting: Setting;
  readonly page: Exclude<Page, 'overview'>;
} & (
  | { readonly kind: 'toggle' | 'role' | 'channels' }
  /** The catalogue names each value `setting.<name>.<value>`, and the choice of a role `setting.<name>.role`. */
  | { readonly kind: 'people'; readonly values: readonly string[] }
  /**
   * If `worded` is true, the catalogue names each value `setting.<name>.<value>`; if not, each names itself (a
   * language).
   */
  | { readonly kind: 'choice'; readonly values: readonly string[]; readonly worded: boolean }
  | { readonly kind: 'text' | 'number' | 'list' | 'phrases' | 'table' }
);

/** The most entries that Discord lets people choose in one menu. */
export const MAX_SELECTED = 25;

/** The value that stands for the whole guild in the menu of channels. */
export const WHOLE_GUILD = 'server';

/** The value that stands for null in a menu, where every entry needs a value. */
export const NONE = 'none';

/** All controls of the panel, in the order in which they are shown. */
export const CONTROLS: readonly Control[] = [
  { page: 'reading', setting: 'channels', kind: 'channels' },
  { page: 'reading', setting: 'threads', kind: 'toggle' },
  { page: 'reading', setting: 'skipPrefix', kind: 'text' },
  { page: 'reading', setting: 'blockedWords', kind: 'phrases' },
  { page: 'reading', setting: 'links', kind: 'choice', values: ['site', 'word', 'skip'], worded: true },
  { page: 'reading', setting: 'emoji', kind: 'choice', values: ['name', 'skip'], worded: true },
  { page: 'reading', setting: 'tags', kind: 'toggle' },
  { page: 'reading', setting: 'maxSeconds', kind: 'number' },
  { page: 'people', setting: 'whose', kind: 'choice', values: ['everyone', 'muted', 'optin'], worded: true },
  { page: 'people', setting: 'requireVoice', kind: 'toggle' },
  { page: 'people', setting: 'role', kind: 'role' },
  { page: 'people', setting: 'notRole', kind: 'role' },
  { page: 'people', setting: 'bots', kind: 'toggle' },
  { page: 'people', setting: 'botVoices', kind: 'table' },
  { page: 'voice', setting: 'voice', kind: 'text' },
  { page: 'voice', setting: 'voices', kind: 'table' },
  { page: 'voice', setting: 'newcomerVoices', kind: 'list' },
  { page: 'voice', setting: 'bounds', kind: 'table' },
  { page: 'voice', setting: 'speed', kind: 'number' },
  { page: 'voice', setting: 'volume', kind: 'number' },
  { page: 'voice', setting: 'temperature', kind: 'number' },
  {
    page: 'voice',
    setting: 'latency',
    kind: 'choice',
    values: [NONE, 'low', 'balanced', 'normal'],
    worded: true,
  },
  { page: 'voice', setting: 'announce', kind: 'choice', values: ['auto', 'always', 'never'], worded: true },
  { page: 'voice', setting: 'language', kind: 'choice', values: [NONE, ...LANGUAGES], worded: false },
  { page: 'manners', setting: 'autoJoin', kind: 'toggle' },
  { page: 'manners', setting: 'follow', kind: 'toggle' },
  { page: 'manners', setting: 'leaveAfter', kind: 'number' },
  { page: 'manners', setting: 'arrivals', kind: 'choice', values: ['none', 'joins', 'all'], worded: true },
  { page: 'manners', setting: 'channelStatus', kind: 'toggle' },
  { page: 'manners', setting: 'failureMark', kind: 'toggle' },
  { page: 'rights', setting: 'skipOthers', kind: 'toggle' },
  { page: 'rights', setting: 'priorityRole', kind: 'role' },
  { page: 'rights', setting: 'dictionaryBy', kind: 'people', values: ['everyone', 'managers'] },
  { page: 'rights', setting: 'clone', kind: 'toggle' },
  { page: 'rights', setting: 'ask', kind: 'toggle' },
  { page: 'rights', setting: 'askRole', kind: 'role' },
  { page: 'limits', setting: 'messageBytes', kind: 'number' },
  { page: 'limits', setting: 'personBytesPerMinute', kind: 'number' },
  { page: 'limits', setting: 'serverBytesPerDay', kind: 'number' },
];

/**
 * Returns the controls of a page. With a channel id it returns only those of settings that a channel may have for
 * itself; with undefined, those of the whole guild.
 */
export function controlsOf(page: Page, channelId: string | undefined): readonly Control[] {
  return CONTROLS.filter(
    control => control.page === page && (channelId === undefined || CHANNEL_SETTINGS.has(control.setting)),
  );
}

export function labelOf(setting: Setting): MessageKey {
  return `setting.${setting}`;
}
