import type { ShardsHeldError } from '../../src/shards/errors.ts';
import { SharedShards } from '../../src/shards/shared-shards.ts';
import { shardSessions } from '../../src/store/open.ts';
import type { OpenShardSession } from '../../src/store/processes/shard-session.ts';
import type { TestDatabase } from './store.ts';
import { until } from './until.ts';

/** How many shards the bot has, unless a test says otherwise. */
export const COUNT = 4;

/** One process, as far as shards are concerned. `did` has what its host was told, in order. */
export class ShardProcess implements AsyncDisposable {
  readonly did: { what: 'open' | 'close' | 'drop'; shard: number; at: number; quietUntil: number }[] = [];
  readonly held: ShardsHeldError[] = [];
  readonly running = new Set<number>();
  /** A shard is silent, after it was asked for, when this has settled. */
  closing: Promise<void> = Promise.resolve();
  readonly shards: SharedShards;

  constructor({
    url = '',
    sessions = shardSessions(url, 'bot'),
    log,
  }: Pick<TestDatabase, 'log'> & { url?: string; sessions?: OpenShardSession | null }) {
    if (!sessions) throw new Error('no PostgreSQL');
    const open = sessions;
    this.shards = new SharedShards({ open, onHeld: error => this.held.push(error), onBack: () => {}, log });
  }

  async start(count = COUNT, adopts = false): Promise<number> {
    const joined = await this.shards.join(count, { adopts });
    const note = (what: 'open' | 'close' | 'drop', shard: number, quietUntil = 0) => {
      this.did.push({ what, shard, at: performance.now(), quietUntil });
      if (what === 'open') this.running.add(shard);
      else this.running.delete(shard);
    };
    this.shards.run({
      open: (shard, quietUntil) => note('open', shard, quietUntil),
      close: async shard => {
        note('close', shard);
        await this.closing;
      },
      drop: shard => note('drop', shard),
    });
    return joined;
  }

  has(count: number): Promise<void> {
    return until(`${count} shards`, () => this.running.size === count, 60_000);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shards[Symbol.asyncDispose]();
  }
}
