import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ConfigError,
  inspectConfig,
  loadConfig,
  loadFishConfig,
  retirementOf,
  secretProblem,
  secretsOf,
} from '../src/config.ts';
import { FISH_MODELS } from '../src/fish/protocol.ts';
import { GOOD, problemsOf, TODAY } from './support/config.ts';

test('two variables are enough; the rest have defaults', () => {
  expect(loadConfig(GOOD)).toEqual({
    discord: {
      token: 'fake.token',
      apiUrl: 'https://discord.com/api',
      cdnUrl: null,
      userInstall: false,
      shards: { kind: 'all', count: null },
    },
    fish: {
      apiKey: 'fake-key',
      url: 'https://api.fish.audio',
      model: 's2.1-pro',
      voice: undefined,
      latency: 'balanced',
      concurrency: 'auto',
    },
    budget: { dailyUsd: 10, usdPerMillionBytes: 15 },
    databaseUrl: 'file:./data/parrotfish.db',
    llm: null,
    http: null,
    logLevel: 'info',
  });
});

test('everything can be set; space around a value and a trailing slash are forgiven', () => {
  const config = loadConfig({
    DISCORD_TOKEN: ' fake.token\r\n',
    FISH_API_KEY: 'fake-key',
    DISCORD_API_URL: 'http://127.0.0.1:8081/api/',
    DISCORD_CDN_URL: 'http://127.0.0.1:8083/',
    FISH_API_URL: 'http://127.0.0.1:8082/',
    FISH_MODEL: 'drama-3',
    FISH_VOICE: '7f92f8afb8ec43bf81429cc1c9199cb1',
    FISH_LATENCY: 'low',
    FISH_CONCURRENCY: '1000',
    DAILY_BUDGET_USD: '0.5',
    PRICE_PER_MILLION_BYTES: '12.25',
    DATABASE_URL: 'postgres://me:pass@127.0.0.1:5432/parrotfish',
    USER_INSTALL: 'on',
    LLM_BASE_URL: 'http://127.0.0.1:11434/v1/',
    LLM_API_KEY: 'sk-fake',
    LLM_MODEL: 'llama3.2',
    LLM_SYSTEM_PROMPT: 'Be brief.',
    LLM_MAX_TOKENS: '200',
    HTTP_PORT: '65535',
    HTTP_HOST: '::1',
    LOG_LEVEL: 'silent',
  });
  expect(config).toEqual({
    discord: {
      token: 'fake.token',
      apiUrl: 'http://127.0.0.1:8081/api',
      cdnUrl: 'http://127.0.0.1:8083',
      userInstall: true,
      shards: { kind: 'all', count: null },
    },
    fish: {
      apiKey: 'fake-key',
      url: 'http://127.0.0.1:8082',
      model: 'drama-3',
      voice: '7f92f8afb8ec43bf81429cc1c9199cb1',
      latency: 'low',
      concurrency: 1000,
    },
    budget: { dailyUsd: 0.5, usdPerMillionBytes: 12.25 },
    databaseUrl: 'postgres://me:pass@127.0.0.1:5432/parrotfish',
    llm: {
      baseUrl: 'http://127.0.0.1:11434/v1',
      apiKey: 'sk-fake',
      model: 'llama3.2',
      systemPrompt: 'Be brief.',
      maxTokens: 200,
    },
    http: { host: '::1', port: 65_535 },
    logLevel: 'silent',
  });
});

test('shared shards are taken with PostgreSQL', () => {
  const DATABASE_URL = 'postgres://localhost/parrotfish';
  expect(loadConfig({ ...GOOD, DATABASE_URL, SHARDS: 'shared' }).discord.shards).toEqual({
    kind: 'shared',
    count: null,
  });
  expect(problemsOf({ ...GOOD, DATABASE_URL: 'mysql://host/name', SHARDS: 'shared' })).toHaveLength(1);
});

test('the free model costs nothing unless a price is given', () => {
  const price = (env: NodeJS.ProcessEnv) =>
    loadConfig({ ...GOOD, ...env }, undefined, TODAY).budget.usdPerMillionBytes;
  expect(price({ FISH_MODEL: 's2.1-pro-free' })).toBe(0);
  expect(price({ FISH_MODEL: 's2.1-pro-free', PRICE_PER_MILLION_BYTES: '3' })).toBe(3);
  expect(price({ FISH_MODEL: 's1' })).toBe(15);
});

