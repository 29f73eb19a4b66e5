import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shardRefusalOf } from '../../src/discord/gateway/login.ts';
import { type Bot, startBot } from '../sandbox/bot.ts';
import { type FakeDiscord, type FakeGuild, startDiscord } from '../sandbox/discord/discord.ts';
import type { Listener } from '../sandbox/discord/voice-api.ts';
import { startModel } from '../sandbox/llm/model.ts';
import { freePort } from '../support/free-port.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const TERMINAL = new URL('../support/preload-terminal.ts', import.meta.url);
const NOWHERE = 'http://127.0.0.1:9';

/** Runs the bot to its end; `env` replaces the sandbox's variables. */
async function runToEnd(env: Record<string, string>, { npm = false } = {}) {
  await using bot = startBot({
    npm,
    discord: { apiUrl: NOWHERE, token: 'a.b.c', caFile: '' },
    fish: { url: NOWHERE, apiKey: 'secret-fish-key' },
    env,
  });
  const code = await bot.exited;
  return { code, lines: bot.output.trim().split('\n') };
}

test.skipIf(process.platform === 'win32')(
  '`npm start` without a .env says how to get one, once, and Node says nothing of it',
  async () => {
    const isThere = existsSync(`${import.meta.dirname}/../../.env`); // a developer may have one
    const { code, lines } = await runToEnd({ DISCORD_TOKEN: '', FISH_API_KEY: '' }, { npm: true });
    expect(code).toBe(78);
    expect(lines.map(line => line.split(' ')[0])).toEqual(['DISCORD_TOKEN', 'FISH_API_KEY']);
    expect(lines.filter(line => /npm run setup.*cp \.env\.example \.env/.test(line))).toHaveLength(
      isThere ? 0 : 1,
    );
  },
);

test('a wrong key, of Fish Audio or of the language model, is told at start, with what to do; the bot runs', async () => {
  await using model = await startModel();
  const env = {
    FISH_API_KEY: 'canary-fish-key',
    LLM_BASE_URL: model.url,
    LLM_API_KEY: 'canary-model-key',
    LLM_MODEL: model.model,
  };
  await using stage = await startStage({ env });
  await until('the lines', () =>
    ['check FISH_API_KEY, and restart', 'check LLM_API_KEY'].every(line => stage.bot.output.includes(line)),
  );
  expect(stage.bot.output).toMatch(/does not accept the API key/);
  expect(stage.bot.output).not.toMatch(/canary-(fish|model)-key/);
  const guild = stage.discord.addGuild();
  const ana = stage.discord.addUser('Ana');
  guild.addMember(ana);
  const status = await stage.discord.command(ana, guild, 'status').reply();
  expect(status).toContain('The language model refused my key.');
  expect((await stage.bot.stop()).code).toBe(0);
});

/** Thirty bad values, in processes that have one each of as many variables as they can. */
const BAD: readonly Record<string, string>[] = [
  {
    DISCORD_TOKEN: 'Bot qqxyzzy',
    FISH_API_KEY: '"qqxyzzy"',
    DISCORD_API_URL: 'ftp://qqxyzzy/api',
    FISH_API_URL: 'wss://qqxyzzy',
    FISH_MODEL: 'qqxyzzy',
    FISH_VOICE: 'https://fish.audio/m/qqxyzzy',
    FISH_LATENCY: 'qqxyzzy',
    FISH_CONCURRENCY: 'qqxyzzy',
    DAILY_BUDGET_USD: '$qqxyzzy',
    PRICE_PER_MILLION_BYTES: 'qqxyzzy',
    DATABASE_URL: 'mysql://qqxyzzy',
    HTTP_PORT: 'qqxyzzy',
    HTTP_HOST: 'http://qqxyzzy',
    LOG_LEVEL: 'qqxyzzy',
    DISCORD_CDN_URL: 'https://qqxyzzy/files',
    LLM_BASE_URL: 'qqxyzzy:11434',
  },
  {
    DISCORD_TOKEN: 'qqxyzzy qqxyzzy',
    FISH_API_KEY: 'Bearer qqxyzzy',
    DISCORD_API_URL: 'https://qqxyzzy:secret@proxy/api',
    FISH_API_URL: 'https://qqxyzzy/v1/tts',
    FISH_VOICE: 'qqxyzzy qqxyzzy',
    FISH_CONCURRENCY: '-3',
    DAILY_BUDGET_USD: '-1',
    DATABASE_URL: 'postgres://me:100%qqxyzzy@host/name',
    HTTP_PORT: '65536',
    HTTP_HOST: 'qqxyzzy:80',
    LLM_BASE_URL: 'http://llm/v1',
    LLM_MODEL: 'm',
    LLM_API_KEY: 'Bearer qqxyzzy',
    LLM_MAX_TOKENS: '0',
  },
  { DISCORD_TOKEN: '', DISCORD_TOKEN_FILE: '/nowhere/qqxyzzy', FISH_API_KEY: '' },
];

