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

/** Voices on a page: of 40 components each takes four. */
export const PAGE_SIZE = 5;
/** Characters of what is looked for; with the rest it stands in the id of a button, which takes 100. */
export const MAX_QUERY = 80;
const MAX_TITLE = 100;
const MAX_LANGUAGES = 6;

/** Everything is in the id of a button, so that it works after a restart too. */
const PREFIX = 'voices';
export const searchId = (...parts: readonly string[]) => [PREFIX, ...parts].join(':');

export interface SearchPage {
  readonly query: string;
  /** From 1. */
  readonly page: number;
  readonly total: number;
  readonly voices: readonly Voice[];
}

/** A page of voices, each with what matters, a button to hear it and one to take it (Discord, "Components V2"). */
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
