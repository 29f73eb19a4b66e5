import type { Shard } from './shard.ts';

// When a shard (a connection to Discord for a part of the guilds) moves to this process, the former process may still
// be speaking in its guilds. So the shard begins quietly here: for a moment it does nothing about what Discord tells.

/** The opcode of what Discord tells the bot (Discord, "Opcodes and Status Codes", Gateway Opcodes: Dispatch). */
const DISPATCH = 0;

/**
 * Keeps a shard from acting before `until`, a time of `performance.now()`. The shard connects and answers heartbeats
 * meanwhile; all that Discord tells about its guilds waits, and is then looked at in order. Call this before the
 * shard connects.
 */
export function startQuietly(shard: Shard, until: number): void {
  if (performance.now() >= until) return;
  const { onMessage } = shard;
  /** The last message that waits, once it has been looked at; undefined while none has waited. */
  let last: Promise<void> | undefined;
  const later = Promise.withResolvers<void>();
  setTimeout(later.resolve, Math.max(0, until - performance.now())).unref();
  shard.onMessage = (data, isBinary) => {
    const isOver = performance.now() >= until && last === undefined;
    if (isOver || !isDispatch(data)) return onMessage.call(shard, data, isBinary);
    const { connection } = shard;
    // The message before may have failed; that must cost only that one.
    const before = last?.catch(() => undefined) ?? later.promise;
    const message = before.then(async () => {
      try {
        // A connection that has been replaced has nothing more to say.
        if (shard.connection === connection) await onMessage.call(shard, data, isBinary);
      } finally {
        if (last === message) last = undefined;
      }
    });
    last = message;
    return message;
  };
}

function isDispatch(data: unknown): boolean {
  if (typeof data !== 'string') return false;
  const message: unknown = JSON.parse(data);
  return typeof message === 'object' && message !== null && Reflect.get(message, 'op') === DISPATCH;
}
