import { expect, test } from 'vitest';
import { ConfigError } from '../src/config.ts';
import { GOOD, problemsOf } from './support/config.ts';

// A table of bad values: the variable, the value, and a piece of the advice.
test.each([
  ['DISCORD_TOKEN', '', 'is missing'],
  ['DISCORD_TOKEN', 'Bot qqxyzzy', 'leave that word off'],
  ['DISCORD_TOKEN', 'bot qqxyzzy', 'leave that word off'],
  ['DISCORD_TOKEN', '"qqxyzzy"', 'quotes'],
  ['DISCORD_TOKEN', 'qqxyzzy qqxyzzy', 'contains a space'],
  ['DISCORD_TOKEN', 'qqxyzzy\nqqxyzzy', 'contains a space'],
  ['DISCORD_TOKEN', 'qqxyzzyé', 'outside ASCII'],
  ['FISH_API_KEY', '  ', 'is missing'],
  ['FISH_API_KEY', 'Bearer qqxyzzy', 'leave that word off'],
  ['FISH_API_KEY', "'qqxyzzy'", 'quotes'],
  ['FISH_API_KEY', 'qqxyzzy\tqqxyzzy', 'contains a space'],
  ['DISCORD_API_URL', 'qqxyzzy', 'http:// or https://'],
  ['DISCORD_API_URL', 'ftp://qqxyzzy/api', 'http:// or https://'],
  ['DISCORD_API_URL', 'https://qqxyzzy:secret@proxy/api', 'user name'],
  ['DISCORD_API_URL', 'https://proxy/api?qqxyzzy', 'query'],
  ['DISCORD_API_URL', 'https://proxy/api#qqxyzzy', 'fragment'],
  ['DISCORD_API_URL', 'https://qqxyzzy/api/v10', 'leave it off'],
  ['FISH_API_URL', 'wss://qqxyzzy', 'http:// or https://'],
  ['FISH_API_URL', 'https://qqxyzzy/v1/tts', 'origin alone'],
  ['FISH_API_URL', 'qqxyzzy:9000', 'http:// or https://'],
  ['FISH_MODEL', 'qqxyzzy', 's2.1-pro-free'],
  ['FISH_MODEL', 'S1', 's2.1-pro-free'],
  ['FISH_VOICE', 'https://fish.audio/m/qqxyzzy', 'id of a voice'],
  ['FISH_VOICE', 'qqxyzzy qqxyzzy', 'id of a voice'],
  ['FISH_LATENCY', 'qqxyzzy', 'low, balanced, normal'],
  ['FISH_CONCURRENCY', '0', 'from 1 to 1000'],
  ['FISH_CONCURRENCY', '1001', 'from 1 to 1000'],
  ['FISH_CONCURRENCY', '2.5', 'digits only'],
  ['FISH_CONCURRENCY', '-3', 'digits only'],
  ['DISCORD_CDN_URL', 'https://qqxyzzy/files', 'origin alone'],
  ['DAILY_BUDGET_USD', '$qqxyzzy', 'digits only'],
  ['DAILY_BUDGET_USD', '-1', 'digits only'],
  ['DAILY_BUDGET_USD', '1,50', 'digits only'],
  ['PRICE_PER_MILLION_BYTES', 'qqxyzzy', 'digits only'],
  ['DATABASE_URL', 'mysql://qqxyzzy', 'postgres://'],
  ['DATABASE_URL', './data/qqxyzzy.db', 'file:./data/parrotfish.db'],
  ['DATABASE_URL', 'file:', 'file:./data/parrotfish.db'],
  ['DATABASE_URL', 'file:/tmp/100%qqxyzzy', 'file:./data/parrotfish.db'],
  ['DATABASE_URL', 'file://qqxyzzy/a.db', 'file:./data/parrotfish.db'],
  ['DATABASE_URL', 'file:/tmp/a.db?mode=qqxyzzy', 'file:./data/parrotfish.db'],
  ['DATABASE_URL', 'postgres://me:100%qqxyzzy@host/name', 'postgres://'],
  ['DATABASE_URL', 'file:./qqxyzzy%E9.db', 'file:./data/parrotfish.db'],
  ['DATABASE_URL', 'file:///tmp/qqxyzzy%2Fb.db', 'file:./data/parrotfish.db'],
  ['DATABASE_URL', 'file:///tmp/qqxyzzy%E9.db', 'file:./data/parrotfish.db'],
  ['DATABASE_URL', 'file:/tmp/qqxyzzy%00.db', 'file:./data/parrotfish.db'],
  ['DATABASE_URL', 'file:///tmp/qqxyzzy%00.db', 'file:./data/parrotfish.db'],
  ['DATABASE_URL', 'postgres://me:qqxyzzy%FFb@host/name', 'postgres://'],
  ['DATABASE_URL', 'postgres://%FFqqxyzzy:secret@host/name', 'postgres://'],
  ['DATABASE_URL', 'postgres://me:secret@host/qqxyzzy%00', 'postgres://'],
  ['SHARDS', 'qqxyzzy', 'write it like auto, 16, 0-3/16'],
  ['SHARDS', '0', 'from 1 to 16384'],
  ['SHARDS', '0-16/16', '0-3/16'],
  ['SHARDS', 'shared/0', 'shared/16'],
  ['SHARDS', 'shared', 'set DATABASE_URL to a postgres:// URL'],
  ['SHARDS', 'shared/16', 'set DATABASE_URL to a postgres:// URL'],
  ['LLM_API_KEY', 'Bearer qqxyzzy', 'leave that word off'],
  [
    'DISCORD_API_URL',
    'discord.com/qqxyzzy',
    'begin with http:// or https://, such as https://discord.com/api',
  ],
  ['FISH_API_URL', 'http://', 'write it like https://api.fish.audio'],
  ['FISH_API_URL', 'https://qqxyzzy:99999', 'write it like https://api.fish.audio'],
  ['LLM_MAX_TOKENS', '0', 'from 1 to 32000'],
  ['HTTP_PORT', '0', 'from 1 to 65535'],
  ['HTTP_PORT', '65536', 'from 1 to 65535'],
  ['HTTP_PORT', '0x50', 'digits only'],
  ['HTTP_PORT', '1e3', 'digits only'],
  ['HTTP_HOST', 'http://qqxyzzy', 'host name'],
  ['HTTP_HOST', 'qqxyzzy:80', 'host name'],
  ['LOG_LEVEL', 'qqxyzzy', 'trace, debug, info'],
])('row 36: %s = %j is refused, and the line says what to do', (name, value, advice) => {
  const problems = problemsOf({ ...GOOD, [name]: value });
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(new RegExp(`^${name} [^\\n]+$`));
  expect(problems[0]).toContain(advice);
  expect(problems[0]).not.toMatch(/qqxyzzy/i);
});

test('every problem is reported at once, one line each, exit code 78', () => {
  const env = {
    FISH_MODEL: 'qqxyzzy',
    FISH_LATENCY: 'qqxyzzy',
    FISH_CONCURRENCY: 'qqxyzzy',
    HTTP_PORT: 'qqxyzzy',
    LOG_LEVEL: 'qqxyzzy',
  };
  const problems = problemsOf(env);
  expect(problems.map(problem => problem.split(' ')[0])).toEqual([
    'DISCORD_TOKEN',
    'FISH_API_KEY',
    ...Object.keys(env),
  ]);
  expect(new ConfigError(problems)).toMatchObject({ exitCode: 78, message: problems.join('\n') });
});

test.each([
  'localhost',
  'localhost:11434',
  'LOCALHOST/v1',
  '127.0.0.1:11434/v1',
  '//localhost',
  'http:localhost',
])('LLM_BASE_URL=%s has no http:// in front, and the line says just that', value => {
  expect(problemsOf({ ...GOOD, LLM_BASE_URL: value, LLM_MODEL: 'm' })).toEqual([
    'LLM_BASE_URL must begin with http:// or https://, such as http://127.0.0.1:11434/v1',
  ]);
});
