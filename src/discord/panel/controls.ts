import type { MessageKey } from '../../locale/catalogue.ts';
import { CHANNEL_SETTINGS, type GuildSettings } from '../../settings.ts';
import { LANGUAGES } from '../../text/language.ts';

/** The panel's pages, in order; the first shows everything at a glance. */
export const PAGES = ['overview', 'reading', 'voice', 'manners', 'limits'] as const;
export type Page = (typeof PAGES)[number];

type Setting = keyof GuildSettings;

/** One setting, and how it is chosen. Its label is the catalogue's `setting.<name>`. */
export type Control = {
  readonly setting: Setting;
  readonly page: Exclude<Page, 'overview'>;
} & (
  | { readonly kind: 'toggle' | 'role' | 'channels' }
  /** People: one of the values, or a role; the catalogue has `setting.<name>.<value>`, and `.role` for no value but a role. */
  | { readonly kind: 'people'; readonly values: readonly string[] }
  /** Values, each with the catalogue's `setting.<name>.<value>`, or as it is. */
  | { readonly kind: 'choice'; readonly values: readonly string[]; readonly worded: boolean }
  /** Typed into a form; `list`: one in a line; `table`: a name in each line, and what belongs to it. */
  | { readonly kind: 'text' | 'number' | 'list' | 'table' }
);

/** Discord's limit for what is chosen in one menu. */
export const MAX_SELECTED = 25;

/** Stands for the server among its channels. */
export const SERVER = 'server';

/** What stands for null in a menu. */
export const NONE = 'none';

/** Every control of the panel. */
export const CONTROLS: readonly Control[] = [
  { page: 'reading', setting: 'channels', kind: 'channels' },
  { page: 'reading', setting: 'role', kind: 'role' },
  { page: 'reading', setting: 'requireVoice', kind: 'toggle' },
  { page: 'reading', setting: 'bots', kind: 'toggle' },
  { page: 'reading', setting: 'botVoices', kind: 'table' },
  { page: 'reading', setting: 'tags', kind: 'toggle' },
  { page: 'reading', setting: 'emoji', kind: 'choice', values: ['name', 'skip'], worded: true },
  { page: 'reading', setting: 'skipPrefix', kind: 'text' },
  { page: 'reading', setting: 'maxSeconds', kind: 'number' },
  { page: 'voice', setting: 'voice', kind: 'text' },
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
  { page: 'manners', setting: 'leaveAfter', kind: 'number' },
  { page: 'manners', setting: 'skipOthers', kind: 'toggle' },
  { page: 'manners', setting: 'priorityRole', kind: 'role' },
  { page: 'manners', setting: 'clone', kind: 'toggle' },
  { page: 'manners', setting: 'ask', kind: 'toggle' },
  { page: 'manners', setting: 'askRole', kind: 'role' },
  { page: 'manners', setting: 'dictionaryBy', kind: 'people', values: ['everyone', 'managers'] },
  { page: 'limits', setting: 'messageBytes', kind: 'number' },
  { page: 'limits', setting: 'personBytesPerMinute', kind: 'number' },
  { page: 'limits', setting: 'serverBytesPerDay', kind: 'number' },
];

/** The controls of a page; in a channel, of what it may have otherwise than its server. */
export function controlsOf(page: Page, channelId: string | undefined): readonly Control[] {
  return CONTROLS.filter(
    control => control.page === page && (channelId === undefined || CHANNEL_SETTINGS.has(control.setting)),
  );
}

export function labelOf(setting: Setting): MessageKey {
  return `setting.${setting}`;
}
