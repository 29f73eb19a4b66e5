import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { UI_LANGUAGES } from '../../src/locale/catalogue.ts';

type Language = (typeof UI_LANGUAGES)[number];

/** Words that a language's texts do not use, each with the reason, or with the word that they use for it. */
const AVOIDED: Readonly<Partial<Record<Language, readonly (readonly [RegExp, string])[]>>> = {
  en: [[/\butterance|\bguild\b/i, 'words of developers']],
  de: [
    [/\bBeitr[aä]ge?\b/, 'Nachricht'],
    [/\bKnopf\b/, 'Button'],
    [/\b(können|müssen|möchten|haben) Sie\b/, 'du'],
    [/\baudible\b/, 'hörbar'],
  ],
  es: [
    [/\bfrases?\b/, 'mensaje'],
    [/\busted|\bvuestr|\bvosotr/i, 'tú, and forms that are said on both sides of the Atlantic'],
    [/\bme callo\b/i, 'rude'],
    [/[«»]/, '“ ”'],
  ],
  fr: [
    [/\bfais-moi taire\b/i, 'rude'],
    [/[A-Za-zÀ-ÿ]'[A-Za-zÀ-ÿ]/, 'the apostrophe ’'],
    [/\beffac/i, 'supprimer'],
  ],
  ja: [
    [/黙ら/, 'rude'],
    [/ボット/, 'Bot'],
    [/待ち行列/, 'キュー'],
    [/audible/, '聞こえる状態'],
  ],
  ko: [[/일시정지/, '일시 정지']],
  pt: [
    [/\bfalas\b|\bfala pulada\b/, 'mensagem'],
    [/\btu\b/, 'você'],
  ],
  zh: [
    [/您/, '你'],
    [/丢弃/, '取消'],
  ],
};

describe.each(UI_LANGUAGES)('%s', language => {
  const file = new URL(`../../src/locale/${language}.json`, import.meta.url);
  const source = readFileSync(file, 'utf8');
  const texts = Object.entries(JSON.parse(source) as Record<string, string>);

  test('has each text once', () => {
    const keys = Array.from(source.matchAll(/^ {2}"([^"]+)": /gm), ([, key]) => key);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  test('has one word for a thing, and is friendly', () => {
    for (const [word, instead] of AVOIDED[language] ?? [])
      for (const [key, text] of texts) expect(text, `${key}: ${instead}`).not.toMatch(word);
  });

  test('has no stray spaces', () => {
    for (const [key, text] of texts) expect(text, key).not.toMatch(/^\s|[^\S\n]{2}|\s$/);
  });
});
