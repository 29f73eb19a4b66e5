import type { Language } from './language.ts';

/** In Japanese chat, one or more "w" after a word or its punctuation stand for laughing ("warai"). */
const AFTER_KANA = /(?<=[\p{scx=Hira}\p{scx=Kana}])(?<!\p{P})[wW]+(?!\.?[\p{L}\p{N}_])/gu;
const AFTER_JAPANESE = /(?<=[\p{scx=Hira}\p{scx=Kana}\p{scx=Hani}])(?<!\p{P})[wW]+(?!\.?[\p{L}\p{N}_])/gu;
const APART = /(?<=[！？。、…])[wW]+(?!\.?[\p{L}\p{N}_])|(?<!\S)[wW]{2,}(?!\S)/gu;

/** Numbers that sound like laughing or clapping: in Thai, "555" is "ha ha ha". They count only if no unit follows. */
const IN_NUMBERS: Partial<Record<Language, readonly [RegExp, string]>> = {
  ja: [/(?<![\p{N}.,])8{4,}(?![\p{N}.,%円人個回])/gu, 'パチパチパチ'],
  th: [/(?<![\p{N}.,])5{3,}(?!\s*(?:[\p{N}.,%฿]|บาท|คน))/gu, 'ฮ่าฮ่าฮ่า'],
  zh: [/(?<![\p{N}.,])23{3,}(?![\p{N}.,%元块人个])/gu, '哈哈哈'],
};

/** Replaces laughter that is written as "www" or "555" by words that can be said. */
export function spokenLaughter(text: string, language: Language): string {
  const [number, laughter] = IN_NUMBERS[language] ?? [];
  const said = number && laughter ? text.replace(number, laughter) : text;
  if (!/[wW]/.test(said)) return said;
  if (language !== 'ja') return said.replace(AFTER_KANA, '、わら');
  return said.replace(AFTER_JAPANESE, '、わら').replace(APART, 'わら');
}
