import type { Logger } from '../log.ts';
import type { OpenShardSession } from '../store/processes/shard-session.ts';
import type { ShardsHeldError } from './errors.ts';
import { FixedShards } from './fixed-shards.ts';
import { idsOf, type ShardPlan } from './plan.ts';
import { SharedShards } from './shared-shards.ts';

// Chooses by the shard plan how this process comes to its shards (connections to Discord): `fixed-shards.ts` for those
// that the operator names, `shared-shards.ts` for a share of them, and neither where no other process can be.

/** How a process shares the bot's shards with others. */
export interface ShardSharing {
  /**
   * How many shards the bot has in all its processes, as the operator has set it; null for as many as Discord
   * recommends.
   */
  readonly count: number | null;
  readonly shards: Pick<SharedShards, 'join' | 'run'>;
}

/** The shards of this process, and its agreement about them with the bot's other processes. Dispose of it last. */
export interface ProcessShards extends AsyncDisposable {
  /**
   * The shards that the plan names; null for all that Discord recommends. A process that shares takes its own later.
   */
  readonly named: ReturnType<typeof idsOf>;
  /** Null when the process has the shards that the plan names. */
  readonly sharing: ShardSharing | null;
  /** See `SharedShards`; null without `sharing`. */
  readonly health: SharedShards['health'] | null;
  /** To be awaited before the process logs in with these shards of `count`: see `FixedShards`. */
  claim(shards: readonly number[], count: number): Promise<void>;
  /** To be awaited before a shard identifies: see `takeTurn`. */
  turn(place: number, signal: AbortSignal): Promise<void>;
  /** Gives shared shards back, each as soon as its guilds are silent. Never rejects. */
  leave(): Promise<void>;
}

export interface ProcessShardsOptions {
  /** How sessions with PostgreSQL are opened; null where only this process can use the database. */
  readonly open: OpenShardSession | null;
  /** Called once when other processes keep this one from its shards; it then has to end. */
  readonly onHeld: (error: ShardsHeldError) => void;
  /** See `SharedShardsOptions`. */
  readonly onBack: () => void;
  readonly log: Logger;
}

/** Returns the shards that a process has by `plan`. Nothing is taken before `claim` or `sharing` is used. */
export function processShards(plan: ShardPlan, options: ProcessShardsOptions): ProcessShards {
  const named = idsOf(plan);
  const { open, onHeld, onBack, log } = options;
  if (open && plan.kind === 'shared') {
    const shards = new SharedShards({ open, onHeld, onBack, log });
    return {
      named,
      sharing: { count: plan.count, shards },
      get health() {
        return shards.health;
      },
      async claim() {},
      turn: (place, signal) => shards.turn(place, signal),
      leave: () => shards.leave(),
      [Symbol.asyncDispose]: () => shards[Symbol.asyncDispose](),
    };
  }
  const fixed = open && new FixedShards({ open, onHeld, log });
  return {
    named,
    sharing: null,
    health: null,
    claim: async (shards, count) => await fixed?.claim(shards, count),
    turn: async (place, signal) => await fixed?.turn(place, signal),
    async leave() {},
    [Symbol.asyncDispose]: async () => await fixed?.[Symbol.asyncDispose](),
  };
}
