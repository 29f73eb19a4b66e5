import { readFileSync } from 'node:fs';

// The words that people write most in chat, by language. They tell a language better than any statistics of letters
// where a message has but a few words.

/** The languages of which there is a list of words, each in `common-words/<language>.txt`. */
const LATIN = ['en', 'es', 'de', 'fr', 'pt', 'it', 'nl', 'pl', 'tr', 'vi', 'id', 'sv'] as const;
const CYRILLIC = ['ru', 'uk', 'bg'] as const;
/** Languages that are listed lest their words be taken for those of the others. */
const NEIGHBOURS = ['da', 'no', 'cs', 'ro', 'fi', 'hu', 'ca', 'hr', 'af', 'tl'] as const;
export const IN_LATIN_LETTERS: ReadonlySet<string> = new Set<Listed>([...LATIN, ...NEIGHBOURS]);
export const IN_CYRILLIC_LETTERS: ReadonlySet<string> = new Set<Listed>(CYRILLIC);
type Listed = (typeof LATIN | typeof CYRILLIC | typeof NEIGHBOURS)[number];

/**
 * A word that is written without the accents of its list counts a little less. In Vietnamese it counts still less: few
 * people leave its accents out, and what is left of a word may be one of another language, such as "the" or "on".
 */
const WITHOUT_ACCENTS = 0.8;
const WITHOUT_TONES = 0.5;
/** A word that no other language has counts a little more. */
const ALONE = 1.25;
/** The words of a neighbour count less, because fewer people write in it. */
const NEIGHBOUR = 0.8;
/**
 * Words that Catalan, Afrikaans and Tagalog share with a language that is no neighbour count still less for them:
 * "hola" is Spanish before it is Catalan.
 */
const SHARED = 0.5;
const FAINT: ReadonlySet<string> = new Set<Listed>(['ca', 'af', 'tl']);
const isNeighbour = (language: string) => NEIGHBOURS.some(neighbour => neighbour === language);
/** A word of games and chats all over the world says little about the language. */
const EVERYWHERE = 0.2;
/** Short words are found in many languages, also in those without a list. */
const BY_LENGTH = [0, 0.6, 0.6, 0.85];

/** How much a word speaks for each language that has it: from 0 to 1.25. */
export type Evidence = readonly (readonly [Listed, number])[];

/** The languages that have each word in their list, while the lists are read. */
type Lists = Map<string, (readonly [Listed, number])[]>;

/** The letters that are no letter with an accent, and how people write them who have no key for them. */
const PLAIN: Readonly<Record<string, string>> = { ł: 'l', đ: 'd', ı: 'i', ø: 'o', ß: 'ss', æ: 'ae', å: 'a' };

function withoutAccents(text: string): string {
  const plain = text.replaceAll(/[łđıøßæå]/g, letter => PLAIN[letter] ?? letter);
  return plain.normalize('NFD').replaceAll(/\p{M}/gu, '');
}

function readList(name: string): string {
  const file = new URL(`common-words/${name}.txt`, import.meta.url);
  return readFileSync(file, 'utf8').normalize('NFC').trim();
}

/**
 * Reads which languages have each word, and how much it counts in each, before its length and the other languages are
 * considered. `evidenceInLists` does that only for words that people write: reading takes some twenty milliseconds as
 * it is, each time the process starts.
 */
function readLists(): ReadonlyMap<string, Evidence> {
  const found: Lists = new Map();
  for (const language of [...LATIN, ...CYRILLIC, ...NEIGHBOURS]) {
    const share = isNeighbour(language) ? NEIGHBOUR : 1;
    const shareOfPlain = share * (language === 'vi' ? WITHOUT_TONES : WITHOUT_ACCENTS);
    const list = readList(language);
    const words = list.split(/\s+/);
    const plainWords = withoutAccents(list).split(/\s+/);
    for (const word of words) note(found, word, language, share);
    for (const [at, plain] of plainWords.entries())
      if (plain !== words[at] && plain.length > 1) note(found, plain, language, shareOfPlain);
  }
  return found;
}