test('s1 works until its last day, with a word of warning, and is refused from then on, with what to use', () => {
  const on = (day: string, model = 's1') =>
    problemsOf({ ...GOOD, FISH_MODEL: model }, undefined, new Date(day));
  expect(on('2026-12-30T23:59:59Z')).toEqual([]);
  expect(on('2026-12-31T00:00:00Z')).toEqual([
    'FISH_MODEL is s1, which Fish Audio has retired: use s2.1-pro',
  ]);
  expect(on('2027-06-01', 's2-pro')).toEqual([]);
  expect(retirementOf('s1', new Date('2026-11-28'))).toEqual({
    over: false,
    words: 'is s1, which Fish Audio retires on 2026-12-31: use s2.1-pro',
  });
  expect(retirementOf('s2.1-pro', new Date('2026-11-28'))).toBeUndefined();
  const fish = { FISH_API_KEY: 'fake-key', FISH_MODEL: 's1' };
  expect(() => loadFishConfig(fish, undefined, new Date('2027-01-01'))).toThrow(ConfigError);
});

test('secrets are the token, the key and the password of the database, as it is and as its URL writes it', () => {
  const config = loadConfig({ ...GOOD, DATABASE_URL: 'postgres://me:p%40ss@localhost/parrotfish' });
  expect(secretsOf(config)).toEqual(['fake.token', 'fake-key', 'p%40ss', 'p@ss']);
  expect(secretsOf(loadConfig(GOOD))).toEqual(['fake.token', 'fake-key']);
  const socket = { ...GOOD, DATABASE_URL: 'postgres://me:p%40ss@/parrotfish?host=/run/postgresql' };
  expect(secretsOf(loadConfig(socket))).toEqual(['fake.token', 'fake-key', 'p%40ss', 'p@ss']);
  const few = { DISCORD_TOKEN: 'abc', FISH_API_KEY: 'e' }; // gaps for these would make a log unreadable
  expect(secretsOf(loadConfig(few))).toEqual([]);
  const short = { ...GOOD, DATABASE_URL: 'postgres://bot:p@db/parrotfish' };
  expect(secretsOf(loadConfig(short))).toEqual(['fake.token', 'fake-key', ':p@']);
  const model = { LLM_BASE_URL: 'http://llm/v1', LLM_MODEL: 'm', LLM_API_KEY: 'sk-fake' };
  expect(secretsOf(loadConfig({ ...GOOD, ...model }))).toEqual(['fake.token', 'fake-key', 'sk-fake']);
});

