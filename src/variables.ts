import { isIP } from 'node:net';
import { z } from 'zod';
import { postgresAddress, sqlitePath } from './database-url.ts';
import { MAX_SHARDS, parseShardPlan } from './shards/plan.ts';

// All environment variables that the operator can set: their rules, defaults and explanations. Come here to add one.
// `config.ts` reads them from the environment; `.env.example` is made from this file.

const MAX_PORT = 65_535;
const MAX_CONCURRENCY = 1_000;
const MAX_VOICE_LENGTH = 255;
const MAX_TOKENS = 32_000;

/** The text of a variable. Its error message, like all others here, completes a sentence that begins with its name. */
const text = (message: string) => z.string({ error: message });

const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: `is not a known value: use one of ${values.join(', ')}` });

const wholeNumber = (min: number, max: number) =>
  text('is missing')
    .refine(value => /^\d{1,9}$/.test(value) && Number(value) >= min && Number(value) <= max, {
      error: `is not a whole number from ${min} to ${max}: write digits only`,
    })
    .transform(Number);

/** An amount of US dollars: digits, with a point before the cents. */
const dollars = text('is missing')
  .refine(value => /^\d{1,9}(\.\d{1,6})?$/.test(value), {
    error: 'is not an amount in US dollars: write digits only, such as 10 or 0.5',
  })
  .transform(Number);

const shards = text('is missing').transform((value, { addIssue }) => {
  const plan = parseShardPlan(value);
  if (plan) return plan;
  addIssue({
    code: 'custom',
    message: `is none of auto, a number from 1 to ${MAX_SHARDS}, a range with the number of all shards, and shared: write it like auto, 16, 0-3/16, shared or shared/16`,
  });
  return z.NEVER;
});

