import type { Language } from './language.ts';

/** A part of a text that can be said. */
export interface Cut {
  readonly text: string;
  /** A sentence ends here: else it was long, and was cut where one breathes. */
  readonly ended: boolean;
}

/** In UTF-16 units. A longer sentence is not waited for. */
const LONGEST = 200;
const FENCE = '```';
/** Stands for a block of code, of which no more is said. */
const CODE = '``` ```';

/** Ends of what looks like a sentence and goes on: an initial, a title, the number of an entry in a list. */
const GOES_ON =
  /(?:(?<![\p{L}\p{N}])(?:[\p{sc=Latin}\p{sc=Cyrillic}\p{sc=Greek}]|Dr|Mrs?|Ms|Prof|Sra?|Jr|St|Mme|vs|Nr|bzw|ca|Fig|approx)\.|^\W*\d{1,3}[.)])\s*$/u;
const ENDS = /(?<!\d)[.!?…。！？।؟]['"”’»)\]」』]*\s*$/u;
const CLAUSE_ENDS = /[,;:—–]\s|[、，；：]/gu;
/** Belongs to what comes next, but is found behind the end of what was before. */
const OPENS = /[\p{Ps}\p{Pi}]+$/u;
const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Makes sentences of a text while it is being written. */
export class SentenceCutter {
  readonly #sentences: Intl.Segmenter;
  /** What is not known to be a sentence yet. */
  #open = '';
  #inCode = false;

  constructor(language: Language) {
    this.#sentences = new Intl.Segmenter(language, { granularity: 'sentence' });
  }

  /** What can be said by now, with this much more written. */
  push(written: string): Cut[] {
    this.#open += written;
    const cuts: Cut[] = [];
    for (let at = this.#open.indexOf(FENCE); at >= 0; at = this.#open.indexOf(FENCE)) {
      const behind = this.#open.slice(at + FENCE.length);
      if (!this.#inCode) cuts.push(...this.#all(this.#open.slice(0, at)), { text: CODE, ended: true });
      this.#open = behind;
      this.#inCode = !this.#inCode;
    }
    // The beginning of a fence may be there.
    if (this.#inCode) this.#open = this.#open.slice(1 - FENCE.length);
    else cuts.push(...this.#whole());
    return cuts;
  }

  /** Nothing came for a while: what looks like a sentence is one. */
  settle(): Cut[] {
    if (this.#inCode || !ENDS.test(this.#open) || GOES_ON.test(this.#open)) return [];
    return this.end();
  }

  /** The rest. */
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

  /** All sentences but the last, which may go on. */
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

/** Where a long sentence is cut: behind a clause, else a word, in its second half; else behind a character. */
function placeToBreathe(text: string): number {
  const clause = [...text.matchAll(CLAUSE_ENDS)].at(-1);
  const afterClause = clause ? clause.index + clause[0].length : 0;
  const afterWord = text.lastIndexOf(' ') + 1;
  const at = [afterClause, afterWord].find(place => place > LONGEST / 2);
  return at ?? (GRAPHEMES.segment(text).containing(text.length - 1)?.index || text.length);
}

const MARKS = [/\*\*/g, /__/g, /~~/g, /\|\|/g, /`/g, /(?<!\*)\*(?!\*)(?=\S)|(?<=\S)(?<!\*)\*(?!\*)/g];

/** Emphasis that begins in one sentence and ends in another is none: its marks would be read out. */
function cut(text: string, ended: boolean): Cut {
  const whole = MARKS.reduce(
    (rest, mark) => ((rest.match(mark)?.length ?? 0) % 2 === 0 ? rest : rest.replace(mark, '')),
    text.trim(),
  );
  return { text: whole, ended };
}
