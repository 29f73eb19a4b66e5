import { type APIMessageTopLevelComponent, ComponentType } from 'discord.js';
import type { MessageKey, Translate } from '../../locale/catalogue.ts';
import type { CommandIds } from '../interaction/command-ids.ts';
import { entriesIn, HELP_TOPICS, type HelpEntry, type HelpTopic } from './topics.ts';

// Draws a page of `/help`: the first one, which tells how to begin, or that of a topic, with commands that can be
// clicked. A command gets an example here, by its name in `EXAMPLES`. `help.ts` decides which page is shown.

/** The custom id of the menu in which people choose a topic. */
export const HELP_MENU = 'help:topic';

/** A page of `/help`: how to begin, or one topic. */
export type HelpPage = HelpTopic | 'start';

/** The commands that have an example, as the catalogue's text `help.example.<command>`, with dots for spaces. */
const EXAMPLES = new Set([
  'say',
  'ask',
  'voicemessage',
  'join',
  'voice search',
  'voice set',
  'voice preview',
  'name',
  'dictionary add',
  'dictionary try',
  'usage',
]);

export interface HelpViewOptions {
  readonly page: HelpPage;
  /** What the person who asks may use. */
  readonly entries: readonly HelpEntry[];
  readonly ids: Pick<CommandIds, 'mention'>;
  readonly t: Translate;
}

/** Returns a page of `/help` as Discord shows it (Discord, "Components V2"). */
export function helpView(options: HelpViewOptions): readonly APIMessageTopLevelComponent[] {
  const { page, entries, t } = options;
  const topics = HELP_TOPICS.filter(topic => entriesIn(topic, entries).length > 0);
  const pages: readonly HelpPage[] = ['start', ...topics];
  const shown = pages.includes(page) ? page : 'start';
  const body = shown === 'start' ? start(topics, options) : topic(shown, options);
  const menu = {
    type: ComponentType.StringSelect as const,
    custom_id: HELP_MENU,
    options: pages.map(value => ({ value, label: t(`help.${value}`), default: value === shown })),
  };
  return [
    {
      type: ComponentType.Container,
      components: [
        { type: ComponentType.TextDisplay, content: body },
        { type: ComponentType.ActionRow, components: [menu] },
      ],
    },
  ];
}

/** Returns the first page: how to begin, and the names of all commands. */
function start(topics: readonly HelpTopic[], { entries, ids, t }: HelpViewOptions): string {
  const command = (name: string) => ids.mention(name);
  const steps = [
    t('help.step.join', { join: command('join') }),
    t('help.step.write', { say: command('say') }),
    t('help.step.voice', { search: command('voice search') }),
    t('help.step.optout', { optout: command('optout') }),
  ].map((step, index) => `${index + 1}. ${step}`);
  const lists = topics.map(topic => {
    const names = entriesIn(topic, entries).map(entry => shownName(entry, { ids, t }));
    return `**${t(`help.${topic}`)}**\n${names.join(' ')}`;
  });
  return [`## ${t('help.title')}`, t('help.head'), ...steps, ...lists].join('\n');
}

/** Returns the page of a topic: its commands, what each does, and examples. */
function topic(name: HelpTopic, options: HelpViewOptions): string {
  const { entries, t } = options;
  const lines = entriesIn(name, entries).map(entry => {
    const about = entry.kind === 'menu' ? t('help.menu') : t(`command.${dotted(entry.name)}` as MessageKey);
    const line = `${shownName(entry, options)} ${about}`;
    if (!EXAMPLES.has(entry.name)) return line;
    return `${line}\n-# ${t('help.example', { example: t(`help.example.${dotted(entry.name)}` as MessageKey) })}`;
  });
  return [`## ${t(`help.${name}`)}`, ...lines].join('\n');
}

function shownName({ name, kind }: HelpEntry, { ids, t }: Pick<HelpViewOptions, 'ids' | 't'>): string {
  return kind === 'command' ? ids.mention(name) : `**${t(menuKey(name))}**`;
}

/** The catalogue's key of an entry of the menu on messages, by its English name. */
function menuKey(name: string): MessageKey {
  return `menu.${name
    .toLowerCase()
    .replaceAll(/[^a-z]+/g, ' ')
    .trim()
    .replaceAll(' ', '-')}` as MessageKey;
}

const dotted = (name: string) => name.replaceAll(' ', '.');