/** Adds a language to those that have a word. If it is among them already, it counts as much as before. */
function note(found: Lists, word: string, language: Listed, share: number): void {
  const languages = found.get(word);
  if (!languages) found.set(word, [[language, share]]);
  // One language after another is read, so that it can only be the last one.
  else if (languages.at(-1)?.[0] !== language) languages.push([language, share]);
}

/** What a word that is in a list says about the language; undefined for any other word. */
function evidenceInLists(word: string): Evidence | undefined {
  const languages = lists.get(word);
  if (!languages) return undefined;
  const weight =
    (BY_LENGTH[word.length] ?? 1) *
    (languages.length === 1 ? ALONE : 1) *
    (everywhere.has(word) ? EVERYWHERE : 1);
  const isShared = languages.some(([language]) => !isNeighbour(language));
  return languages.map(([language, share]) => {
    const faint = isShared && FAINT.has(language) ? SHARED : 1;
    return [language, share * weight * faint];
  });
}

const lists = readLists();
const everywhere: ReadonlySet<string> = new Set(readList('everywhere').split(/\s+/));

/** How much a letter counts for each language that has it, in a word that is in no list. */
const BY_LETTER = 0.6;
/** Letters that only some of the listed languages have. Of several in one word, the first in this table counts. */
const LETTERS: readonly (readonly [RegExp, Evidence])[] = (
  [
    [/[\u1ea0-\u1ef9ơư]/u, ['vi']],
    [/[ğış]/u, ['tr']],
    [/[łżśźńąę]/u, ['pl']],
    [/ñ/u, ['es']],
    [/[ãõ]/u, ['pt']],
    [/ß/u, ['de']],
    [/[řěů]/u, ['cs']],
    [/[őű]/u, ['hu']],
    [/[țșă]/u, ['ro']],
    [/[œûî]/u, ['fr']],
    [/[ìò]/u, ['it']],
    [/[øæ]/u, ['da', 'no']],
    [/å/u, ['sv', 'da', 'no']],
    [/ä/u, ['de', 'sv', 'fi']],
    [/ü/u, ['de', 'tr', 'hu']],
    [/ö/u, ['de', 'sv', 'tr', 'hu', 'fi']],
    [/ê/u, ['fr', 'pt', 'vi']],
    [/ç/u, ['fr', 'pt', 'tr', 'ca']],
  ] as const
).map(([letter, languages]) => [letter, languages.map(language => [language, BY_LETTER] as const)]);

/** An article or pronoun that French, Italian and Catalan join to the next word, as in "l'ami". */
const JOINED = /^(\p{L}{1,6})'(\p{L}.*)$/u;
const REPEATED = /(\p{L})\1{2,}/gu;
/** The Turkish capital İ becomes two characters in lower case. */
const DOTTED = 'i\u0307';

/**
 * What a word, as it was written, says about the language: one piece of evidence, or several for "l'ami" and
 * "vas-y". A word that is in no list speaks by its letters, unless it begins with a capital, as names do.
 */
export function evidenceOf(written: string): readonly Evidence[] {
  const word = written.toLowerCase().replaceAll('’', "'").replaceAll(DOTTED, 'i');
  const whole =
    evidenceInLists(word) ??
    evidenceInLists(word.replace(REPEATED, '$1$1')) ??
    evidenceInLists(word.replace(REPEATED, '$1'));
  if (whole) return [whole];
  const parts = word
    .split('-')
    .flatMap(partsOf)
    .filter(found => found !== undefined);
  if (parts.length > 0 || word.charAt(0) !== written.charAt(0)) return parts;
  const byLetter = LETTERS.find(([letter]) => letter.test(word));
  return byLetter ? [byLetter[1]] : [];
}

function partsOf(word: string): (Evidence | undefined)[] {
  const [, article, rest = ''] = JOINED.exec(word) ?? [];
  return article === undefined
    ? [evidenceInLists(word)]
    : [evidenceInLists(`${article}'`), evidenceInLists(rest)];
}
