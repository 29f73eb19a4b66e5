import type { Logger } from '../../log.ts';
import type { ShardSharing } from '../../shards/process-shards.ts';
import type { ShardHost } from '../../shards/shared-shards-options.ts';
import type { GatewayClient } from './client.ts';
import { login } from './login.ts';

// Logs in to Discord as one of several processes that share the bot's shards (its connections, each for a part of the
// guilds). A process that has all shards to itself uses `login.ts` alone.

export interface SharedLoginOptions {
  readonly gateway: GatewayClient;
  readonly token: string;
  readonly sharing: ShardSharing;
  readonly host: ShardHost;
  readonly log: Logger;
  /** Aborted when the process ends. */
  readonly signal: AbortSignal;
}

/**
 * Joins the processes with which this one shares the shards, logs in without any shard, and begins to take shards.
 * Where the operator has not said how many shards the bot has, there are as many as the others have, or as Discord
 * recommends. Rejects as `login` does.
 */
export async function loginShared(options: SharedLoginOptions): Promise<void> {
  const { gateway, token, sharing, host, log, signal } = options;
  const { count, shards } = sharing;
  await login(gateway, token, log, signal, async () => {
    const wanted = count ?? (await gateway.recommendedShards(token));
    gateway.startWithout(await shards.join(wanted, { adopts: count === null }));
  });
  shards.run(host);
}
