import {
  type APIButtonComponentWithCustomId,
  type APIComponentInContainer,
  type APIMessageTopLevelComponent,
  ButtonStyle,
  ComponentType,
} from 'discord.js';
import { languageName } from '../../voices/languages.ts';
import type { Voice } from '../../voices/library.ts';
import { anyLine } from '../../voices/sample-line.ts';
import { shortened } from '../../voices/voice-name.ts';
import type { Translate } from '../../locale/catalogue.ts';
import { plain } from '../interaction/texts.ts';

/** How many voices a page shows. Discord allows 40 components in a message, and each voice takes four. */
export const PAGE_SIZE = 5;
/** The most characters of a query. It is part of the ids of the buttons, for which Discord allows 100 characters. */
export const MAX_QUERY = 80;
const MAX_TITLE = 100;
const MAX_LANGUAGES = 6;

/** The custom ids of this feature's buttons begin with this. */
const PREFIX = 'voices';

/** Makes the custom id of a button. It holds all that the button needs, so that it still works after a restart. */
export const searchId = (...parts: readonly string[]) => [PREFIX, ...parts].join(':');

/** One page of the voices that fit a query. */
export interface SearchPage {
  readonly query: string;
  /** The number of the page, from 1. */
  readonly page: number;
  /** How many voices fit the query, on all pages together. */
  readonly total: number;
  readonly voices: readonly Voice[];
}

/**
 * Returns a page of voices as Discord shows it (Discord, "Components V2"). Each voice has its title, its languages, a
 * sample text, and buttons to hear it and to choose it.
 */
export function searchView(
  { query, page, total, voices }: SearchPage,
  locale: string,
  t: Translate,
): readonly APIMessageTopLevelComponent[] {
  const pages = Math.max(1, Math.ceil(total / PAGE_SIZE));
  const found =
    voices.length === 0 ? t('voice.search.none') : t('voice.search.count', { total, page, pages });
  const turn = [
    button(searchId('page', String(page - 1), query), t('voice.search.previous'), { disabled: page <= 1 }),
    button(searchId('page', String(page + 1), query), t('voice.search.next'), { disabled: page >= pages }),
  ];
  return [
    {
      type: ComponentType.Container,
      components: [
        text(`## ${t('voice.search.title', { query: plain(query) })}\n-# ${found}`),
        ...voices.flatMap(voice => [
          text(about(voice, locale, t)),
          row(
            button(searchId('hear', voice.id), t('voice.search.hear')),
            button(searchId('take', voice.id), t('voice.search.take'), { style: ButtonStyle.Primary }),
          ),
        ]),
        ...(pages > 1 ? [{ type: ComponentType.Separator as const }, row(...turn)] : []),
      ],
    },
  ];
}

function about(voice: Voice, locale: string, t: Translate): string {
  const { id, title, languages, likes } = voice;
  const spoken = languages.slice(0, MAX_LANGUAGES).map(code => languageName(code, locale));
  const facts = [...(spoken.length > 0 ? [spoken.join(', ')] : []), t('voice.search.likes', { likes })];
  const line = anyLine(voice);
  return [
    `**${plain(shortened(title || id, MAX_TITLE))}**`,
    plain(facts.join(' · ')),
    ...(line ? [`> ${plain(line)}`] : []),
  ].join('\n');
}

function button(
  custom_id: string,
  label: string,
  { style = ButtonStyle.Secondary, disabled = false }: { style?: ButtonStyle; disabled?: boolean } = {},
): APIButtonComponentWithCustomId {
  return { type: ComponentType.Button, custom_id, label, style, disabled } as APIButtonComponentWithCustomId;
}

const text = (content: string) => ({ type: ComponentType.TextDisplay as const, content });

function row(...components: APIButtonComponentWithCustomId[]): APIComponentInContainer {
  return { type: ComponentType.ActionRow, components };
}
