import { type APIMessageTopLevelComponent, ComponentType } from 'discord.js';
import type { Translate } from '../../locale/catalogue.ts';
import type { Voice } from '../../voices/library.ts';
import { button, buttonRow } from '../interaction/buttons.ts';
import { plain } from '../interaction/texts.ts';
import { PAGE_SIZE, searchId, voiceCards } from './voice-cards.ts';

// Draws a page of `/voice search`: the voices that fit a query, with buttons to turn the pages. `search.ts` finds the
// voices and answers the buttons, and `voice-cards.ts` draws a single voice.

/** The most characters of a query. It is part of the ids of the buttons, for which Discord allows 100 characters. */
export const MAX_QUERY = 80;

/** One page of the voices that fit a query. */
export interface SearchPage {
  readonly query: string;
  /** The number of the page, from 1. */
  readonly page: number;
  /** How many voices fit the query, on all pages together. */
  readonly total: number;
  readonly voices: readonly Voice[];
  /** Whether they are from memory alone, since Fish Audio was not asked or did not answer. */
  readonly fromMemory: boolean;
}

/** Returns a page of voices as Discord shows it, with buttons to turn the pages. */
export function searchView(
  { query, page, total, voices, fromMemory }: SearchPage,
  t: Translate,
): readonly APIMessageTopLevelComponent[] {
  const pages = pagesOf(total);
  const turn = [
    button(searchId('page', String(page - 1), query), t('voice.search.previous'), { disabled: page <= 1 }),
    button(searchId('page', String(page + 1), query), t('voice.search.next'), { disabled: page >= pages }),
  ];
  const found = foundInWords({ page, total, voices, fromMemory }, t);
  const title = `## ${t('voice.search.title', { query: plain(query) })}\n-# ${found}`;
  return [
    {
      type: ComponentType.Container,
      components: [
        { type: ComponentType.TextDisplay, content: title },
        ...voiceCards(voices, id => searchId('take', id), t),
        ...(pages > 1 ? [{ type: ComponentType.Separator as const }, buttonRow(...turn)] : []),
      ],
    },
  ];
}

/** Returns how many pages `total` voices fill. */
export function pagesOf(total: number): number {
  return Math.max(1, Math.ceil(total / PAGE_SIZE));
}

/**
 * Returns how many voices were found, and which page of them this is. Where none is in memory, only Fish Audio can say
 * that there is none.
 */
export function foundInWords(
  { page, total, voices, fromMemory }: Omit<SearchPage, 'query'>,
  t: Translate,
): string {
  if (voices.length > 0) return t('voice.search.count', { total, page, pages: pagesOf(total) });
  return t(fromMemory ? 'fish.trouble' : 'voice.search.none');
}
