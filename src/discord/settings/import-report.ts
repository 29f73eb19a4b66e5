import type { Translate } from '../../locale/catalogue.ts';
import { CHANNEL_SETTINGS } from '../../settings/channel.ts';
import { type GuildSettings, settingsIn } from '../../settings/guild.ts';
import type { GuildRecord } from '../../store/store.ts';
import { plain } from '../interaction/texts.ts';
import { type Control, labelOf } from '../panel/controls.ts';
import { CONTROLS } from '../panel/pages.ts';
import { isList, namesIn, type ValueWords, valueInWords } from '../panel/value-words.ts';

// Tells people in words what has changed when somebody has imported a file of settings, or has undone the import.
// `settings-files.ts` makes the import.

/** The most new items, and the most removed ones, that are named of a list that has changed. */
const MAX_ITEMS = 5;
/** The most characters of all changes together, so that they fit into a message. */
const MAX_CHARACTERS = 1_500;
/** The most characters of a blocked word, and of each side of an entry of the dictionary. */
const MAX_WORD = 30;

type Content = Pick<GuildRecord, 'settings' | 'words'>;

/**
 * Returns what an import changes, in words: a line for each setting and channel that has another value afterwards, such
 * as `Speed: 1× → 1.5×`, and one for the dictionary.
 */
export function changesInWords(before: Content, after: Content, words: ValueWords): readonly string[] {
  const settings = CONTROLS.filter(control => !isSame(control, before.settings, after.settings)).map(
    control => changeInWords(control, before.settings, after.settings, words),
  );
  return [
    ...settings,
    ...channelChanges(before.settings, after.settings, words),
    ...dictionaryChange(before.words, after.words, words.t),
  ];
}

/** Returns as many of the changes as fit into a message, as a list, and how many more there are. */
export function listOfChanges(changes: readonly string[], t: Translate): string {
  let list = '';
  for (const [index, change] of changes.entries()) {
    if (list.length + change.length > MAX_CHARACTERS)
      return `${list}${t('queue.more', { count: changes.length - index })}`;
    list += `- ${change}\n`;
  }
  return list.trimEnd();
}

function isSame(control: Control, before: GuildSettings, after: GuildSettings): boolean {
  const valueOf = (settings: GuildSettings): unknown => {
    if (control.kind === 'range') return settings.bounds[control.part];
    if (control.kind === 'channels') return settings.channels.map(({ id }) => id);
    const value = settings[control.setting];
    // The order of what a map holds has no meaning.
    if (typeof value !== 'object' || Array.isArray(value)) return value;
    return Object.entries(value ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  };
  return JSON.stringify(valueOf(before)) === JSON.stringify(valueOf(after));
}

function changeInWords(
  control: Control,
  before: GuildSettings,
  after: GuildSettings,
  words: ValueWords,
): string {
  const name = `**${words.t(labelOf(control))}**`;
  const [old, now] = [itemsOf(control, before, words), itemsOf(control, after, words)];
  if (old && now && (old.length > 0 || now.length > 0)) {
    const change = itemsInWords(old, now, words.t);
    if (change !== '') return words.t('named', { name, value: change });
  }
  const value = `${valueInWords(before, control, words)} → ${valueInWords(after, control, words)}`;
  return words.t('named', { name, value });
}

/** Returns the items of a setting that is a list, in words; undefined for all others. */
function itemsOf(
  control: Control,
  settings: GuildSettings,
  words: ValueWords,
): readonly string[] | undefined {
  if (control.kind === 'phrases') return settings.blockedWords.map(shortWord);
  return isList(control) ? namesIn(settings, control, words) : undefined;
}

const shortWord = (word: string) =>
  plain(word.length > MAX_WORD ? `${word.slice(0, MAX_WORD).toWellFormed()}…` : word);

/**
 * Returns which items of a list are new and which are gone, such as `+ one, two · − three`. `shown` puts an item into
 * words.
 */
function itemsInWords(
  before: readonly string[],
  after: readonly string[],
  t: Translate,
  shown = (item: string) => item,
): string {
  const named = (sign: string, items: readonly string[]) => {
    if (items.length === 0) return [];
    const more = items.length > MAX_ITEMS ? ` ${t('queue.more', { count: items.length - MAX_ITEMS })}` : '';
    return [`${sign} ${items.slice(0, MAX_ITEMS).map(shown).join(', ')}${more}`];
  };
  const added = after.filter(item => !before.includes(item));
  const removed = before.filter(item => !after.includes(item));
  return [...named('+', added), ...named('−', removed)].join(' · ');
}

/** Returns what is new in the settings that channels have for themselves, with a line for each channel. */
function channelChanges(before: GuildSettings, after: GuildSettings, words: ValueWords): readonly string[] {
  const ids = new Set([...before.channels, ...after.channels].map(({ id }) => id));
  return [...ids].flatMap(id => {
    const [old, now] = [ownOf(before, id), ownOf(after, id)];
    const controls = CONTROLS.filter(
      ({ setting }) =>
        CHANNEL_SETTINGS.has(setting) && JSON.stringify(old[setting]) !== JSON.stringify(now[setting]),
    );
    const [oldIn, nowIn] = [settingsIn(before, id), settingsIn(after, id)];
    const shown = (own: Readonly<Record<string, unknown>>, settings: GuildSettings, control: Control) =>
      own[control.setting] === undefined
        ? words.t('settings.as-server')
        : valueInWords(settings, control, words);
    const changes = controls.map(
      control => `${words.t(labelOf(control))} ${shown(old, oldIn, control)} → ${shown(now, nowIn, control)}`,
    );
    const [addedBefore, addedNow] = [old['addedBy'], now['addedBy']];
    if (addedBefore !== undefined && addedNow !== undefined && addedBefore !== addedNow)
      changes.push(words.t(addedNow === 'admin' ? 'settings.read-always' : 'settings.read-until-join'));
    return changes.length > 0
      ? [words.t('named', { name: words.channel(id), value: changes.join(', ') })]
      : [];
  });
}

function ownOf({ channels }: GuildSettings, id: string): Readonly<Record<string, unknown>> {
  return { ...channels.find(channel => channel.id === id) };
}

function dictionaryChange(
  before: GuildRecord['words'],
  after: GuildRecord['words'],
  t: Translate,
): readonly string[] {
  // An entry is a word with a line break and what is said behind it, since neither can have one.
  const items = (words: GuildRecord['words']) => [...words].map(entry => entry.join('\n'));
  const shown = (item: string) => item.split('\n').map(shortWord).join(' → ');
  const change = itemsInWords(items(before), items(after), t, shown);
  return change === '' ? [] : [t('named', { name: `**${t('panel.group.dictionary')}**`, value: change })];
}
