import { CHANNEL_SETTINGS } from '../../settings/channel.ts';
import { LANGUAGES } from '../../text/language.ts';
import { type Control, choice, NONE, number, range, role, toggle } from './controls.ts';

// What stands on which page of the settings panel: the groups of settings, and the control for each setting. A new
// setting is placed here. `controls.ts` has the kinds of controls, and `view.ts` draws a page.

/** All that can be set, by the names of pages and groups, in the order in which it is shown. */
const SETTINGS = {
  reading: {
    channels: [{ kind: 'channels', setting: 'channels' }, toggle('threads')],
    messages: [
      { kind: 'text', setting: 'skipPrefix' },
      { kind: 'phrases', setting: 'blockedWords' },
      number('maxSeconds', 'seconds'),
    ],
    words: [choice('links'), choice('emoji'), toggle('tags')],
  },
  people: {
    whose: [choice('whose'), role('role'), role('notRole'), toggle('requireVoice'), toggle('bots')],
    botVoices: [{ kind: 'botVoices', setting: 'botVoices' }],
  },
  voice: {
    voice: [{ kind: 'voice', setting: 'voice' }],
    languages: [{ kind: 'voices', setting: 'voices' }],
    newcomers: [{ kind: 'voiceList', setting: 'newcomerVoices' }],
    sound: [
      number('speed', 'times'),
      number('volume', 'decibels'),
      number('temperature', 'none'),
      choice('latency'),
    ],
    spoken: [
      choice('announce'),
      { kind: 'choice', setting: 'language', values: [NONE, ...LANGUAGES], worded: false },
    ],
    bounds: [range('speed', 'times'), range('volume', 'decibels')],
    liveliness: [range('temperature', 'none')],
  },
  manners: {
    coming: [toggle('autoJoin'), toggle('follow'), number('leaveAfter', 'seconds')],
    telling: [choice('arrivals'), toggle('channelStatus'), toggle('failureMark')],
  },
  rights: {
    rights: [toggle('skipOthers'), toggle('clone'), toggle('ask'), role('askRole'), role('priorityRole')],
    dictionary: [{ kind: 'people', setting: 'dictionaryBy', values: ['everyone', 'managers'] }],
  },
  limits: {
    caps: [
      toggle('cache'),
      number('messageBytes', 'bytes'),
      number('personBytesPerMinute', 'bytes'),
      number('serverBytesPerDay', 'bytes'),
    ],
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, readonly Control[]>>>>;

/** A page on which settings can be changed. */
type SettingsPage = keyof typeof SETTINGS;
const SETTINGS_PAGES = Object.keys(SETTINGS) as SettingsPage[];

/** The pages of the settings panel, in order. The first one shows all settings, and nothing can be changed there. */
export const PAGES = ['overview', ...SETTINGS_PAGES] as const;
export type Page = (typeof PAGES)[number];

/**
 * A few settings that belong together, and are changed together in one form. Discord allows five fields in a form; all
 * toggles of a group are one.
 */
export interface Group {
  /** The name in the ids of buttons and forms. */
  readonly name: string;
  readonly page: SettingsPage;
  readonly controls: readonly Control[];
}

export const GROUPS: readonly Group[] = SETTINGS_PAGES.flatMap(page =>
  Object.entries<readonly Control[]>(SETTINGS[page]).map(([name, controls]) => ({ name, page, controls })),
);

/** All controls, in the order in which they are shown. */
export const CONTROLS: readonly Control[] = GROUPS.flatMap(({ controls }) => controls);

/** The value that stands for the whole guild in the menu of channels. */
export const WHOLE_GUILD = 'server';

/**
 * The value that stands for a part of the channels in that menu, which has too few entries for all of them. Parts are
 * counted from 0.
 */
export const channelPart = (part: number) => `part.${part}`;

/** Returns which part of the channels a value of that menu stands for; undefined when it stands for none. */
export function channelPartIn(value: string): number | undefined {
  const [, part] = /^part\.(\d)$/.exec(value) ?? [];
  return part === undefined ? undefined : Number(part);
}

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
