// Compares what people type with the names of voices and languages, whatever case and accents they use. `ranking.ts`
// searches with it.

/** Folds a text for the search of voices: texts that differ only in case, accents or Unicode forms become equal. */
export function foldForSearch(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('ß', 'ss').trim();
}

/** The folded words of a text, which are separated by everything that is neither a letter nor a digit. */
export function searchWords(text: string): string[] {
  return foldForSearch(text).match(/[\p{L}\p{N}]+/gu) ?? [];
}