test.each(BAD.map(env => [Object.keys(env).length, env] as const))(
  'row 36: bad configurations, %i variables at once: a line for each, exit 78, and no value in it',
  async (_count, env) => {
    const { code, lines } = await runToEnd(env);
    expect(code).toBe(78);
    const told = lines.map(line => line.split(' ')[0]);
    const isGood = (name: string) => name === 'LLM_MODEL' || env[name] === 'http://llm/v1';
    const bad = Object.keys(env).filter(name => !isGood(name));
    const isSaid = (name: string) => told.includes(name) || told.includes(`${name}_FILE`);
    expect(bad.filter(name => !isSaid(name))).toEqual([]);
    expect(lines).toHaveLength(new Set(told).size);
    expect(lines.join('\n')).not.toMatch(/qqxyzzy|Error:|\bat .*\.m?[jt]s/i);
  },
);

test('a refused token: one clear line, exit 78, and no second try', async () => {
  await using discord = await startDiscord();
  await using bot = startBot({
    discord: { ...discord, apiUrl: discord.apiUrl, caFile: discord.caFile, token: 'bm90LXRoaXM.x.refused' },
    fish: { url: NOWHERE, apiKey: 'some-fish-key' },
  });
  expect(await bot.exited).toBe(78);
  const refusals = bot.output.split('\n').filter(line => line.includes('DISCORD_TOKEN'));
  expect(refusals).toHaveLength(1);
  expect(bot.output).not.toContain('bm90LXRoaXM');
  expect(discord.requests.filter(({ status }) => status === 401)).toHaveLength(1);
});

const REFUSALS = [
  [4004, /DISCORD_TOKEN/],
  [4014, /intents/],
] as const;

test.each(REFUSALS)('row 17: the gateway refuses with %i: one clear line, exit 78', async (code, line) => {
  await using discord = await startDiscord();
  discord.faults.identifyClose = code;
  await using bot = startBot({ discord, fish: { url: NOWHERE, apiKey: 'some-fish-key' } });
  expect(await bot.exited).toBe(78);
  expect(bot.output.split('\n').filter(text => line.test(text))).toHaveLength(1);
});

test('Discord wants more shards than SHARDS names: one clear line, exit 78', async () => {
  await using discord = await startDiscord();
  const options = { discord, fish: { url: NOWHERE, apiKey: 'some-fish-key' } };
  discord.faults.identifyClose = 4011;
  await using named = startBot({ ...options, env: { SHARDS: '1' } });
  expect(await named.exited).toBe(78);
  const lines = named.output.split('\n').filter(text => /set SHARDS to auto/.test(text));
  expect(lines).toEqual([expect.stringContaining(shardRefusalOf(4011)?.message ?? '?')]);
  expect(shardRefusalOf(4010)).toEqual(shardRefusalOf(4011));
  discord.faults.identifyClose = 4010;
  await using auto = startBot(options); // started again, it asks Discord for the number anew
  expect(await auto.exited).toBe(1);
});

