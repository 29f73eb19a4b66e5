import { hash } from 'node:crypto';
import { commands } from '../commands/index.ts';
import { checkPlayerLibrary } from './audio/clocked-player.ts';
import { guardVoiceLibrary } from './call/guards.ts';
import { type Config, retirementOf } from './config.ts';
import { connectDiscord } from './discord/discord.ts';
import type { StatusReport } from './discord/interaction/status-report.ts';
import { createFish, type Fish } from './fish/fish.ts';
import { supportDetails, troubleOf, wordsFor } from './fish/trouble.ts';
import { fishVoices } from './fish/voices.ts';
import { openModel } from './llm/model.ts';
import type { Logger } from './log.ts';
import { versionOfProgram } from './operator/about.ts';
import { checkModelAtStart } from './operator/language-model.ts';
import { PortError, type ReadyReport, startHealth } from './ops/health.ts';
import { reportHourly } from './ops/hourly.ts';
import type { MetricsSources } from './ops/metrics/metrics.ts';
import { watchStalls } from './ops/stalls.ts';
import { traceLines } from './ops/traces/traces.ts';
import { EXIT_CONFIG, EXIT_FATAL, untilAsked } from './process-end.ts';
import { type ProcessShards, processShards } from './shards/process-shards.ts';
import { Budget, type BudgetOptions } from './speech/budget.ts';
import { SpeechCache } from './speech/cache.ts';
import { SessionRegistry } from './speech/registry.ts';
import { SpeechTally } from './speech/tally.ts';
import { StoreHeldError, StoreNewerError, StorePathError } from './store/errors.ts';
import { openStore, shardSessions } from './store/open.ts';
import { checkDatabasePath } from './store/sqlite/path.ts';
import { warmText } from './text/warm.ts';
import { Clones } from './voices/clones.ts';
import { VoiceLibrary } from './voices/library.ts';

// The bot: it puts all parts together, runs until it is asked to end, and then ends the parts in reverse order.

/**
 * Runs the bot until it is asked to end, and returns the exit code. Never rejects: what is wrong is told, in a line for
 * the operator or in the log. Calls `handOver` at once, as soon as it listens to the signals that ask for its end.
 */
export async function runBot(config: Config, log: Logger, handOver: () => void): Promise<number> {
  return await run(config, log, handOver).catch((error: unknown) => {
    if (isForOperator(error)) {
      console.error(error.message);
      return error.exitCode;
    }
    log.fatal({ err: error }, 'cannot go on');
    return EXIT_FATAL;
  });
}

/** Rejects with whatever keeps the bot from starting. */
async function run(config: Config, log: Logger, handOver: () => void): Promise<number> {
  const { ended, end, hurried } = untilAsked(log);
  handOver();
  const version = versionOfProgram();
  prepare(config, version, log);
  let refusal: { readonly message: string } | undefined;
  const refuse = (error: { readonly message: string }, code: number) => {
    refusal ??= error;
    end(code);
  };

  const botName = botNameOf(config.discord.token);
  const plan = config.discord.shards;
  // The shards are given back last, when nothing of them is left in this process.
  await using shards = processShards(plan, {
    open: shardSessions(config.databaseUrl, botName),
    onHeld: error => refuse(error, error.exitCode),
    onBack: () => store.tryAgain(),
    log,
  });
  await using store = await openStore({
    url: config.databaseUrl,
    lease: botName,
    alone: plan.kind === 'all',
    log,
    onRefused: error => refuse(error, error.exitCode),
  });

  const slots = store.fishSlots(accountNameOf(config.fish.apiKey));
  await using fish = createFish({ ...config.fish, sharing: slots, log });
  const voices = fishVoices({ ...config.fish, onAnswer: answer => fish.answered(answer) });
  using library = new VoiceLibrary({ voices, log });
  await using clones = new Clones({ voices, store, log });
  const model = config.llm && (await openModel(config.llm));
  if (config.llm && model) void checkModelAtStart(config.llm, { model, log, signal: hurried });

  using hourly = reportHourly(log);
  const tally = new SpeechTally(log);
  using cache = new SpeechCache();
  store.onDeletedPerson(userId => (userId === null ? cache.clear() : cache.forgetPerson(userId)));
  await traceLines(tally, { version, log });
  const onSpent: BudgetOptions['onSpent'] = spent => {
    hourly.add(spent);
    tally.spent(spent);
  };

  await using sessions = new SessionRegistry();
  await using discord = connectDiscord({
    ...config.discord,
    shards,
    commands: model ? commands : commands.filter(({ data }) => data.name !== 'ask'),
    model,
    sessions,
    store,
    clones,
    library,
    speechMeans: {
      fish,
      budget: new Budget({ ledger: store.ledger, ...config.budget, onSpent }),
      voiceHealth: library.voiceHealth,
      tally,
      cache,
      log,
    },
    manner: { voice: config.fish.voice, latency: config.fish.latency },
    usdPerMillionBytes: config.budget.usdPerMillionBytes,
    version,
    fishStatus: () => fishStatusOf(fish, config.fish.model),
    onRefused: error => refuse(error, EXIT_CONFIG),
    onLost: () => end(EXIT_FATAL),
    log,
  });

  using stalls = watchStalls(log);
  const { dailyUsd } = config.budget;
  const watched = { version, dailyUsd, tally, cache, sessions, fish, store, discord, stalls, shards };
  await using health = config.http && (await serveHealth(config.http, watched, log));
  if (health) log.info({ port: health.port }, 'health checks and metrics are served');

  const code = await ended;
  if (refusal) console.error(refusal.message);
  if (hurried.aborted) sessions.leaveAll();
  hurried.addEventListener('abort', () => sessions.leaveAll());
  await shards.leave();
  await discord.takeLeave();
  await sessions[Symbol.asyncDispose](); // this comes first, since the bot leaves its channels through the gateway
  return code;
}