test('a language model needs an address and a name; its key may be a file, or missing', () => {
  const model = { LLM_BASE_URL: 'https://llm.example/v1', LLM_MODEL: 'm' };
  expect(loadConfig({ ...GOOD, ...model }).llm).toMatchObject({ apiKey: undefined, maxTokens: 400 });
  const file = loadConfig({ ...GOOD, ...model, LLM_API_KEY_FILE: '/run/key' }, () => 'sk-file\n');
  expect(file.llm?.apiKey).toBe('sk-file');
  expect(loadConfig({ ...GOOD, LLM_MODEL: 'm', LLM_API_KEY: 'sk-fake' }).llm).toBeNull();
  expect(problemsOf({ ...GOOD, LLM_BASE_URL: model.LLM_BASE_URL })).toEqual([
    'LLM_MODEL is missing: set it to the name of a model that LLM_BASE_URL has',
  ]);
  expect(problemsOf({ ...GOOD, ...model, LLM_BASE_URL: 'qqxyzzy:11434' })).toEqual([
    expect.stringMatching(/^LLM_BASE_URL must begin with http:\/\/ or https:\/\//),
  ]);
});

test('an empty variable is one that is not set', () => {
  const empty = { DISCORD_TOKEN_FILE: '', FISH_MODEL: '', FISH_VOICE: ' ', HTTP_PORT: '', LOG_LEVEL: '\t' };
  expect(loadConfig({ ...GOOD, ...empty })).toEqual(loadConfig(GOOD));
});

test.each([...FISH_MODELS])('the model %s, which the wire knows, is known here', model => {
  expect(loadConfig({ ...GOOD, FISH_MODEL: model }, undefined, TODAY).fish.model).toBe(model);
});

test('what is usable of a configuration that is wrong can be looked at; what is wrong counts as not set', () => {
  const env = {
    FISH_API_KEY: 'fake-key',
    FISH_MODEL: 'qqxyzzy',
    HTTP_PORT: '8080',
    LLM_BASE_URL: 'http://llm',
  };
  const { config, problems } = inspectConfig(env, undefined, TODAY);
  expect(problems.map(problem => problem.split(' ')[0])).toEqual([
    'DISCORD_TOKEN',
    'FISH_MODEL',
    'LLM_MODEL',
  ]);
  expect(config).toMatchObject({
    discord: { token: '', apiUrl: 'https://discord.com/api' },
    fish: { apiKey: 'fake-key', model: 's2.1-pro' },
    http: { port: 8080 },
    llm: null,
  });
  expect(inspectConfig(GOOD)).toEqual({ config: loadConfig(GOOD), problems: [] });
  expect(secretsOf(config)).toEqual(['fake-key']);
});

test('a token or key alone can be checked before it is written anywhere', () => {
  expect(secretProblem('DISCORD_TOKEN', 'fake.token')).toBeNull();
  expect(secretProblem('DISCORD_TOKEN', 'Bot fake.token')).toMatch(/leave that word off/);
  expect(secretProblem('FISH_API_KEY', 'two words')).toMatch(/^contains a space/);
});

test('a secret may be a file', () => {
  const files: Record<string, string> = { '/run/token': '\uFEFFfrom.file\n', '/run/key': ' key-from-file ' };
  const config = loadConfig(
    { DISCORD_TOKEN_FILE: '/run/token', FISH_API_KEY_FILE: '/run/key' },
    path => files[path] ?? '',
  );
  expect([config.discord.token, config.fish.apiKey]).toEqual(['from.file', 'key-from-file']);
});

test('a file that cannot be read, is empty, or stands beside the variable is a problem of its own', () => {
  const key = { FISH_API_KEY: 'fake-key' };
  const file = { ...key, DISCORD_TOKEN_FILE: '/nowhere/qqxyzzy' };
  expect(problemsOf(file)).toEqual([
    'DISCORD_TOKEN_FILE names a file that cannot be read (ENOENT): check the path and the permissions',
  ]);
  expect(problemsOf(file, () => ' \n')).toEqual([
    'DISCORD_TOKEN_FILE names an empty file: write the secret into it',
  ]);
  expect(problemsOf({ ...GOOD, ...file }, () => 'qqxyzzy')).toEqual([
    'DISCORD_TOKEN_FILE is set beside the variable without _FILE: keep one of the two',
  ]);
  const [bad] = problemsOf(file, () => 'Bot qqxyzzy');
  expect(bad).toMatch(/^DISCORD_TOKEN begins with "Bot "/);
});

test('a file with the address of the database goes before the path that the container and the unit set', () => {
  const DATABASE_URL = 'file:/data/parrotfish.db';
  const env = { ...GOOD, DATABASE_URL, DATABASE_URL_FILE: '/run/database' };
  const address = 'postgres://me:pass@host/name';
  expect(loadConfig(env, () => `${address}\n`).databaseUrl).toBe(address);
  expect(problemsOf(env)).toEqual([
    'DATABASE_URL_FILE names a file that cannot be read (ENOENT): check the path and the permissions',
  ]);
  expect(problemsOf({ ...env, DATABASE_URL: address }, () => address)).toHaveLength(1);
});

test('the byte order mark of an .env is no part of the name in its first line', () => {
  const { DISCORD_TOKEN, FISH_API_KEY } = GOOD;
  const env = { '\uFEFFDISCORD_TOKEN': DISCORD_TOKEN, FISH_API_KEY };
  expect(loadConfig(env)).toEqual(loadConfig(GOOD));
  expect(loadConfig({ ...env, DISCORD_TOKEN: 'other.token' }).discord.token).toBe('other.token');
});

const NAMES = `DISCORD_TOKEN FISH_API_KEY DISCORD_API_URL FISH_API_URL FISH_MODEL FISH_VOICE FISH_LATENCY
  FISH_CONCURRENCY DAILY_BUDGET_USD PRICE_PER_MILLION_BYTES DATABASE_URL DISCORD_CDN_URL LLM_BASE_URL LLM_API_KEY LLM_MODEL LLM_MAX_TOKENS HTTP_PORT HTTP_HOST LOG_LEVEL DISCORD_TOKEN_FILE`.split(
  /\s+/,
);

test('whatever the environment holds, it loads or the problems are single lines without the values', () => {
  const value = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).map(text => `§${text}§`);
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...NAMES), value), env => {
      for (const problem of problemsOf(env, () => '§file§')) {
        expect(problem).toMatch(/^[A-Z_]+ [^\n]+$/);
        expect(problem).not.toContain('§');
      }
    }),
  );
});
