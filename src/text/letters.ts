import { cleanCharacters } from './characters.ts';
import { lettersOf } from './emoji-letters.ts';
import { joinedWords } from './name-words.ts';
import { scan } from './scan.ts';
import { PAUSE, withoutSilentSigns } from './signs.ts';
import type { Token } from './token.ts';

// Takes the letters out of what somebody wrote, so that a word is known again however it is dressed up.

/**
 * The letters, digits and signs that would be said of a text, before the dictionary: without markup and silent signs
 * ("b**ad**", "ba*d"), and with plain letters for fancy ones ("ʙᴀᴅ", "🇧 🇦 🇩"). Custom emoji are the words of their
 * names (`:BadCat:`); mentions, links and pictures are spaces.
 */
export function spokenLetters(text: string): string {
  return withoutSilentSigns(scan(cleanCharacters(text)).map(lettersOfToken).join('')).replaceAll(PAUSE, ' ');
}

function lettersOfToken(token: Token): string {
  if (token.kind === 'text') return token.text;
  if (token.kind === 'custom-emoji') return ` ${joinedWords(token.name) ?? ''} `;
  return (token.kind === 'emoji' ? lettersOf(token.emoji) : undefined) ?? ' ';
}
