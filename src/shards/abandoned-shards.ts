import type { ShardView } from '../store/processes/shard-session.ts';

// Remembers which shards nobody holds although nobody gave them back: the process that had one may still be speaking
// there. `shared-shards.ts` waits before it takes such a shard over.

/** The shards that have been lost: by whom, and since when this process has seen it. */
export class AbandonedShards {
  readonly #lost = new Map<number, { readonly holder: string; readonly since: number }>();
  /** The names under which this process holds or has held shards, one for each session. */
  readonly #ownNames = new Set<string>();

  addOwnName(holder: string): void {
    this.#ownNames.add(holder);
  }

  /** Whether `holder` is the name of another process. */
  isOfAnother(holder: string | undefined): boolean {
    return holder !== undefined && !this.#ownNames.has(holder);
  }

  /** Notes what was seen at `at` (`performance.now()`). */
  note({ abandoned }: ShardView, at: number): void {
    for (const shard of this.#lost.keys()) if (!abandoned.has(shard)) this.#lost.delete(shard);
    for (const [shard, holder] of abandoned)
      if (this.#lost.get(shard)?.holder !== holder) this.#lost.set(shard, { holder, since: at });
  }

  /** When it was first seen that another process has lost this shard (`performance.now()`); null if none has. */
  lostByAnother(shard: number): number | null {
    const lost = this.#lost.get(shard);
    return lost && this.isOfAnother(lost.holder) ? lost.since : null;
  }

  /** Forgets what was seen, since it may have changed unseen. */
  forget(): void {
    this.#lost.clear();
  }
}
