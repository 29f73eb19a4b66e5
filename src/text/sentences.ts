import type { Language } from './language.ts';

// Cuts a text into sentences while a language model or a program is still writing it, so that each can be said early.

/** A part of a text that can be said by itself. */
export interface Cut {
  readonly text: string;
  /** True if a sentence ends here; false if a long sentence was cut at a place where one may breathe. */
  readonly ended: boolean;
}

/** In UTF-16 units. The end of a longer sentence is not waited for. */
const LONGEST = 200;
const FENCE = '```';
/** Replaces a block of code, so that only the word "code" is said. */
const CODE = '``` ```';

/** What looks like the end of a sentence and is not one: an initial, a title, the number of an entry in a list. */
const GOES_ON =
  /(?:(?<![\p{L}\p{N}])(?:[\p{sc=Latin}\p{sc=Cyrillic}\p{sc=Greek}]|Dr|Mrs?|Ms|Prof|Sra?|Jr|St|Mme|vs|Nr|bzw|ca|Fig|approx)\.|^\W*\d{1,3}[.)])\s*$/u;
const ENDS = /(?<!\d)[.!?…。！？।؟]['"”’»)\]」』]*\s*$/u;
const CLAUSE_ENDS = /[,;:—–]\s|[、，；：]/gu;
/** Opening brackets and quotes at the end of a sentence. They belong to the next one. */
const OPENS = /[\p{Ps}\p{Pi}]+$/u;
const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Cuts a text into sentences while it is being written. */
export class SentenceCutter {
  readonly #sentences: Intl.Segmenter;
  /** The text that is not known to be a whole sentence yet. */
  #open = '';
  #inCode = false;

  constructor(language: Language) {
    this.#sentences = new Intl.Segmenter(language, { granularity: 'sentence' });
  }

  /** Takes the next piece of text, and returns what can be said by now. */
  push(written: string): Cut[] {
    this.#open += written;
    const cuts: Cut[] = [];
    for (let at = this.#open.indexOf(FENCE); at >= 0; at = this.#open.indexOf(FENCE)) {
      const behind = this.#open.slice(at + FENCE.length);
      if (!this.#inCode) cuts.push(...this.#all(this.#open.slice(0, at)), { text: CODE, ended: true });
      this.#open = behind;
      this.#inCode = !this.#inCode;
    }
    // The last two characters of code are kept, since a fence may begin with them.
    if (this.#inCode) this.#open = this.#open.slice(1 - FENCE.length);
    else cuts.push(...this.#whole());
    return cuts;
  }

  /** To be called when nothing came for a while: then what looks like a sentence counts as one. */
  settle(): Cut[] {
    if (this.#inCode || !ENDS.test(this.#open) || GOES_ON.test(this.#open)) return [];
    return this.end();
  }

  /** To be called when the text has ended; returns the rest of it. */
  end(): Cut[] {
    const rest = this.#inCode ? '' : this.#open;
    this.#open = '';
    return this.#all(rest);
  }

  #all(text: string): Cut[] {
    this.#open = text;
    const cuts = this.#whole();
    const rest = this.#open;
    this.#open = '';
    return rest.trim() === '' ? cuts : [...cuts, cut(rest, true)];
  }

  /** Takes out all sentences but the last one, which may go on. */
  #whole(): Cut[] {
    const cuts: Cut[] = [];
    let start = 0;
    for (const { index } of this.#sentences.segment(this.#open)) {
      const sentence = this.#open.slice(start, index).replace(OPENS, '');
      if (sentence.trim() === '' || GOES_ON.test(sentence)) continue;
      cuts.push(cut(sentence, true));
      start += sentence.length;
    }
    this.#open = this.#open.slice(start);
    while (this.#open.length > LONGEST) {
      const at = placeToBreathe(this.#open.slice(0, LONGEST));
      cuts.push(cut(this.#open.slice(0, at), false));
      this.#open = this.#open.slice(at);
    }
    return cuts;
  }
}

/** The place to cut a long sentence: in its second half after a clause or a word, or else before its last character. */
function placeToBreathe(text: string): number {
  const clause = [...text.matchAll(CLAUSE_ENDS)].at(-1);
  const afterClause = clause ? clause.index + clause[0].length : 0;
  const afterWord = text.lastIndexOf(' ') + 1;
  const at = [afterClause, afterWord].find(place => place > LONGEST / 2);
  return at ?? (GRAPHEMES.segment(text).containing(text.length - 1)?.index || text.length);
}

const MARKS = [/\*\*/g, /__/g, /~~/g, /\|\|/g, /`/g, /(?<!\*)\*(?!\*)(?=\S)|(?<=\S)(?<!\*)\*(?!\*)/g];

/** A part of the text, without marks of emphasis that have no partner in it: they would be read out. */
function cut(text: string, ended: boolean): Cut {
  const whole = MARKS.reduce(
    (rest, mark) => ((rest.match(mark)?.length ?? 0) % 2 === 0 ? rest : rest.replace(mark, '')),
    text.trim(),
  );
  return { text: whole, ended };
}
