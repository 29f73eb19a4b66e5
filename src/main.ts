import { readFileSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { commands } from '../commands/index.ts';
import { warmPlayer } from './audio/player.ts';
import { type Config, ConfigError, loadConfig } from './config.ts';
import { createClient, login, RefusedError, wire } from './discord/client.ts';
import { createContext } from './discord/context.ts';
import { createFish } from './fish/fish.ts';
import { createLog, type Logger } from './log.ts';
import { startHealth } from './ops/health.ts';
import { SessionRegistry } from './speech/registry.ts';
import { guardVoiceLibrary } from './voice/guards.ts';

/** sysexits.h: EX_CONFIG. */
const EXIT_CONFIG = 78;
const EXIT_FATAL = 1;
/** A bot without people stays in the channel for this long. */
const LEAVE_AFTER_MS = 60_000;
/** After a signal the process is gone within this, whatever hangs. */
const UNWIND_MS = 9_500;
/** After an error that nobody caught: time to let the others finish their sentence. */
const CRASH_UNWIND_MS = 5_000;

/** Resolves with the exit code when the process is asked to end, or must. */
function untilAsked(log: Logger): { ended: Promise<number>; end: (code: number) => void } {
  const { promise, resolve } = Promise.withResolvers<number>();
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.once(name, () => {
      log.info({ signal: name }, 'stopping: finishing the sentence');
      process.once(name, () => process.exit(0)); // asked twice: now
      resolve(0);
    });
  }
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      log.fatal({ err: error }, 'a fault of this program, stopping');
      setTimeout(() => process.exit(EXIT_FATAL), CRASH_UNWIND_MS).unref();
      resolve(EXIT_FATAL);
    });
  }
  return { ended: promise, end: resolve };
}

/** Runs the bot until it is asked to end; returns the exit code. */
async function run(config: Config, log: Logger): Promise<number> {
  const { ended, end } = untilAsked(log);
  const stopping = new AbortController();
  const version = (
    JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
  ).version;
  log.info({ version, node: process.version, model: config.fish.model }, 'Parrotfish starts');

  guardVoiceLibrary();
  warmPlayer();
  await using fish = createFish({ ...config.fish, log });
  const client = createClient(config.discord.apiUrl);
  await using health = config.http
    ? await startHealth({
        ...config.http,
        log,
        alive: () => true,
        ready: () => ({ gateway: { ok: client.isReady() } }),
      })
    : null;
  if (health) log.info({ port: health.port }, 'health checks are served');
  await using sessions = new SessionRegistry();

  const { voice, latency } = config.fish;
  const context = createContext({
    client,
    sessions,
    commands,
    log,
    shared: {
      fish,
      request: { latency, ...(voice !== undefined && { referenceId: voice }) },
      leaveAfterMs: LEAVE_AFTER_MS,
      log,
    },
    status: () => {
      const { lastError, ...figures } = fish.status();
      const ping = client.ws.ping;
      return {
        version,
        gatewayPingMs: ping >= 0 ? ping : null,
        fish: { ...figures, model: config.fish.model, lastError: lastError?.kind ?? null },
      };
    },
  });
  let refused = false;
  const refuse = (error: RefusedError) => {
    if (!refused) console.error(error.message);
    refused = true;
    end(EXIT_CONFIG);
  };
  const lost = (closeCode: number) => {
    if (stopping.signal.aborted) return;
    log.fatal({ closeCode }, 'the gateway closed for good');
    end(EXIT_FATAL);
  };
  wire(client, context, sessions, refuse, lost, log);
  login(client, config.discord.token, log, stopping.signal).catch((error: unknown) => {
    if (error instanceof RefusedError) refuse(error);
    else if (!stopping.signal.aborted) {
      log.fatal({ err: error }, 'log-in failed');
      end(EXIT_FATAL);
    }
  });

  const code = await ended;
  setTimeout(() => process.exit(code), UNWIND_MS).unref();
  stopping.abort();
  await sessions[Symbol.asyncDispose](); // while the gateway is still there to leave through
  await turn(); // the gateway's queue has taken the leaves by then
  await client.destroy();
  return code;
}

/** Reads the environment, runs the bot, and returns the exit code. */
async function main(): Promise<number> {
  try {
    const config = loadConfig(process.env);
    const log = createLog(config.logLevel, [config.discord.token, config.fish.apiKey]);
    return await run(config, log).catch((error: unknown) => {
      log.fatal({ err: error }, 'cannot go on');
      return EXIT_FATAL;
    });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const problem of error.problems) console.error(problem);
    return EXIT_CONFIG;
  }
}

process.exit(await main());
