import { detectAll, supportedLanguages, toISO2 } from 'tinyld/light';
import { evidenceOf, IN_LATIN_LETTERS } from './common-words.ts';

// Tells the language of words that are written in an alphabet of many languages: by those that are common in chat, and
// where these do not suffice, by a detector that goes by letters.

/** By how much the best language must be ahead of the next one. A word of three letters is worth 0.85. */
const AHEAD = 0.5;
/** How much evidence must be in the text itself, however well a language would suit the speaker. */
const ENOUGH = 0.6;
/** With a lead of this much by words alone, the detector is not asked. */
const CLEAR = 1;
/** How much evidence there must be for each word, lest one chance word decides; less in a text of many words. */
const PER_WORD = 0.3;
const PER_WORD_OF_MANY = 0.2;
const MANY = 4;
/** What the detector's greatest certainty counts beside the words. */
const DETECTOR = 0.8;
/** With fewer letters in all, the detector is not asked, since they are abbreviations. */
const DETECTABLE = 4;

/** The languages that the detector knows. */
const DETECTED: ReadonlySet<string> = new Set(supportedLanguages.map(toISO2));

/**
 * Which languages are likely before a text is read, as those that its writer has used lately: how much each counts
 * beside the evidence of the text, where a word that only one language has counts 1.25.
 */
export type Leanings = ReadonlyMap<string, number>;

/** What words say about the language of a text. */
export interface ByWords {
  readonly language: string | undefined;
  /** How many of the words speak for any language. */
  readonly known: number;
  /** How many of the words do not look like names. */
  readonly likely: number;
}

/** Tells by words which of some languages it is. */
export function tellByWords(
  written: readonly string[],
  languages: ReadonlySet<string>,
  leanings: Leanings,
): ByWords {
  const scores = new Map<string, number>();
  let known = 0;
  let likely = 0;
  for (const word of written) {
    const found = evidenceOf(word);
    if (found.length > 0) known += 1;
    if (found.length > 0 || /^\p{Ll}/u.test(word)) likely += 1;
    for (const evidence of found) {
      for (const [language, weight] of evidence)
        if (languages.has(language)) scores.set(language, (scores.get(language) ?? 0) + weight);
    }
  }
  const { length } = written;
  const enough = Math.max(ENOUGH, PER_WORD * Math.min(MANY, length), PER_WORD_OF_MANY * length);
  const certain = ahead(scores, CLEAR, enough);
  if (certain !== undefined) return { language: certain, known, likely };
  if (mayAskDetector(languages, scores)) askDetector(written, scores);
  for (const [language, weight] of leanings) {
    const score = scores.get(language);
    if (score !== undefined && score >= ENOUGH / 2) scores.set(language, score + weight);
  }
  return { language: ahead(scores, AHEAD, enough), known, likely };
}

/**
 * Whether the detector may be asked. Of the languages with Cyrillic letters it knows Russian alone, and where the words
 * speak for a language that it does not know, it would plead for another.
 */
function mayAskDetector(languages: ReadonlySet<string>, scores: ReadonlyMap<string, number>): boolean {
  if (languages !== IN_LATIN_LETTERS) return false;
  const best = Math.max(...scores.values());
  return [...scores].every(([language, score]) => score < best || DETECTED.has(language));
}

/** Adds to the scores what the detector thinks of the words. */
function askDetector(words: readonly string[], scores: Map<string, number>): void {
  const text = withoutNames(words).join(' ');
  if (text.length < DETECTABLE) return;
  for (const { lang, accuracy } of detectAll(text))
    scores.set(lang, (scores.get(lang) ?? 0) + accuracy * DETECTOR);
}

/**
 * The words without those that look like names, which begin with a capital and are not the first. Nothing is left of
 * "Fort Knox"; what is shouted stays.
 */
function withoutNames(words: readonly string[]): readonly string[] {
  if (words.length === 1 || words.every(word => word === word.toUpperCase())) return words;
  const plain = words.filter((word, index) => index === 0 || !/^\p{Lu}/u.test(word));
  return plain.length > 1 || /^\p{Ll}/u.test(plain[0] ?? '') ? plain : [];
}

/** The language that is far enough ahead of all others, and has enough evidence in all. */
function ahead(scores: ReadonlyMap<string, number>, lead: number, enough: number): string | undefined {
  let best = 0;
  let next = 0;
  let language: string | undefined;
  for (const [candidate, score] of scores) {
    if (score > best) {
      next = best;
      best = score;
      language = candidate;
    } else if (score > next) next = score;
  }
  return best >= enough && best - next >= lead ? language : undefined;
}
