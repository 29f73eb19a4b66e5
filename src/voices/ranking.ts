import type { Voice } from '../fish/voices.ts';
import { languagesLike } from './languages.ts';
import { likenessTo, type Word, wordOf } from './likeness.ts';
import { languageMeant } from './query.ts';
import { foldForSearch, searchWords } from './words.ts';

// Finds the voices that somebody may mean by what they type, and puts them in order.

/** How many words of a title are compared, as some titles are whole sentences. */
const MAX_WORDS = 16;
const MAX_TAGS = 16;
const MAX_TYPED_WORDS = 6;
/** A word that fits a tag counts for a little less than one that fits the title. */
const TAG = 0.85;
/** Voices that fit less than this are left out. */
const MIN_LIKENESS = 0.4;
/** Of two voices that fit equally well, the more liked one comes first: likes count a little, by their logarithm. */
const BY_LIKES = 0.004;
/** What is added if a voice speaks the language that was named: more than all else together. */
const IN_LANGUAGE = 10;
/** What is added if the whole title was typed. */
const WHOLE = 0.2;

/** A voice with its folded title and words, ready to be compared. */
export interface Entry {
  readonly voice: Voice;
  readonly title: string;
  readonly words: readonly Word[];
  readonly tags: readonly Word[];
}

/** A voice that somebody may mean. */
export interface Ranked {
  readonly voice: Voice;
  /** How well the voice fits what was typed: 0.4 to 1, and up to 1.2 if that is the whole title. */
  readonly likeness: number;
}

/** Makes a voice ready to be compared. */
export function entryOf(voice: Voice): Entry {
  return {
    voice,
    title: foldForSearch(voice.title),
    words: searchWords(voice.title).slice(0, MAX_WORDS).map(wordOf),
    tags: voice.tags.slice(0, MAX_TAGS).flatMap(searchWords).map(wordOf),
  };
}

/**
 * The voices that somebody may mean by what they have typed (a title, a language, a tag), the best first. If they name
 * a language, the voices that speak it come before all others: whoever looks for "calm german" wants to hear German.
 */
export function ranked(entries: Iterable<Entry>, typed: string): Ranked[] {
  const folded = foldForSearch(typed);
  const words = searchWords(typed).slice(0, MAX_TYPED_WORDS).map(wordMeant);
  const language = languageMeant(typed)?.language ?? '';
  const found: (Ranked & { rank: number })[] = [];
  for (const entry of entries) {
    const like =
      words.length === 0
        ? MIN_LIKENESS
        : words.reduce((sum, meant) => sum + meant(entry), 0) / words.length +
          (entry.title === folded ? WHOLE : 0);
    if (like < MIN_LIKENESS) continue;
    const { voice } = entry;
    const isMeant = voice.languages.includes(language) || entry.title === folded;
    const rank = like + BY_LIKES * Math.log2(voice.likes + 1) + (isMeant ? IN_LANGUAGE : 0);
    found.push({ voice, likeness: like, rank });
  }
  return found.sort((a, b) => b.rank - a.rank);
}

/** Returns a function that says how well a voice fits one typed word, from 0 to 1. */
function wordMeant(typed: string): (entry: Entry) => number {
  const languages = languagesLike(typed);
  const like = likenessTo(typed);
  return ({ voice, words, tags }) => {
    let best = 0;
    for (const word of words) best = Math.max(best, like(word));
    for (const tag of tags) best = Math.max(best, TAG * like(tag));
    for (const code of voice.languages) best = Math.max(best, languages.get(code) ?? 0);
    return best;
  };
}