describe('two starts of a bot that is in no server yet', () => {
  let discord: FakeDiscord;
  let port: number;
  let first: Bot;
  let second: Bot;
  const start = (preload: readonly URL[] = []) =>
    startBot({
      preload,
      discord,
      fish: { url: NOWHERE, apiKey: 'some-fish-key' },
      env: { LLM_MODEL: 'some-model', LLM_API_KEY: 'canary-model-key', HTTP_PORT: `${port}` },
    });
  const commandsPut = () => discord.requests.filter(({ method }) => method === 'PUT').length;

  beforeAll(async () => {
    discord = await startDiscord();
    port = await freePort();
    discord.faults.restRefusals = { path: /^\/gateway\/bot$/u, status: 503, code: 0, times: 6 };
    first = start();
  });
  afterAll(async () => {
    for (const bot of [first, second]) await bot[Symbol.asyncDispose]();
    await discord[Symbol.asyncDispose]();
  });

  /** The gateway closes with a code, and refuses every later log-in with it, without Message Content as well. */
  async function refusedLater(bot: Bot, code: number, line: RegExp): Promise<void> {
    const before = discord.identifies.length;
    discord.faults.identifyClose = code;
    discord.closeGateway(code);
    expect(await bot.exited).toBe(78);
    delete discord.faults.identifyClose;
    expect(bot.output.split('\n').filter(text => line.test(text))).toHaveLength(1);
    expect(discord.identifies).toHaveLength(before);
  }

  test('row 34: REST answers 503 at start: the bot tries again', async () => {
    await discord.ready();
    await until('its word', () => first.output.includes('connected to Discord'));
    const response = await fetch(`http://127.0.0.1:${port}/readyz`);
    expect(await response.json()).toMatchObject({ checks: { gateway: { ok: true } } });
  });

  test('the invite link asks for what the bot needs and no more', async () => {
    await until('the link', () => first.output.includes('"invite"'));
    const link = new URL(/"invite":"([^"]+)"/.exec(first.output)?.[1] ?? '');
    expect(link.searchParams.get('scope')?.split(' ').toSorted()).toEqual(['applications.commands', 'bot']);
    const view = 1n << 10n;
    const send = 1n << 11n;
    const connect = 1n << 20n;
    const speak = 1n << 21n;
    expect(BigInt(link.searchParams.get('permissions') ?? 0)).toBe(view | send | connect | speak);
  });

  test('a variable that does nothing without another one is told at the start', async () => {
    await until('the line', () => first.output.includes('without LLM_BASE_URL'), 30_000);
    expect(first.output).not.toContain('canary-model-key');
  });

  test('row 17: the gateway closes with 4004 later: one clear line, exit 78', async () => {
    await until('registration', () => first.output.includes('commands registered'));
    expect(commandsPut()).toBe(1);
    await refusedLater(first, ...REFUSALS[0]);
  });

  test('commands are registered again only when Discord has others', async () => {
    second = start([TERMINAL]);
    await until('registration', () => second.output.includes('commands registered'));
    expect(commandsPut()).toBe(1);
  });

  test('on a terminal the log is made to be read by people, and still has no secret', () => {
    const lines = second.output.trim().split('\n');
    expect(lines.filter(line => !/^\d\d:\d\d:\d\d /.test(line))).toEqual([]);
    expect(second.output).toMatch(/ connected to Discord guilds=0 shards=1\n/);
    expect(second.output).toMatch(/ invite="?https:\/\/discord\.com\/oauth2/);
    for (const secret of [discord.token, 'some-fish-key', 'canary-model-key'])
      expect(second.output).not.toContain(secret);
  });

  test('row 17: the gateway closes with 4014 later: one clear line, exit 78', async () => {
    await refusedLater(second, ...REFUSALS[1]);
  });
});

test('row 15: asked twice to end in mid-sentence: it breaks off, leaves the channel, exit 0', async () => {
  await using stage = await startStage({ fish: { packets: 200 } });
  const { guild, listener } = await longSentence(stage);
  process.kill(stage.bot.pid, 'SIGTERM');
  await until('it was asked', () => stage.bot.output.includes('finishing the sentence'));
  await sleep(600);
  const { code } = await stage.bot.stop('SIGTERM');
  expect(code).toBe(0);
  expect(listener.speech().length).toBeLessThan(200);
  expect(stage.discord.botVoiceChannel(guild)).toBeNull();
});

test('row 15: one Ctrl-C that comes twice, by the terminal and by npm, lets the sentence end', async () => {
  await using stage = await startStage({ fish: { packets: 100 } });
  const { listener } = await longSentence(stage);
  process.kill(stage.bot.pid, 'SIGINT');
  const { code } = await stage.bot.stop('SIGINT');
  expect(code).toBe(0);
  expect(listener.speech()).toEqual(stage.fish.sessions.at(-1)?.packets);
});

/** Somebody has a sentence said, and hears its beginning. */
async function longSentence({ discord }: Stage): Promise<{ guild: FakeGuild; listener: Listener }> {
  const guild = discord.addGuild({ name: 'long' });
  const ana = discord.addUser('Ana');
  guild.addMember(ana);
  const listener = await discord.join(ana, guild.voiceChannel);
  await discord.command(ana, guild, 'say', { text: 'A long sentence.' }).reply();
  await until('speech', () => listener.speech().length > 10);
  return { guild, listener };
}

test('row 15: SIGTERM to `npm start` in mid-sentence: the sentence ends, the bot leaves, exit 0; health says so before', async () => {
  const port = await freePort();
  const npm = process.platform !== 'win32';
  await using stage = await startStage({ npm, env: { HTTP_PORT: `${port}` } });
  const { discord, fish, bot } = stage;
  const guild = discord.addGuild({ name: 'term' });
  const ana = discord.addUser('Ana');
  guild.addMember(ana);
  const listener = await discord.join(ana, guild.voiceChannel);
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
  const text = 'A sentence of about three seconds, ended by a signal.';
  await discord.command(ana, guild, 'say', { text }).reply();
  await discord.command(ana, guild, 'say', { text: 'This one is dropped.' }).reply();
  await until('speech', () => listener.speech().length > 10);
  const { code } = await bot.stop('SIGTERM');
  expect(code).toBe(0);
  const packets = fish.sessions.find(session => session.text.trim().endsWith(text))?.packets;
  expect(listener.speech()).toEqual(packets);
  expect(discord.botVoiceChannel(guild)).toBeNull();
  await until('the gateway is left', () => discord.connections === 0);
});
