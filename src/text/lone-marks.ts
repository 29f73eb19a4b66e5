import { emojiName } from './emoji.ts';
import type { Language } from './language.ts';
import { phrase } from './phrases.ts';
import { Prose } from './prose.ts';

// Marks are not said inside a sentence. But somebody who writes nothing else, such as "?" or "♡", says something by it.

const ONLY_MARKS = /^[\s?!.…‥？！。．¿¡؟・⋯♪♫♬♩♡♥❥☆★✩✪✮✿❀❁→←↑↓]+$/u;
const KINDS =
  /(?<question>[?？¿؟])|(?<exclamation>[!！¡])|(?<dots>\.{2,}|[…‥⋯]|。{2,}|．{2,}|・{2,})|(?<ornament>[♪♫♬♩♡♥❥☆★✩✪✮✿❀❁→←↑↓])/gu;
/** The emoji that ornaments are like, since these have names in all languages. */
const LIKE: Readonly<Record<string, string>> = {
  '♪': '🎵',
  '♫': '🎵',
  '♩': '🎵',
  '♬': '🎶',
  '♡': '❤',
  '♥': '❤',
  '❥': '❤',
  '✿': '🌸',
  '❀': '🌸',
  '❁': '🌸',
  '→': '➡',
  '←': '⬅',
  '↑': '⬆',
  '↓': '⬇',
};

/**
 * The names of the marks of a text that has nothing but marks and ornaments, each once; empty for any other text, and
 * for a text of ornaments alone if emoji are left out. The characters of the text are clean already.
 */
export function loneMarks(
  text: string,
  { language, emoji }: { language: Language; emoji: 'name' | 'skip' },
): string {
  if (!ONLY_MARKS.test(text)) return '';
  const names = new Set<string>();
  for (const { groups } of text.matchAll(KINDS)) {
    if (groups?.['question'] !== undefined) names.add(phrase(language, 'question-mark'));
    else if (groups?.['exclamation'] !== undefined) names.add(phrase(language, 'exclamation-mark'));
    else if (groups?.['dots'] !== undefined) names.add(phrase(language, 'dots'));
    else if (emoji === 'name') names.add(emojiName(LIKE[groups?.['ornament'] ?? ''] ?? '⭐', language));
  }
  const prose = new Prose(language);
  for (const name of names) prose.aside(name);
  return prose.text;
}
