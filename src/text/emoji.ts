import { readFileSync } from 'node:fs';
import { letterEmojiAt } from './emoji-letters.ts';
import type { Language } from './language.ts';
import type { Found } from './token.ts';

// Finds emoji in a text, and knows what they are called.

/** Any emoji, even one that this version of Unicode does not recommend yet (UTS #51, ED-16). */
const EMOJI =
  /\p{RI}\p{RI}|[#*\d]\ufe0f?\u20e3|[\p{Extended_Pictographic}\p{Emoji_Presentation}][\p{Emoji_Modifier}\ufe0f]?(?:[\u{e0061}-\u{e007a}]+\u{e007f})?(?:\u200d[\p{Extended_Pictographic}\p{Emoji_Presentation}][\p{Emoji_Modifier}\ufe0f]?)*/uy;
/** Characters such as ©, ™ and ↔, which are a picture only if a variation selector follows. */
const OFTEN_TEXT = /^(?:[ -\u25ff]|[\u2900-\u33ff])$/u;
const PICTURE = /^\p{Emoji_Presentation}$/u;
const ALL_EMOJI = new RegExp(EMOJI, 'gu');
const PLAIN = /[\ufe0f\p{Emoji_Modifier}]/gu;

/** The emoji that begins at the place `at`; undefined if none does. */
export function emojiAt(text: string, at: number): Found | undefined {
  const letters = letterEmojiAt(text, at);
  if (letters !== undefined) return { token: { kind: 'emoji', emoji: letters }, end: at + letters.length };
  HEART_AS_WORD.lastIndex = at;
  if (HEARTS.has(text.charAt(at)) && HEART_AS_WORD.test(text))
    return { token: { kind: 'emoji', emoji: '❤', written: text.charAt(at) }, end: at + 1 };
  EMOJI.lastIndex = at;
  const [emoji] = EMOJI.exec(text) ?? [];
  if (emoji === undefined || (OFTEN_TEXT.test(emoji) && !PICTURE.test(emoji))) return undefined;
  return { token: { kind: 'emoji', emoji }, end: at + emoji.length };
}

/** All emoji of a text, also those that are mostly text, such as ™. */
export function emojiIn(text: string): readonly string[] {
  return text.match(ALL_EMOJI) ?? [];
}

/**
 * Whether an emoji may begin with the UTF-16 code unit `code`, which `next` follows. It is a fast check before
 * `emojiAt`.
 */
export function mayBeEmoji(code: number, next: number): boolean {
  if (code < 0xa9) return next === 0xfe0f || next === 0x20e3;
  if (code >= 0xd83c && code <= 0xd83e) return true;
  return (
    (code >= 0x203c && code <= 0x2bff) || code === 0xa9 || code === 0xae || (code >= 0x3030 && code <= 0x3299)
  );
}

/** Hearts that are drawn in text, and mean the heart that is red as an emoji. */
const HEARTS = new Set(['♥', '♡']);
/** A heart that is a word: "I ♡ you". */
const HEART_AS_WORD = /(?<=[\p{L}\p{N}] )[♡♥](?= [\p{L}\p{N}])/uy;

/** The names of emoji by CLDR. A language is read when it is first needed; its file never changes. */
const catalogues = new Map<Language, Readonly<Record<string, string>>>();

function namesIn(language: Language): Readonly<Record<string, string>> {
  let names = catalogues.get(language);
  if (!names) {
    const file = new URL(`emoji-names/${language}.json`, import.meta.url);
    names = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, string>>;
    catalogues.set(language, names);
  }
  return names;
}

/**
 * The name of an emoji by CLDR, without its skin colour. If the emoji has no name, it is that of its first part; if
 * that has none either, it is empty.
 */
export function emojiName(emoji: string, language: Language): string {
  const undressed = emoji.replace(PLAIN, '');
  const plain = HEARTS.has(undressed) ? '❤' : undressed;
  const names = namesIn(language);
  return names[plain] ?? names[plain.split('\u200d', 1)[0] ?? ''] ?? '';
}
