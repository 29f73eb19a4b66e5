/** The first second of 2015, in Unix ms. (Discord, "Reference", Snowflakes.) */
const EPOCH_MS = 1_420_070_400_000n;
const TIMESTAMP_SHIFT = 22n;

/** Makes ids as Discord does: the time in the upper bits, so that later ids are greater. Never the same twice. */
export function createSnowflakes(): () => string {
  let last = 0n;
  return () => {
    const now = (BigInt(Date.now()) - EPOCH_MS) << TIMESTAMP_SHIFT;
    last = now > last ? now : last + 1n;
    return last.toString();
  };
}

/** Which of `count` shards a server belongs to. (Discord, "Gateway", Sharding.) */
export function shardOf(guildId: string, count: number): number {
  return Number((BigInt(guildId) >> TIMESTAMP_SHIFT) % BigInt(count));
}
