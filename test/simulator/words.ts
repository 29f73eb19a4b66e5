const CONSONANTS = 'bdfgklmnprstvz';
const VOWELS = 'aeiou';
const SYLLABLES = CONSONANTS.length * VOWELS.length;
const ALL = SYLLABLES ** 2;
/** Has no factor in common with ALL, so that words that follow one another are not alike. */
const STRIDE = 1_789;

/** Word number `index` of those that only the simulator says: two syllables, each word another. Repeats after 4,900. */
export function wordOf(index: number): string {
  const number = (index * STRIDE) % ALL;
  return syllable(Math.floor(number / SYLLABLES)) + syllable(number % SYLLABLES);
}

function syllable(number: number): string {
  return CONSONANTS.charAt(Math.floor(number / VOWELS.length)) + VOWELS.charAt(number % VOWELS.length);
}
