import { cleanCharacters } from './characters.ts';
import { IN_CYRILLIC_LETTERS, IN_LATIN_LETTERS } from './common-words.ts';
import { languageOfHan } from './han.ts';
import { scan } from './scan.ts';
import { type Script, type ScriptShare, scriptsOf } from './scripts.ts';
import { withoutHidden } from './spoilers.ts';
import { type ByWords, type Leanings, tellByWords } from './tell-by-words.ts';
import type { Token } from './token.ts';
import { textsOf, type Written } from './written.ts';

// Tells the language of a message: first by its script, then by its words.

/** How much of a message is looked at, in UTF-16 units. */
const LOOKED_AT = 400;
/** How many words in Latin letters there must be for each in another script, to take that for a name or a quotation. */
const AROUND = 2;

/** Letters that tell the languages with Cyrillic letters apart, in the order in which they are looked for. */
const CYRILLIC_LETTERS: readonly (readonly [string, RegExp])[] = [
  ['kk', /[әғқңөұүһ]/iu],
  ['mk', /[ѓќѕ]/iu],
  ['sr', /[ђћјљњџ]/iu],
  ['be', /ў|і.*ы|ы.*і/iu],
  ['uk', /[іїєґ]/iu],
  ['ru', /[ыэё]/iu],
];
/** Letters of Persian and Urdu, which Arabic does not have. */
const URDU = /[ٹڈڑںےہھ]/u;
const PERSIAN = /[پچژگکی]/u;
/** Syllables with which Japanese words are bent and joined, in which few names are written. */
const HIRAGANA = /\p{Script=Hira}/u;
const HONORIFIC = /(?:さん|ちゃん|くん|さま)$/u;
const MARATHI =
  /ळ|(?<![\p{L}\p{M}])(?:आहे|आहेत|नाही|काय|मी|तू|आणि|होते|होता|मध्ये|मला|तुला|आम्ही|झाले|झाली|करून|केले|केली|पण|त्या|त्यांनी|माझे|माझा|माझी)(?![\p{L}\p{M}])/u;

/**
 * The language of a message, or of a text in Discord's markup, as a code of ISO 639; undefined where it cannot be told.
 * It may be a language in which the bot has no words of its own.
 */
export function tellLanguage(written: Written | string, leanings: Leanings = new Map()): string | undefined {
  if (typeof written === 'string') return languageOfText(written, leanings);
  // Of somebody's own words and what comes with them, the words count. Names of stickers are in any language.
  return (
    languageOfText(written.content, leanings) ??
    languageOfText(textsOf({ ...written, content: '', stickers: [] }).join('\n'), leanings)
  );
}

function languageOfText(markup: string, leanings: Leanings): string | undefined {
  const scripts = scriptsOf(plainText(markup.slice(0, LOOKED_AT)));
  const latin = scripts.get('latin');
  scripts.delete('latin');
  const inLatin = latin && tellByWords(latin.stretches, IN_LATIN_LETTERS, leanings);
  const script = heaviest(scripts);
  if (!script || (inLatin && isAround(inLatin, scripts))) return inLatin?.language;
  return languageOfScript(script, scripts, leanings);
}

/**
 * Whether there are enough words in Latin letters to take those in other scripts for a name or a quotation. "I met
 * 田中さん yesterday" and "ユキ is online" are English; "Tomさん上手いね" and "lol それな" are Japanese.
 */
function isAround(latin: ByWords, scripts: ReadonlyMap<Script, ScriptShare>): boolean {
  const parts = [...scripts.values()];
  const isName =
    [...scripts.keys()].every(script => script === 'han' || script === 'kana') && !hasHiragana(parts);
  if (latin.language === undefined && !isName) return false;
  const others = isName ? 1 : parts.reduce((sum, { words }) => sum + words, 0);
  return latin.likely >= AROUND * others;
}

function hasHiragana(parts: readonly ScriptShare[]): boolean {
  return parts.some(({ stretches }) =>
    stretches.some(stretch => HIRAGANA.test(stretch.replace(HONORIFIC, ''))),
  );
}

/** The words of a message without its mentions, links, emoji, faces and code. */
function plainText(markup: string): string {
  return scan(cleanCharacters(withoutHidden(markup)))
    .map(textOf)
    .join('');
}

function textOf(token: Token): string {
  if (token.kind === 'text') return token.text;
  return token.kind === 'marks' ? token.sign.repeat(token.left) : ' ';
}

/** The script with the most words. Chinese characters beside Japanese syllables are Japanese. */
function heaviest(scripts: ReadonlyMap<Script, ScriptShare>): Script | undefined {
  const [first] = [...scripts].toSorted(([, one], [, other]) => other.words - one.words);
  return first?.[0] === 'han' && scripts.has('kana') ? 'kana' : first?.[0];
}

function languageOfScript(
  script: Script,
  scripts: ReadonlyMap<Script, ScriptShare>,
  leanings: Leanings,
): string | undefined {
  const stretches = scripts.get(script)?.stretches ?? [];
  const letters = stretches.join(' ');
  if (script === 'kana') return 'ja';
  if (script === 'han') return languageOfHan(letters) ?? (leansToJapanese(leanings) ? 'ja' : 'zh');
  if (script === 'arabic') return URDU.test(letters) ? 'ur' : PERSIAN.test(letters) ? 'fa' : 'ar';
  if (script === 'devanagari') return MARATHI.test(letters) ? 'mr' : 'hi';
  if (script === 'cyrillic') return languageOfCyrillic(stretches, letters, leanings);
  return script;
}

function leansToJapanese(leanings: Leanings): boolean {
  return (leanings.get('ja') ?? 0) > (leanings.get('zh') ?? 0);
}

function languageOfCyrillic(
  words: readonly string[],
  letters: string,
  leanings: Leanings,
): string | undefined {
  const byLetter = CYRILLIC_LETTERS.find(([, own]) => own.test(letters));
  if (byLetter) return byLetter[0];
  const { language, known } = tellByWords(words, IN_CYRILLIC_LETTERS, leanings);
  if (language !== undefined || known > 0) return language;
  // Nothing is known but the script: it is the one of its languages that is written here.
  const [leaning] = [...leanings]
    .filter(([l]) => IN_CYRILLIC_LETTERS.has(l))
    .toSorted(([, a], [, b]) => b - a);
  return leaning?.[0];
}
