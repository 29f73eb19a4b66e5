/**
 * Loaded into the bot's process before its own code (`node --import`): what the operating system sends as SIGUSR2 is
 * answered by an error that nobody catches, with all that the process must keep to itself in its words.
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
