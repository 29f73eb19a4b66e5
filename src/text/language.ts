/** The languages in which the bot can say words of its own, as ISO 639-1 codes. */
export const LANGUAGES = [
  'en',
  'ja',
  'es',
  'de',
  'ko',
  'ar',
  'fr',
  'pt',
  'zh',
  'it',
  'ru',
  'nl',
  'pl',
  'tr',
  'uk',
  'vi',
  'id',
  'hi',
  'th',
  'sv',
] as const;
export type Language = (typeof LANGUAGES)[number];

/**
 * The language of a locale such as `en-US`, `pt-BR` or `es-419` (Discord, "Locales"); English if it is none of these.
 */
export function languageOf(locale: string | null | undefined): Language {
  return LANGUAGES.find(language => language === codeOf(locale)) ?? 'en';
}

/** The code of ISO 639 at the beginning of a locale: `pt` of `pt-BR`; empty if there is none. */
export function codeOf(locale: string | null | undefined): string {
  return (locale ?? '').toLowerCase().split(/[-_]/, 1)[0] ?? '';
}

/** Whether the bot can say words of its own in a language, which is given as a code of ISO 639. */
export function hasWords(code: string): code is Language {
  return LANGUAGES.some(language => language === code);
}
