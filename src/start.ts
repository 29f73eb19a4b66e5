import { existsSync } from 'node:fs';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { ConfigError, loadConfig, secretsOf } from './config.ts';
import { createLog } from './log.ts';
import { isClone } from './operator/about.ts';
import { idleVariables, withFirstSteps } from './operator/configuration.ts';
import { ENV_FILE, envFileProblem } from './operator/env-file.ts';
import { EXIT_CONFIG } from './process-end.ts';
import { UsageError, usageLine } from './terminal/command-line.ts';
import { readableLog } from './terminal/readable-log.ts';
import { asksForHelp, START_HELP } from './terminal/start-help.ts';

// Reads the command line and the environment, and tells at once what is wrong there. The bot itself (`bot.ts`) takes
// most of a second to load, and so is loaded only when it can run.

/**
 * Runs the bot with the environment `env`, and returns the exit code. `handOver` is called when the bot itself listens
 * to the signals that ask for its end. Rejects only where this program has a fault.
 */
export async function start(env: NodeJS.ProcessEnv, handOver: () => void): Promise<number> {
  try {
    if (asksForHelp()) {
      process.stdout.write(START_HELP);
      return 0;
    }
    const unreadable = envFileProblem(env);
    if (unreadable !== null) throw new ConfigError([unreadable]);
    const config = loadConfig(env);
    const people = process.stdout.isTTY ? readableLog(process.stdout) : undefined;
    const log = createLog(config.logLevel, secretsOf(config), people);
    for (const line of idleVariables(env)) log.warn(line);
    const { runBot } = await import('./bot.ts');
    // While modules are loaded Node handles no signal. What came meanwhile ends the process here, before anything
    // begins.
    await turnOfTheLoop();
    return await runBot(config, log, handOver);
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(usageLine(error));
      return EXIT_CONFIG;
    }
    if (!(error instanceof ConfigError)) throw error;
    for (const line of withFirstSteps(error.problems, isClone() && !existsSync(ENV_FILE)))
      console.error(line);
    return EXIT_CONFIG;
  }
}
