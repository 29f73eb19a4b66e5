import { ConfigError, loadConfig } from '../../src/config.ts';

/** The variables without which the bot does not start. */
export const GOOD = { DISCORD_TOKEN: 'fake.token', FISH_API_KEY: 'fake-key' };

/** A day on which no model is retired. */
export const TODAY = new Date('2026-11-28T12:00:00Z');

/** What is wrong with the configuration in `env`, one line for each problem. `readFile` reads the files of secrets. */
export function problemsOf(
  env: NodeJS.ProcessEnv,
  readFile?: (path: string) => string,
  now = TODAY,
): readonly string[] {
  try {
    loadConfig(env, readFile, now);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}
