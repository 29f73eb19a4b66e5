/**
 * This file is loaded into the bot's process before its own code (`node --import`). On the signal SIGUSR2 it throws an
 * error that nobody catches, with all secrets of the process in its message; tests then look for these in the log.
 */
process.on('SIGUSR2', () => {
  const { DISCORD_TOKEN, FISH_API_KEY, LLM_API_KEY, DATABASE_URL } = process.env;
  const cause = Object.assign(new Error(`headers: Bearer ${FISH_API_KEY}`), {
    request: { headers: { authorization: `Bot ${DISCORD_TOKEN}` } },
  });
  setImmediate(() => {
    throw new AggregateError([cause], `Bot ${DISCORD_TOKEN}, ${LLM_API_KEY}, ${DATABASE_URL}`, { cause });
  });
});
