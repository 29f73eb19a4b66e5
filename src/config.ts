import { postgresAddress } from './database-url.ts';
import { givenVariables, type ReadFile, readText } from './given-variables.ts';
import type { ShardPlan } from './shards/plan.ts';
import { fishVariables, SECRETS, type Variables, variables } from './variables.ts';

// Makes the checked configuration of the bot (`Config`) from the environment, and tells the operator all that is wrong
// in it. The rule, default and explanation of each variable stand in `variables.ts`; here is what concerns several of
// them, Fish Audio's prices, and the day on which one of its models retires. `given-variables.ts` reads the files that
// hold secrets.

/** All values, checked and with the defaults filled in. URLs have no slash at their end. */
export interface Config {
  discord: {
    token: string;
    apiUrl: string;
    /** The origin from which attachments are downloaded; null means Discord's own hosts. */
    cdnUrl: string | null;
    /** Whether people may install the bot for themselves. */
    userInstall: boolean;
    /** Which shards this process has. `shared` needs a PostgreSQL database. */
    shards: ShardPlan;
  };
  fish: {
    apiKey: string;
    /** The origin of Fish Audio, such as `https://api.fish.audio`. */
    url: string;
    model: Variables['FISH_MODEL'];
    /** The id of a voice (`reference_id`); undefined means Fish Audio's default voice. */
    voice: string | undefined;
    latency: Variables['FISH_LATENCY'];
    /** How many sessions may be open at Fish Audio at once; `auto` follows what Fish Audio allows. */
    concurrency: number | 'auto';
  };
  budget: { dailyUsd: number; usdPerMillionBytes: number };
  /** `file:…` or `postgres://…`. It may hold a password. */
  databaseUrl: string;
  /** The language model behind `/ask`; null means there is none. */
  llm: {
    /** The base URL of an OpenAI-compatible server, with its path. */
    baseUrl: string;
    apiKey: string | undefined;
    model: string;
    systemPrompt: string;
    maxTokens: number;
  } | null;
  /** The host and port on which health checks and metrics are served; null means that they are not served. */
  http: { host: string; port: number } | null;
  logLevel: Variables['LOG_LEVEL'];
}

/** The configuration cannot be used. `problems` has one line for the operator for each fault, without any value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** EX_CONFIG of sysexits.h. */
  readonly exitCode = 78;
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/**
 * Reads the configuration from the environment `env`. An empty variable counts as not set, and space around a value is
 * ignored. `readFile` reads the files of secrets that are given as `*_FILE`. `now` decides whether a model has retired.
 * Throws ConfigError, which has all problems.
 */
