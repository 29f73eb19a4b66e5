/**
 * Loaded into the bot's process before it: the bot ends as on SIGTERM when the process that started it is gone, even
 * where that was killed and could tell nobody. The channel between the two closes with either.
 */
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
