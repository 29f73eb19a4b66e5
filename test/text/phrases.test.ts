import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { LANGUAGES, type Language } from '../../src/text/language.ts';
import { phrase } from '../../src/text/phrases.ts';

function catalogue(language: Language): Record<string, string> {
  const file = new URL(`../../src/text/phrases/${language}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
}

const COUNTED = ['image', 'video', 'audio', 'voice-message', 'text-file', 'archive', 'file'] as const;
const ENGLISH = catalogue('en');

describe.each(LANGUAGES)('%s', language => {
  const words = catalogue(language);

  test('has each phrase, with each placeholder, and nothing else', () => {
    expect(Object.keys(words)).toEqual(Object.keys(ENGLISH));
    for (const [key, text] of Object.entries(words)) {
      const placeholders = (of: string) =>
        (of.match(/\{(?:name|text|what|question|answers|site|count)\b/g) ?? []).toSorted();
      expect(placeholders(text), key).toEqual(placeholders(ENGLISH[key] ?? ''));
    }
  });

  test.each(COUNTED)('counts: %s', key => {
    // One, and in Arabic and Chinese two, is in the words; each other number is said as it is.
    for (const count of [3, 5, 11, 21, 22, 25, 100, 101, 111, 1.5].filter(Number.isInteger))
      expect(phrase(language, key, { count })).toContain(String(count));
    const rule = new Intl.PluralRules(language);
    const categories = rule
      .resolvedOptions()
      .pluralCategories.filter(category => words[key]?.includes(`${category} {`));
    const unsaid = [1, 2, 3, 5, 11, 21, 22, 25, 100, 111].filter(
      count => rule.select(count) !== 'other' && !categories.includes(rule.select(count)),
    );
    // Where nouns do not change, or only the number one has words of its own.
    expect(unsaid.filter(count => count !== 1)).toEqual([]);
  });
});

test.each([
  ['ru', 'image', 1, 'картинка'],
  ['ru', 'image', 2, '2 картинки'],
  ['ru', 'image', 5, '5 картинок'],
  ['ru', 'image', 21, '21 картинка'],
  ['uk', 'file', 22, '22 файли'],
  ['uk', 'file', 11, '11 файлів'],
  ['pl', 'file', 1, 'plik'],
  ['pl', 'file', 3, '3 pliki'],
  ['pl', 'file', 12, '12 plików'],
  ['pl', 'voice-message', 22, '22 wiadomości głosowe'],
  ['ar', 'image', 1, 'صورة'],
  ['ar', 'image', 2, 'صورتان'],
  ['ar', 'image', 3, '3 صور'],
  ['ar', 'image', 11, '11 صورة'],
  ['ar', 'file', 11, '11 ملفًا'],
  ['ar', 'file', 100, '100 ملف'],
  ['zh', 'image', 2, '两张图片'],
  ['zh', 'image', 3, '3张图片'],
  ['ja', 'image', 2, '画像2枚'],
  ['tr', 'file', 3, '3 dosya'],
  ['fr', 'audio', 2, '2 fichiers audio'],
  ['it', 'video', 2, '2 video'],
] as const)('%s: %s × %i is "%s"', (language, key, count, said) => {
  expect(phrase(language, key, { count })).toBe(said);
});

test('what is put in stands there letter by letter', () => {
  expect(phrase('en', 'said', { name: "{name} '<b>", text: '{count, plural, one {x}} $&' })).toBe(
    "{name} '<b> said: {count, plural, one {x}} $&",
  );
});
