import type { APIMessageTopLevelComponent } from 'discord.js';
import type { Translate } from '../../locale/catalogue.ts';
import type { GuildRecord } from '../../store/store.ts';
import { button, buttonRow } from '../interaction/buttons.ts';
import { plain } from '../interaction/texts.ts';
import { text } from '../panel/components.ts';

// Shows a dictionary page by page, with buttons to turn the pages.

/** Discord allows 4,000 characters in a message of components; the rest is room for the heading. */
const MAX_CHARACTERS = 3_500;
const MAX_LINES = 20;

/** The custom ids of the buttons begin with this; behind it stands the number of a page. */
const PREFIX = 'words';

type Dictionary = Pick<GuildRecord, 'words' | 'wordsBy'>;
/** A word, and what is said for it. */
type Entry = readonly [word: string, say: string];

/** The number of the page to which a button with this custom id leads, from 1; null if it is no such button. */
export function pageIn(customId: string): number | null {
  const [prefix, page] = customId.split(':');
  return prefix === PREFIX ? Number(page) || 1 : null;
}

/** An entry of a dictionary as a line of text, with the person who added it. `shown` shows what people wrote. */
function lineOf(
  [word, say]: Entry,
  { wordsBy }: Dictionary,
  t: Translate,
  shown: (text: string) => string,
): string {
  const by = wordsBy.get(word);
  return `${shown(word)} → ${say === '' ? t('dictionary.silent') : shown(say)}${by === undefined ? '' : ` · <@${by}>`}`;
}

/** Returns a text in which a sign stands before each sign that `plain` may escape, so it is never shorter than that. */
const longest = (text: string) => text.replace(/[^\p{L}\p{N}\s]/gu, '\\$&');

/**
 * Divides the entries of a dictionary into pages that Discord can show. No text is escaped for that, because a
 * dictionary may hold a thousand texts that somebody made so that each takes long to escape.
 */
function pagesOf(dictionary: Dictionary, t: Translate): readonly (readonly Entry[])[] {
  const pages: Entry[][] = [[]];
  let length = 0;
  for (const entry of dictionary.words) {
    const page = pages.at(-1) ?? [];
    const size = lineOf(entry, dictionary, t, longest).length + 1;
    if (page.length === MAX_LINES || (page.length > 0 && length + size > MAX_CHARACTERS)) {
      pages.push([entry]);
      length = size;
    } else {
      page.push(entry);
      length += size;
    }
  }
  return pages;
}

/**
 * Returns one page of a dictionary as Discord shows it (Discord, "Components V2"), with buttons to the pages before and
 * after it. `page` counts from 1; the last page is shown in place of one that is not there any more.
 */
export function wordsView(
  dictionary: Dictionary,
  page: number,
  t: Translate,
): readonly APIMessageTopLevelComponent[] {
  const pages = pagesOf(dictionary, t);
  const shown = Math.min(Math.max(1, page), pages.length);
  const title = `### ${t('dictionary.title', { count: dictionary.words.size })}`;
  const lines = (pages[shown - 1] ?? []).map(entry => lineOf(entry, dictionary, t, plain)).join('\n');
  if (pages.length === 1) return [text(`${title}\n${lines}`)];
  return [
    text(`${title}\n${lines}\n-# ${t('dictionary.page', { page: shown, pages: pages.length })}`),
    buttonRow(
      button(`${PREFIX}:${shown - 1}`, t('voice.search.previous'), { disabled: shown === 1 }),
      button(`${PREFIX}:${shown + 1}`, t('voice.search.next'), { disabled: shown === pages.length }),
    ),
  ];
}
