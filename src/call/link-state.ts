import type { Networking } from '@discordjs/voice';
import type { LinkPhase } from './phase.ts';

/** What a `CallLink` is doing, with the timer that ends each state but the last one. */
export type LinkState =
  | { readonly name: 'joining'; readonly phase: LinkPhase; readonly timer: NodeJS.Timeout }
  | { readonly name: 'audible'; readonly timer: NodeJS.Timeout }
  /** The link waits for its next join. Only a networking other than `givenUp` ends the wait early. */
  | { readonly name: 'waiting'; readonly timer: NodeJS.Timeout; readonly givenUp: Networking | null }
  | { readonly name: 'ended' };
