import { readFileSync } from 'node:fs';
import type { Language } from './language.ts';
import type { Found } from './token.ts';

/** Any emoji, also those that this version of Unicode does not recommend yet (UTS #51, ED-16). */
const EMOJI =
  /\p{RI}\p{RI}|[#*\d]\ufe0f?\u20e3|[\p{Extended_Pictographic}\p{Emoji_Presentation}][\p{Emoji_Modifier}\ufe0f]?(?:[\u{e0061}-\u{e007a}]+\u{e007f})?(?:\u200d[\p{Extended_Pictographic}\p{Emoji_Presentation}][\p{Emoji_Modifier}\ufe0f]?)*/uy;
/** Characters that are a picture only if they are asked to be one: ©, ™, ↔. */
const OFTEN_TEXT = /^(?:[ -\u25ff]|[\u2900-\u33ff])$/u;
const PICTURE = /^\p{Emoji_Presentation}$/u;
const PLAIN = /[\ufe0f\p{Emoji_Modifier}]/gu;
/** People number lists and choices with keycaps: 1️⃣ is said "1". */
const NUMBER_KEY = /^\d(?=\u20e3$)/;
const REGIONAL_INDICATOR_A = 0x1f1e6;

/** The emoji that begins at `at`. */
export function emojiAt(text: string, at: number): Found | undefined {
  EMOJI.lastIndex = at;
  const [emoji] = EMOJI.exec(text) ?? [];
  if (emoji === undefined || (OFTEN_TEXT.test(emoji) && !PICTURE.test(emoji))) return undefined;
  return { token: { kind: 'emoji', emoji }, end: at + emoji.length };
}

/** Whether an emoji may begin with this UTF-16 code unit; digits and signs only before `next`, as keycaps. */
export function mayBeEmoji(code: number, next: number): boolean {
  if (code < 0xa9) return next === 0xfe0f || next === 0x20e3;
  if (code >= 0xd83c && code <= 0xd83e) return true;
  return (
    (code >= 0x203c && code <= 0x2bff) || code === 0xa9 || code === 0xae || (code >= 0x3030 && code <= 0x3299)
  );
}

/** The names of CLDR, one language at a time, as they are first needed: a pure function of the files. */
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

/** What an emoji is called (CLDR, without the colour of skin), of an unknown one its first part; else empty. */
export function emojiName(emoji: string, language: Language): string {
  const plain = emoji.replace(PLAIN, '');
  const [number] = NUMBER_KEY.exec(plain) ?? [];
  if (number !== undefined) return number;
  if (plain === '🔟') return '10';
  const names = namesIn(language);
  const name = names[plain] ?? names[plain.split('\u200d', 1)[0] ?? ''];
  if (name !== undefined) return name;
  return Array.from(plain, regionalLetter).join('');
}

/** A regional indicator that makes no flag is a letter. */
function regionalLetter(char: string): string {
  const place = (char.codePointAt(0) ?? 0) - REGIONAL_INDICATOR_A;
  return place >= 0 && place < 26 ? String.fromCharCode(0x41 + place) : '';
}
