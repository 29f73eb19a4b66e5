import { expect, test } from 'vitest';
import { pageIn, wordsView } from '../../../src/discord/settings/word-pages.ts';
import { translator, UI_LANGUAGES } from '../../../src/locale/catalogue.ts';
import { allComponents, visibleText } from '../../sandbox/discord/component.ts';
import { checkComponents } from '../../sandbox/discord/component-rules.ts';

const t = translator('en-US');

const dictionaryOf = (count: number, sayOf = (n: number) => `say ${n}`) => {
  const words = new Map(Array.from({ length: count }, (_, n) => [`word-${n}`, sayOf(n)]));
  return { words, wordsBy: new Map([...words.keys()].map(word => [word, '12345678901234567890'])) };
};
const textOf = (view: ReturnType<typeof wordsView>) => visibleText({ components: view });
const idsOf = (view: ReturnType<typeof wordsView>) =>
  allComponents(view).flatMap(({ custom_id: id, disabled }) =>
    typeof id === 'string' ? [{ id, disabled }] : [],
  );

test('a short dictionary is one page without buttons; each entry has whoever added it', () => {
  const view = wordsView(
    {
      words: new Map([
        ['brb', 'be right back'],
        ['*x*', ''],
      ]),
      wordsBy: new Map([['brb', '5']]),
    },
    1,
    t,
  );
  expect(textOf(view)).toBe('### Dictionary: 2 words\nbrb → be right back · <@5>\n\\*x\\* → (left out)');
  expect(idsOf(view)).toEqual([]);
});

test('all pages together have each word once, and their buttons lead to each other', () => {
  const dictionary = dictionaryOf(95);
  const seen: string[] = [];
  let page: number | null = 1;
  for (; page !== null; ) {
    const view = wordsView(dictionary, page, t);
    seen.push(...Array.from(textOf(view).matchAll(/word-\d+/g), ([word]) => word));
    const [before, after] = idsOf(view);
    expect(pageIn(before!.id)).toBe(page - 1 || 1);
    expect(before!.disabled).toBe(page === 1);
    page = after!.disabled === true ? null : pageIn(after!.id);
  }
  expect(seen).toEqual([...dictionary.words.keys()]);
  expect(textOf(wordsView(dictionary, 99, t))).toContain('Page 5 of 5'); // words were removed meanwhile
});

test.each(UI_LANGUAGES)('Discord takes the longest pages in %s', language => {
  const long = dictionaryOf(1_000, () => '*'.repeat(200));
  for (const page of [1, 2, 500, 1_000])
    checkComponents(wordsView(long, page, translator(language)), { v2: true, fileNames: [], path: [] });
});

test('a page takes no long time, whatever people have put into the dictionary', () => {
  // The library escapes such a text in a time that grows with the cube of its length: here, in hours.
  const links = dictionaryOf(100, () => '[]('.repeat(20_000));
  expect(textOf(wordsView(links, 1, t))).toContain('\\[](\\[](');
});

test('other buttons are none of it', () => {
  expect(pageIn('settings:page')).toBe(null);
});