export function loadConfig(
  env: NodeJS.ProcessEnv,
  readFile: ReadFile = readText,
  now: Date = new Date(),
): Config {
  const { config, problems } = inspectConfig(env, readFile, now);
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

/**
 * Reads the configuration as `loadConfig` does, also where some of it cannot be used. It never throws: `problems` has
 * what is wrong, and each variable that is wrong counts as not set. A token or key that is missing or wrong is ''.
 */
export function inspectConfig(
  env: NodeJS.ProcessEnv,
  readFile: ReadFile = readText,
  now: Date = new Date(),
): { readonly config: Config; readonly problems: readonly string[] } {
  const { given, problems } = givenVariables(env, SECRETS, readFile);
  note(variables.safeParse(given).error?.issues ?? [], problems);
  checkModel(given, now, problems);
  if (given['LLM_BASE_URL'] !== undefined && given['LLM_MODEL'] === undefined)
    problems.set('LLM_MODEL', 'LLM_MODEL is missing: set it to the name of a model that LLM_BASE_URL has');
  checkShards(given, problems);
  for (const name of problems.keys()) delete given[name];
  return { config: configOf(withoutSecrets.parse(given)), problems: [...problems.values()] };
}

/** The variables, where the required ones may be missing. */
const withoutSecrets = variables.extend({
  DISCORD_TOKEN: variables.shape.DISCORD_TOKEN.catch(''),
  FISH_API_KEY: variables.shape.FISH_API_KEY.catch(''),
});

/**
 * What is wrong with a token or key, in words that complete the sentence that begins with its name; null if nothing.
 */
export function secretProblem(name: 'DISCORD_TOKEN' | 'FISH_API_KEY', value: string): string | null {
  return variables.shape[name].safeParse(value).error?.issues[0]?.message ?? null;
}

/**
 * Reads only what speaking without Discord needs. Null if neither the key nor the address of Fish Audio is set. Throws
 * ConfigError, which has all problems.
 */
export function loadFishConfig(
  env: NodeJS.ProcessEnv,
  readFile: ReadFile = readText,
  now: Date = new Date(),
): Config['fish'] | null {
  const { given, problems } = givenVariables(env, ['FISH_API_KEY'], readFile);
  const unset = given['FISH_API_KEY'] === undefined && given['FISH_API_URL'] === undefined;
  if (unset && problems.size === 0) return null;
  const { data, error } = fishVariables.safeParse(given);
  note(error?.issues ?? [], problems);
  checkModel(given, now, problems);
  if (data === undefined || problems.size > 0) throw new ConfigError([...problems.values()]);
  return fishOf(data);
}

/** Models that Fish Audio retires, and the day: from then on it uses and bills another model without saying so. */
const RETIRED: Readonly<Partial<Record<Variables['FISH_MODEL'], { day: string; instead: string }>>> = {
  s1: { day: '2026-12-31', instead: 's2.1-pro' },
};

/**
 * Whether a model has retired (`over`), and words for the operator about that; undefined if Fish Audio does not retire
 * it. Days are UTC.
 */
export function retirementOf(
  model: Variables['FISH_MODEL'],
  now: Date,
): { over: boolean; words: string } | undefined {
  const retired = RETIRED[model];
  if (!retired) return undefined;
  const { day, instead } = retired;
  const over = now.toISOString().slice(0, 10) >= day;
  const when = over ? 'has retired' : `retires on ${day}`;
  return { over, words: `is ${model}, which Fish Audio ${when}: use ${instead}` };
}

function checkModel(given: Record<string, string>, now: Date, problems: Map<string, string>): void {
  const { data: model } = variables.shape.FISH_MODEL.safeParse(given['FISH_MODEL']);
  const retirement = model && retirementOf(model, now);
  if (retirement?.over) problems.set('FISH_MODEL', `FISH_MODEL ${retirement.words}`);
}

function checkShards(given: Record<string, string>, problems: Map<string, string>): void {
  const { data: plan } = variables.shape.SHARDS.safeParse(given['SHARDS']);
  const { data: url } = variables.shape.DATABASE_URL.safeParse(given['DATABASE_URL']);
  if (plan?.kind === 'shared' && url?.startsWith('file:'))
    problems.set(
      'SHARDS',
      'SHARDS is shared, which needs a PostgreSQL database: set DATABASE_URL to a postgres:// URL, or SHARDS to auto',
    );
}

function note(
  issues: readonly { path: readonly PropertyKey[]; message: string }[],
  problems: Map<string, string>,
): void {
  for (const { path, message } of issues) {
    const name = String(path[0]);
    if (!problems.has(name)) problems.set(name, `${name} ${message}`);
  }
}

/** US dollars for a million UTF-8 bytes (Fish Audio, "Pricing & Rate Limits"). */
const PRICES: Readonly<Record<Variables['FISH_MODEL'], number>> = {
  s1: 15,
  's2-pro': 15,
  's2.1-pro': 15,
  's2.1-pro-free': 0,
  // This model is a preview. Resellers take 10 dollars; Fish Audio's own price is not documented.
  'drama-3': 15,
};

function fishOf(values: Pick<Variables, keyof typeof fishVariables.shape>): Config['fish'] {
  return {
    apiKey: values.FISH_API_KEY,
    url: values.FISH_API_URL,
    model: values.FISH_MODEL,
    voice: values.FISH_VOICE,
    latency: values.FISH_LATENCY,
    concurrency: values.FISH_CONCURRENCY,
  };
}

function configOf(values: Variables): Config {
  return {
    discord: {
      token: values.DISCORD_TOKEN,
      apiUrl: values.DISCORD_API_URL,
      cdnUrl: values.DISCORD_CDN_URL ?? null,
      userInstall: values.USER_INSTALL === 'on',
      shards: values.SHARDS,
    },
    fish: fishOf(values),
    budget: {
      dailyUsd: values.DAILY_BUDGET_USD,
      usdPerMillionBytes: values.PRICE_PER_MILLION_BYTES ?? PRICES[values.FISH_MODEL],
    },
    databaseUrl: values.DATABASE_URL,
    llm: llmOf(values),
    http: values.HTTP_PORT === undefined ? null : { host: values.HTTP_HOST, port: values.HTTP_PORT },
    logLevel: values.LOG_LEVEL,
  };
}

function llmOf(values: Variables): Config['llm'] {
  const { LLM_BASE_URL: baseUrl, LLM_MODEL: model } = values;
  if (baseUrl === undefined || model === undefined) return null;
  return {
    baseUrl,
    apiKey: values.LLM_API_KEY,
    model,
    systemPrompt: values.LLM_SYSTEM_PROMPT,
    maxTokens: values.LLM_MAX_TOKENS,
  };
}

/**
 * Shorter secrets are not searched for in what is printed: a few letters occur in many words, and the gaps there would
 * make the log unreadable and give them away. No real token or key is so short.
 */
const SHORTEST_HIDDEN = 4;

const isLong = (secret: string) => secret.length >= SHORTEST_HIDDEN;

/** The values of a configuration that may never be printed. */
export function secretsOf({ discord, fish, llm, databaseUrl }: Config): readonly string[] {
  const { password = '', passwordInUrl: inUrl = '' } = postgresAddress(databaseUrl) ?? {};
  const tokens = [discord.token, fish.apiKey, llm?.apiKey ?? ''].filter(isLong);
  // A short password is hidden in the address of the database.
  const hidden = isLong(password) ? [inUrl, password] : [`:${inUrl}@`];
  return [...tokens, ...(password === '' ? [] : hidden)];
}
