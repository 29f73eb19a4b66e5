import type { Networking } from '@discordjs/voice';
import type { LinkPhase } from './phase.ts';

// The states of `CallLink` (`link.ts`), which keeps the bot in one voice channel: it joins, can be heard, waits for its
// next join, or has ended. `phase.ts` has the steps of joining.

/** Each state but the last one has the timer that ends it. */
export type LinkState =
  | { readonly name: 'joining'; readonly phase: LinkPhase; readonly timer: NodeJS.Timeout }
  | { readonly name: 'audible'; readonly timer: NodeJS.Timeout }
  /**
   * The link waits for its next join. A networking other than `givenUp` ends the wait early. If `mayForm`, it also
   * ends early when the encryption group takes the bot in after all.
   */
  | {
      readonly name: 'waiting';
      readonly timer: NodeJS.Timeout;
      readonly givenUp: Networking | null;
      readonly mayForm: boolean;
    }
  | { readonly name: 'ended' };

/** Returns the phase of joining in which a link is, or null when it is not joining. */
export function phaseIn(state: LinkState): LinkPhase | null {
  return state.name === 'joining' ? state.phase : null;
}
