import { Random } from '../support/random.ts';
import { shrunk } from './shrink.ts';

/**
 * Something that has to bear whatever it is given. What it is given is a list of parts, so that it can be shortened.
 */
export interface FuzzTarget<Part = unknown> {
  readonly name: string;
  /** What one case is made of; all chance comes from `random`. */
  make(random: Random): readonly Part[];
  /** Gives it to what is tested. Throws where a promise is broken. Must do the same each time. */
  check(parts: readonly Part[]): void;
  /** The parts as one would write them down. */
  show(parts: readonly Part[]): string;
}

/** A case that broke a promise. */
export interface FuzzFailure {
  readonly target: string;
  readonly seed: number;
  readonly index: number;
  readonly error: string;
  /** The shortest input found that still fails. */
  readonly input: string;
}

export interface FuzzRun {
  readonly seed: number;
  readonly cases: number;
  /** The number of the first case; 0 if not given. */
  readonly from?: number;
  /** Called before each case. */
  readonly onCase?: (index: number) => void;
}

/** Runs the cases one after another. Returns the first that fails, shortened; undefined if none does. */
export function fuzz<Part>(target: FuzzTarget<Part>, run: FuzzRun): FuzzFailure | undefined {
  const { seed, cases, from = 0, onCase } = run;
  for (let index = from; index < from + cases; index += 1) {
    onCase?.(index);
    const parts = target.make(Random.of(seed, index));
    if (failureOf(target, parts) === undefined) continue;
    const least = shrunk(parts, fewer => failureOf(target, fewer) !== undefined);
    const error = failureOf(target, least) ?? failureOf(target, parts) ?? new Error('it failed once only');
    return {
      target: target.name,
      seed,
      index,
      error: error.stack ?? error.message,
      input: target.show(least),
    };
  }
  return undefined;
}

function failureOf<Part>(target: FuzzTarget<Part>, parts: readonly Part[]): Error | undefined {
  try {
    target.check(parts);
    return undefined;
  } catch (error) {
    return error instanceof Error
      ? error
      : new Error(`something that is no Error was thrown: ${typeof error}`);
  }
}

/** Throws with `what` unless the condition holds; cheaper than an assertion library in a million cases. */
export function holds(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`a promise is broken: ${what}`);
}
