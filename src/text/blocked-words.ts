import { spokenLetters } from './letters.ts';

// Finds out whether a text holds one of the words that a guild does not want to hear (its setting `blockedWords`). Here
// one changes what counts as the same word in each script. Whoever asks leaves the text out: a message, a name, a word
// of the dictionary.

/** Characters that people do not see, such as a zero-width space or the mark after a coloured heart. */
const UNSEEN = /[\p{Cf}\p{Variation_Selector}\u034F]/gu;
/** A character of a word. An underscore is none: in chat it is a sign of formatting. */
const OF_WORD = /[\p{L}\p{M}\p{N}]/u;
/** Scripts that have no spaces between words, where no one can tell by the characters where a word ends. */
const UNSPACED =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Bopomofo}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}\p{scx=Tibetan}\p{scx=Javanese}\p{scx=Balinese}\p{scx=Tai_Le}\p{scx=New_Tai_Lue}\p{scx=Tai_Tham}\p{scx=Yi}]/u;
const HANGUL = /\p{sc=Hangul}/u;
/**
 * What Korean puts at the end of a word without a space: particles and forms of "to be", alone or one after another. A
 * word is the same word with them.
 */
const KOREAN_ENDING =
  /^(?:들|은|는|이|가|을|를|의|에|에서|에게|에게서|한테|한테서|께|께서|로|으로|와|과|랑|이랑|하고|도|만|까지|부터|조차|마저|밖에|처럼|보다|같이|같은|마다|나|이나|든지|이든지|야|아|여|이야|이다|다|인|이고|고|입니다|이에요|예요|이네|네|이지|지|요){1,3}(?![\p{sc=Hangul}])/u;

const kept = new WeakMap<readonly string[], readonly string[]>();

/**
 * Whether a text holds one of the blocked words, as it was written or as it would be said. Case, width and characters
 * that nobody sees do not matter, and one space is as good as many. A word counts only as a whole; in scripts without
 * spaces it counts anywhere.
 */
export function holdsBlockedWord(text: string, blockedWords: readonly string[]): boolean {
  if (blockedWords.length === 0 || text === '') return false;
  let words = kept.get(blockedWords);
  if (!words) {
    words = blockedWords.map(folded).filter(word => word !== '');
    kept.set(blockedWords, words);
  }
  const isIn = (searched: string) => {
    const borders = new Borders(searched);
    return words.some(word => holds(borders, word));
  };
  const written = folded(text);
  if (isIn(written)) return true;
  const said = folded(spokenLetters(text));
  return said !== written && isIn(said);
}

function holds(borders: Borders, word: string): boolean {
  const { text } = borders;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
    if (borders.beginsWord(at) && borders.endsWord(at + word.length)) return true;
  return false;
}

/**
 * Knows at which places of a text words begin and end. Each place is looked at once: there are texts and lists of words
 * in which very many words are found at each place, as parts of longer ones.
 */
class Borders {
  readonly text: string;
  readonly #begins: Answers;
  readonly #ends: Answers;

  constructor(text: string) {
    this.text = text;
    this.#begins = new Answers(text.length, at => isBorder(this.#before(at), this.#behind(at)));
    this.#ends = new Answers(
      text.length,
      at => this.beginsWord(at) || (HANGUL.test(this.#before(at)) && KOREAN_ENDING.test(text.slice(at))),
    );
  }

  /** Whether a word that stands behind this place begins there. */
  beginsWord(at: number): boolean {
    return this.#begins.of(at);
  }

  /** Whether a word that stands before this place ends there. */
  endsWord(at: number): boolean {
    return this.#ends.of(at);
  }

  #before(at: number): string {
    return lastOf(this.text.slice(Math.max(0, at - 2), at));
  }

  #behind(at: number): string {
    return firstOf(this.text.slice(at, at + 2));
  }
}

/** Remembers the answer to a question about each place of a text. */
class Answers {
  readonly #known: Uint8Array;
  readonly #ask: (at: number) => boolean;

  constructor(length: number, ask: (at: number) => boolean) {
    this.#known = new Uint8Array(length + 1);
    this.#ask = ask;
  }

  of(at: number): boolean {
    if (this.#known[at] === 0) this.#known[at] = this.#ask(at) ? YES : NO;
    return this.#known[at] === YES;
  }
}

const YES = 1;
const NO = 2;

/** Whether a word may end between two characters, each of which is empty at the end of the text. */
function isBorder(before: string, after: string): boolean {
  if (!OF_WORD.test(before) || !OF_WORD.test(after)) return true;
  return UNSPACED.test(before) || UNSPACED.test(after);
}

const firstOf = (text: string) => Array.from(text).at(0) ?? '';
const lastOf = (text: string) => Array.from(text).at(-1) ?? '';

/** Returns a text as it is compared: without case, width, unseen characters and repeated spaces. */
function folded(text: string): string {
  return text
    .normalize('NFKC')
    .replace(UNSEEN, '')
    .toUpperCase() // "ß" and "SS", and the two dotless letters of Turkish, become the same by this
    .toLowerCase()
    .replaceAll('i\u0307', 'i')
    .replaceAll('ς', 'σ')
    .replace(/\s+/gu, ' ')
    .trim();
}
