import { Chance } from './chance.ts';

/** A word as it was said: from the packet `from` on, up to but not including `to`. */
export interface SpokenWord {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** A piece of a text: a word, or what stands between two words. */
export interface TextPart {
  readonly text: string;
  readonly isWord: boolean;
}

const SEGMENTER = new Intl.Segmenter('en', { granularity: 'word' });
/** Directions to the voice are not said: `[whisper]`, `<|speaker:0|>`. */
const DIRECTIONS = /\[[^\]]*\]|<\|[^|]*\|>/g;

/** The words of a text and what stands between them, in order. Directions to the voice are left out. */
export function partsOf(text: string): TextPart[] {
  const segments = SEGMENTER.segment(text.replaceAll(DIRECTIONS, ' '));
  return Array.from(segments, ({ segment, isWordLike }) => ({ text: segment, isWord: isWordLike === true }));
}

/**
 * How one session says its words. The real service never says a text twice in the same way: here each word and each
 * pause is longer or shorter by up to `spread` (0.2 is 20 %), by chance that the seed decides. With 0 all are equal.
 */
export class Rendition {
  /** Two sessions of a server never have the same, unless all renditions are equal. */
  readonly number: number;
  readonly #spread: number;
  readonly #chance: Chance;

  constructor({ number, spread, seed }: { number: number; spread: number; seed: number }) {
    this.number = spread === 0 ? 0 : number;
    this.#spread = spread;
    this.#chance = new Chance(seed, number);
  }

  /** The factor by which the next word or pause is longer than usual. */
  stretch(): number {
    return 1 + this.#spread * (2 * this.#chance.fraction() - 1);
  }
}
