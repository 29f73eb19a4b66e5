import type { Mutant } from './mutant.ts';
import { PEOPLE } from './people.ts';
import { SAFETY } from './safety.ts';

/** All mutants, list by list: a list for each kind of promise. */
export const MUTANTS: readonly Mutant[] = [...SAFETY, ...PEOPLE];
