import { UserError } from '../errors.ts';
import { FishError } from '../fish/errors.ts';
import { troubleOf } from '../fish/trouble.ts';
import { type Reason, Unsaid } from './reasons.ts';

// Says of an error by which a line failed what its people are told, and which reason `/why` tells. The kinds of trouble
// with Fish Audio are in `src/fish/trouble.ts`; all reasons are in `reasons.ts`.

export type { FishTrouble } from '../fish/trouble.ts';

/** What people are told about a line that could not be said. */
export function explain(error: unknown): UserError {
  if (error instanceof UserError) return error;
  return new UserError(error instanceof FishError ? `fish.${troubleOf(error)}` : 'speech-failed');
}

/** The reason, for `/why`, of a line that could not be said because of this error. */
export function reasonFor(error: unknown): Reason {
  if (error instanceof Unsaid) return error.reason;
  return error instanceof FishError ? `fish-${troubleOf(error)}` : 'failed';
}
