import type { Act } from './act.ts';
import { DATABASE_ACTS } from './database-acts.ts';
import { FISH_ACTS } from './fish-acts.ts';
import { GATEWAY_ACTS } from './gateway-acts.ts';
import { PEOPLE_ACTS } from './people-acts.ts';
import { PROCESS_ACTS } from './process-acts.ts';
import { SILENCE_ACTS } from './silence-acts.ts';
import { VOICE_ACTS } from './voice-acts.ts';

/** Everything that may happen. */
export const ACTS: readonly Act[] = [
  ...PEOPLE_ACTS,
  ...VOICE_ACTS,
  ...SILENCE_ACTS,
  ...GATEWAY_ACTS,
  ...FISH_ACTS,
  ...PROCESS_ACTS,
  ...DATABASE_ACTS,
];