const secret = (missing: string, scheme: string) =>
  text(missing)
    .refine(value => !/^(["']).*\1$/.test(value), { abort: true, error: 'stands in quotes: leave them off' })
    .refine(value => !value.toLowerCase().startsWith(`${scheme.toLowerCase()} `), {
      abort: true,
      error: `begins with "${scheme} ": leave that word off`,
    })
    .refine(value => /^[\x21-\x7e]+$/.test(value), {
      error: 'contains a space, a line break or a character outside ASCII: copy it again, alone on its line',
    });

/** A URL without user name, password, query and fragment; even an empty query or fragment (`?`, `#`) is too much. */
const isPlain = (value: string) => {
  const { username, password } = new URL(value);
  return username === '' && password === '' && !/[?#]/.test(value);
};

const baseUrl = (example: string, isAllowed: (url: URL) => boolean, otherwise: string) =>
  text('is missing')
    .refine(value => /^https?:\/\//i.test(value), {
      abort: true,
      error: `must begin with http:// or https://, such as ${example}`,
    })
    .refine(value => URL.canParse(value), {
      abort: true,
      error: `is no address that can be read: write it like ${example}`,
    })
    .refine(isPlain, {
      abort: true,
      error: 'is not a plain http:// or https:// URL: leave off user name, password, query and fragment',
    })
    .refine(value => isAllowed(new URL(value)), { error: otherwise })
    .transform(value => new URL(value).href.replace(/\/+$/, ''));

const isHost = (value: string) => isIP(value) !== 0 || /^(?=.{1,253}$)[a-z\d]([\w.-]*[a-z\d])?$/i.test(value);

/**
 * The rules by variable. `envExample` prints the texts in `meta`, with the default or, if there is none, the `example`.
 */
export const variables = z.object({
  DISCORD_TOKEN: secret(
    'is missing: set it to the token from the Bot page of the Discord Developer Portal',
    'Bot',
  ).meta({
    description:
      'Token of the bot, from the Bot page of https://discord.com/developers/applications. Required.\nOr name a file that holds it: DISCORD_TOKEN_FILE.',
  }),
  FISH_API_KEY: secret(
    'is missing: set it to an API key from https://fish.audio/app/api-keys',
    'Bearer',
  ).meta({
    description:
      'API key of Fish Audio, from https://fish.audio/app/api-keys. Required.\nOr name a file that holds it: FISH_API_KEY_FILE.',
  }),
  DISCORD_API_URL: baseUrl(
    'https://discord.com/api',
    url => !/\/v\d+\/*$/.test(url.pathname),
    'ends in a version such as /v10: leave it off, it is added',
  )
    .prefault('https://discord.com/api')
    .meta({ description: "Base of Discord's REST API, for proxies; the sandbox sets it for its own bot." }),
  DISCORD_CDN_URL: baseUrl(
    'https://cdn.discordapp.com',
    url => url.pathname === '/',
    'has a path: give the origin alone, such as https://cdn.discordapp.com',
  )
    .optional()
    .meta({
      description: "Where attachments may be fetched from. Unset: Discord's two hosts, over https.",
      example: 'https://cdn.discordapp.com',
    }),
  FISH_API_URL: baseUrl(
    'https://api.fish.audio',
    url => url.pathname === '/',
    'has a path: give the origin alone, such as https://api.fish.audio',
  )
    .prefault('https://api.fish.audio')
    .meta({ description: 'Origin of Fish Audio, or of a server that speaks its protocol.' }),
  FISH_MODEL: oneOf(['s1', 's2-pro', 's2.1-pro', 's2.1-pro-free', 'drama-3']).prefault('s2.1-pro').meta({
    description:
      'Model of Fish Audio: s2.1-pro, s2.1-pro-free, s2-pro or drama-3; s1 until 2026-12-31, when Fish Audio retires it.',
  }),
  FISH_VOICE: text('is missing')
    .refine(value => value.length <= MAX_VOICE_LENGTH && !/\s|:\/\//.test(value), {
      error: 'is not the id of a voice: use the part after /m/ in its address on fish.audio',
    })
    .optional()
    .meta({
      description: "Id of the voice to speak with. Unset: Fish Audio's default voice.",
      example: '802e3bc2b27e49c2995d23ef70e6ac89',
    }),
  FISH_LATENCY: oneOf(['low', 'balanced', 'normal']).prefault('balanced').meta({
    description: 'What Fish Audio favours, from soonest to best sounding: low, balanced or normal.',
  }),
  FISH_CONCURRENCY: z
    .union([z.literal('auto'), wholeNumber(1, MAX_CONCURRENCY)], {
      error: `is neither auto nor a whole number from 1 to ${MAX_CONCURRENCY}: write auto, or digits only`,
    })
    .prefault('auto')
    .meta({
      description: `Most generations at once over the Fish Audio account, all processes that share a PostgreSQL database together:\nauto begins with 5 and follows what Fish Audio says; a number from 1 to ${MAX_CONCURRENCY} is never passed.`,
    }),
  DAILY_BUDGET_USD: dollars.prefault('10').meta({
    description:
      'US dollars that all servers together may spend a day (UTC), in all processes that share a PostgreSQL database;\nthen speaking stops until the next.',
  }),
  PRICE_PER_MILLION_BYTES: dollars.optional().meta({
    description:
      'US dollars that Fish Audio takes for a million UTF-8 bytes of text. Unset: 15, and 0 with s2.1-pro-free.',
    example: '15',
  }),
  DATABASE_URL: text('is missing')
    .refine(value => sqlitePath(value) !== null || postgresAddress(value) !== null, {
      error:
        'is neither a file:… path nor a postgres:// URL: write file:./data/parrotfish.db or postgres://user:password@host/name',
    })
    .prefault('file:./data/parrotfish.db')
    .meta({
      description:
        'Where settings and usage are kept: file:… (SQLite) or postgres://….\nOr name a file that holds it: DATABASE_URL_FILE.',
    }),
  SHARDS: shards.prefault('auto').meta({
    description:
      "Which of the bot's shards this process has: auto (all that Discord recommends), 16 (so many, all here), 0-3/16\n(these of 16), shared or shared/16 (its part of them, agreed with the other processes through PostgreSQL).",
    example: 'auto',
  }),
  USER_INSTALL: oneOf(['on', 'off']).prefault('off').meta({
    description:
      'Whether people may install the bot for themselves, and use "Save as audio" where it is not: on or off. For on,\nalso allow User Install on the Installation page of the Discord Developer Portal.',
  }),
  LLM_BASE_URL: baseUrl('http://127.0.0.1:11434/v1', () => true, '')
    .optional()
    .meta({
      description:
        'Base of an OpenAI-compatible server, whose language model answers /ask. Unset: there is no /ask.',
      example: 'http://127.0.0.1:11434/v1',
    }),
  LLM_API_KEY: secret('is missing', 'Bearer').optional().meta({
    description:
      'API key of that server. Unset: none is sent, as servers at home need none.\nOr name a file that holds it: LLM_API_KEY_FILE.',
  }),
  LLM_MODEL: text('is missing').optional().meta({
    description: 'Its model. Required with LLM_BASE_URL.',
    example: 'llama3.2',
  }),
  LLM_SYSTEM_PROMPT: text('is missing')
    .prefault(
      'You are heard in a voice channel: what you write is read aloud. Be brief, five sentences at most. Write plain sentences: no Markdown, no lists, no emoji. Answer in the language of the question.',
    )
    .meta({ description: 'What the model is told before every question.' }),
  LLM_MAX_TOKENS: wholeNumber(1, MAX_TOKENS)
    .prefault('400')
    .meta({ description: "The longest answer, in the model's tokens." }),
  HTTP_PORT: wholeNumber(1, MAX_PORT).optional().meta({
    description: 'Port for /healthz, /readyz and /metrics. Unset: no server (in the container: 8080).',
    example: '8080',
  }),
  HTTP_HOST: text('is missing')
    .refine(isHost, { error: 'is not a host name or an IP address: use 127.0.0.1 or 0.0.0.0' })
    .prefault('127.0.0.1')
    .meta({ description: 'Address that HTTP_PORT is opened on (in the container: 0.0.0.0).' }),
  LOG_LEVEL: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).prefault('info').meta({
    description:
      'How much is logged: trace, debug, info, warn, error, fatal or silent. On a terminal the log is made to be read by\npeople, elsewhere it is JSON.',
  }),
});

/** The variables of Fish Audio, which are all that speaking without Discord needs. */
export const fishVariables = variables.pick({
  FISH_API_KEY: true,
  FISH_API_URL: true,
  FISH_MODEL: true,
  FISH_VOICE: true,
  FISH_LATENCY: true,
  FISH_CONCURRENCY: true,
});

export type Variables = z.output<typeof variables>;

/** The variables that may also be given as the path of a file, in a variable with `_FILE` added to the name. */
export const SECRETS = ['DISCORD_TOKEN', 'FISH_API_KEY', 'DATABASE_URL', 'LLM_API_KEY'] as const;

/** The names of all variables, with those that name files. */
export const NAMES: ReadonlySet<string> = new Set([
  ...Object.keys(variables.shape),
  ...SECRETS.map(name => `${name}_FILE`),
]);

/**
 * The text of the file `.env.example`, with each variable and its explanation. Required variables are empty. The others
 * are commented out, with their default or an example. `head` stands above all.
 */
export function envExample(head = EXAMPLE_HEAD): string {
  const blocks = Object.entries(variables.shape).map(([name, rule]) => {
    const { description = '', example } = rule.meta() ?? {};
    const fallback = rule.safeParse(undefined);
    const shown = [fallback.data, example].find(
      value => typeof value === 'string' || typeof value === 'number',
    );
    const line = fallback.success ? `# ${name}=${shown ?? ''}` : `${name}=`;
    return `${description.replaceAll(/^/gm, '# ')}\n${line}\n`;
  });
  return [...(head === '' ? [] : [head]), ...blocks].join('\n');
}

const EXAMPLE_HEAD = `# Copy this file to .env and fill in the first two; "npm run setup" does that for you. A line such as "# NAME=value"
# shows a default or an example: remove the "# " to set it.
`;
