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

/** The number of the page to which a button with this custom id leads, from 1; null if it is no such button. */
export function pageIn(customId: string): number | null {
  const [prefix, page] = customId.split(':');
  return prefix === PREFIX ? Number(page) || 1 : null;
}

/** Returns the entries of a dictionary as lines of text, each with the person who added it. */
function linesOf({ words, wordsBy }: Dictionary, t: Translate): readonly string[] {
  return [...words].map(([word, say]) => {
    const by = wordsBy.get(word);
    return `${plain(word)} → ${say === '' ? t('dictionary.silent') : plain(say)}${by === undefined ? '' : ` · <@${by}>`}`;
  });
}

/** Divides lines into pages that Discord can show. */
function pagesOf(lines: readonly string[]): readonly (readonly string[])[] {
  const pages: string[][] = [[]];
  let length = 0;
  for (const line of lines) {
    const page = pages.at(-1) ?? [];
    if (page.length === MAX_LINES || (page.length > 0 && length + line.length > MAX_CHARACTERS)) {
      pages.push([line]);
      length = line.length;
    } else {
      page.push(line);
      length += line.length + 1;
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
  const pages = pagesOf(linesOf(dictionary, t));
  const shown = Math.min(Math.max(1, page), pages.length);
  const title = `### ${t('dictionary.title', { count: dictionary.words.size })}`;
  const lines = (pages[shown - 1] ?? []).join('\n');
  if (pages.length === 1) return [text(`${title}\n${lines}`)];
  return [
    text(`${title}\n${lines}\n-# ${t('dictionary.page', { page: shown, pages: pages.length })}`),
    buttonRow(
      button(`${PREFIX}:${shown - 1}`, t('voice.search.previous'), { disabled: shown === 1 }),
      button(`${PREFIX}:${shown + 1}`, t('voice.search.next'), { disabled: shown === pages.length }),
    ),
  ];
}