/**
 * Tells what starts, and checks what it needs before anything begins. Throws StorePathError, or what a library lacks.
 */
function prepare({ fish: { model }, databaseUrl }: Config, version: string, log: Logger): void {
  log.info({ version, node: process.version, model }, 'Parrotfish starts');
  const retirement = retirementOf(model, new Date());
  if (retirement) log.warn(`FISH_MODEL ${retirement.words}`);
  guardVoiceLibrary();
  checkPlayerLibrary();
  warmText();
  checkDatabasePath(databaseUrl);
}

/** The parts of which the health checks and the metrics tell. */
type Watched = MetricsSources & {
  readonly fish: Fish;
  readonly shards: Pick<ProcessShards, 'health'>;
};

/** Serves the health checks and the metrics. Rejects with PortError. */
async function serveHealth(
  http: NonNullable<Config['http']>,
  watched: Watched,
  log: Logger,
): ReturnType<typeof startHealth> {
  const { discord, shards, store, fish } = watched;
  // The package is loaded only where metrics are served, since that takes time and 10 MB of memory.
  const { createMetrics } = await import('./ops/metrics/metrics.ts');
  return await startHealth({
    ...http,
    log,
    alive: () => true,
    metrics: createMetrics(watched),
    ready: () => ({
      gateway: discord.health,
      ...(shards.health && { shards: shards.health }),
      database: { ok: store.problem === null, ...(store.problem && { detail: store.problem }) },
      fish: fishCheckOf(fish),
    }),
  });
}

/** What `/status` shows about Fish Audio. */
function fishStatusOf(fish: Fish, model: string): StatusReport['fish'] {
  const { lastError, ...status } = fish.status();
  const { outage } = fish.circuit;
  return {
    ...status,
    model,
    outage: outage && { trouble: troubleOf(outage.error), since: outage.since },
    lastTrouble: lastError && troubleOf(lastError),
    support: supportDetails(outage?.error ?? lastError ?? {}),
  };
}

/** The readiness check of Fish Audio, with words for the operator. */
function fishCheckOf({ circuit: { outage } }: Fish): ReadyReport[string] {
  if (!outage) return { ok: true };
  const { error, since } = outage;
  const support = supportDetails(error);
  const told = `${wordsFor(error)}, since ${new Date(since).toISOString()}`;
  return { ok: false, detail: support === '' ? told : `${told} (${support})` };
}

/** The name by which the processes of a bot know each other in a database: a hash, so that no token is stored. */
function botNameOf(token: string): string {
  return hash('sha256', token);
}

/** The name by which processes share the slots of a Fish Audio account: a hash, so that no key is stored. */
function accountNameOf(apiKey: string): string {
  return hash('sha256', `Fish Audio ${apiKey}`);
}

/** Whether the message of an error is one line that tells the operator what to do. */
function isForOperator(error: unknown): error is Error & { readonly exitCode: number } {
  return [StoreHeldError, StoreNewerError, StorePathError, PortError].some(kind => error instanceof kind);
}
