import { xorshift } from './numbered-packets.ts';

/** Chance that a seed decides: the same seed and number give the same row of fractions, another number another row. */
export class Chance {
  #state: number;

  constructor(seed: number, number: number) {
    this.#state = Math.imul(number + 1, 0x9e3779b1) ^ Math.imul(seed + 1, 0x85ebca6b) || 1;
    for (let round = 0; round < 8; round += 1) this.#state = xorshift(this.#state);
  }

  /** From 0 up to 1, without 1. */
  fraction(): number {
    this.#state = xorshift(this.#state);
    return (this.#state >>> 0) / 2 ** 32;
  }
}
