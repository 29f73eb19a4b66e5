import { ADMINISTRATION } from './administration.ts';
import { ANSWERS } from './answers.ts';
import { CAPS } from './caps.ts';
import { FETCHING } from './fetching.ts';
import { HIDDEN_CHANNELS } from './hidden-channels.ts';
import type { Mutant } from './mutant.ts';
import { OPT_OUTS } from './opt-outs.ts';
import { OWN_VOICES } from './own-voices.ts';
import { PEOPLE } from './people.ts';
import { STEERING } from './steering.ts';

/** All mutants, list by list: a list for each kind of promise that keeps people, their words and their money safe. */
export const MUTANTS: readonly Mutant[] = [
  ...ADMINISTRATION,
  ...STEERING,
  ...OPT_OUTS,
  ...HIDDEN_CHANNELS,
  ...CAPS,
  ...FETCHING,
  ...OWN_VOICES,
  ...ANSWERS,
  ...PEOPLE,
];
