import { readFileSync } from 'node:fs';
import { unescape } from 'node:querystring';
import { SECRETS, type Variables, variables } from './variables.ts';

/** Everything the operator can set, checked and with defaults filled in. URLs carry no trailing slash. */
export interface Config {
  discord: {
    token: string;
    apiUrl: string;
    /** Origin from which attachments are fetched; null means Discord's own hosts. */
    cdnUrl: string | null;
  };
  fish: {
    apiKey: string;
    /** Origin, such as `https://api.fish.audio`. */
    url: string;
    model: Variables['FISH_MODEL'];
    /** A `reference_id`; undefined means Fish's default voice. */
    voice: string | undefined;
    latency: Variables['FISH_LATENCY'];
    /** Most Fish sessions in flight at once. */
    concurrency: number;
  };
  budget: { dailyUsd: number; usdPerMillionBytes: number };
  /** `file:…` or `postgres://…`; may hold a password. */
  databaseUrl: string;
  /** Where health is served; null means nowhere. */
  http: { host: string; port: number } | null;
  logLevel: Variables['LOG_LEVEL'];
}

/** The configuration cannot be used. `problems` holds one readable line for each fault and no value. */
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
 * Reads the configuration from `env`; an empty variable counts as not set, and space around a value is ignored.
 * `readFile` reads the secrets given as `*_FILE`. Throws ConfigError with every problem at once.
 */
export function loadConfig(
  env: NodeJS.ProcessEnv,
  readFile: (path: string) => string = path => readFileSync(path, 'utf8'),
): Config {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) if (value?.trim()) given[name] = value.trim();

  const problems = new Map<string, string>();
  for (const name of SECRETS) {
    const path = given[`${name}_FILE`];
    if (path === undefined) continue;
    const secret = given[name] === undefined ? readSecret(path, readFile) : TWICE;
    if ('value' in secret) given[name] = secret.value;
    else problems.set(name, `${name}_FILE ${secret.problem}`);
  }

  const { data, error } = variables.safeParse(given);
  for (const { path, message } of error?.issues ?? []) {
    const name = String(path[0]);
    if (!problems.has(name)) problems.set(name, `${name} ${message}`);
  }
  if (data === undefined || problems.size > 0) throw new ConfigError([...problems.values()]);
  return configOf(data);
}

/** US dollars for a million UTF-8 bytes (Fish Audio, "Pricing & Rate Limits"). */
const PRICES: Readonly<Record<Variables['FISH_MODEL'], number>> = {
  s1: 15,
  's2-pro': 15,
  's2.1-pro': 15,
  's2.1-pro-free': 0,
};

const TWICE = { problem: 'is set beside the variable without _FILE: keep one of the two' };

function readSecret(
  path: string,
  readFile: (path: string) => string,
): { value: string } | { problem: string } {
  try {
    const value = readFile(path).trim();
    return value === '' ? { problem: 'names an empty file: write the secret into it' } : { value };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    return { problem: `names a file that cannot be read${code}: check the path and the permissions` };
  }
}

function configOf(values: Variables): Config {
  return {
    discord: {
      token: values.DISCORD_TOKEN,
      apiUrl: values.DISCORD_API_URL,
      cdnUrl: values.DISCORD_CDN_URL ?? null,
    },
    fish: {
      apiKey: values.FISH_API_KEY,
      url: values.FISH_API_URL,
      model: values.FISH_MODEL,
      voice: values.FISH_VOICE,
      latency: values.FISH_LATENCY,
      concurrency: values.FISH_CONCURRENCY,
    },
    budget: {
      dailyUsd: values.DAILY_BUDGET_USD,
      usdPerMillionBytes: values.PRICE_PER_MILLION_BYTES ?? PRICES[values.FISH_MODEL],
    },
    databaseUrl: values.DATABASE_URL,
    http: values.HTTP_PORT === undefined ? null : { host: values.HTTP_HOST, port: values.HTTP_PORT },
    logLevel: values.LOG_LEVEL,
  };
}

/** What may never be printed. */
export function secretsOf({ discord, fish, databaseUrl }: Config): readonly string[] {
  const password = URL.parse(databaseUrl)?.password ?? '';
  return [discord.token, fish.apiKey, password, unescape(password)].filter(secret => secret !== '');
}

/**
 * The text of `.env.example`: every variable with its explanation. Those with a default, or an example, stand
 * commented out; the required ones stand empty.
 */
export function envExample(): string {
  const blocks = Object.entries(variables.shape).map(([name, rule]) => {
    const { description = '', example } = rule.meta() ?? {};
    const fallback = rule.safeParse(undefined);
    const shown = [fallback.data, example].find(
      value => typeof value === 'string' || typeof value === 'number',
    );
    const line = fallback.success ? `# ${name}=${shown ?? ''}` : `${name}=`;
    return `${description.replaceAll(/^/gm, '# ')}\n${line}\n`;
  });
  return [EXAMPLE_HEAD, ...blocks].join('\n');
}

const EXAMPLE_HEAD = `# Copy this file to .env and fill in the first two. A line such as "# NAME=value" shows a default or an example:
# remove the "# " to set it.
`;
