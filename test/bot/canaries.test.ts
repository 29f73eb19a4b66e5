import { afterEach, expect, test } from 'vitest';
import { startBot } from '../sandbox/bot.ts';
import { startDiscord } from '../sandbox/discord/discord.ts';
import { INTERACTION_ANSWERS } from '../sandbox/discord/faults.ts';
import { startFish } from '../sandbox/fish/fish.ts';
import { startModel } from '../sandbox/llm/model.ts';
import { startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';
import { useWholeMenu } from '../support/whole-menu.ts';

const MANAGE_GUILD = String(1n << 5n);
const PATIENCE_MS = 180_000;
/** What is said, and typed wherever something can be typed. */
const WORDS = 'Words that anybody could say.';
const PASSWORD = 'canary-of-the-database';
const CRASH = new URL('../support/preload-crash.ts', import.meta.url);
const TERMINAL = new URL('../support/preload-terminal.ts', import.meta.url);

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** Every way in which bytes or a text may have been written down. */
function spellings(secret: string | Uint8Array): readonly string[] {
  if (typeof secret === 'string') {
    const bytes = Buffer.from(secret);
    return [secret, encodeURIComponent(secret), bytes.toString('base64'), bytes.toString('base64url')];
  }
  const bytes = Buffer.from(secret);
  return [bytes.toString('hex'), bytes.toString('base64'), bytes.toString('base64url'), [...bytes].join(',')];
}

/** The secrets that stand in a text, by their names. */
function found(text: string, secrets: Readonly<Record<string, string | Uint8Array>>): readonly string[] {
  const plain = text.replaceAll(/\s+/g, '');
  return Object.keys(secrets).filter(name =>
    spellings(secrets[name] ?? '').some(spelling => text.includes(spelling) || plain.includes(spelling)),
  );
}

test('the search finds what it is to find', () => {
  const secrets = { token: 'a.canary+token=', key: new Uint8Array([1, 2, 250]) };
  expect(found('{"t":"a.canary+token="}', secrets)).toEqual(['token']);
  expect(found('wss://x/?t=a.canary%2Btoken%3D', secrets)).toEqual(['token']);
  expect(found('{"secret_key": [1, 2, 250]}', secrets)).toEqual(['key']);
  expect(found('key 0102fa', secrets)).toEqual(['key']);
  expect(found('nothing', secrets)).toEqual([]);
});

test(
  'row 25: no secret is in the log at its most talkative, nor in anything that is sent to Discord: all of the menu, and faults of each service',
  async () => {
    const model = await startModel();
    cleanups.push(() => model[Symbol.asyncDispose]());
    const env = {
      LOG_LEVEL: 'trace',
      LLM_BASE_URL: model.url,
      LLM_API_KEY: model.apiKey,
      LLM_MODEL: model.model,
      USER_INSTALL: 'on',
    };
    const stage = await startStage({ fish: { packets: 5 }, env });
    cleanups.push(() => stage[Symbol.asyncDispose]());
    const { discord, fish, bot } = stage;
    const ana = discord.addUser('Ana');
    const guild = discord.addGuild({ name: 'canaries' });
    guild.addMember(ana, { permissions: MANAGE_GUILD });
    await discord.join(ana, guild.voiceChannel);
    const use = (name: string, options = {}) => discord.command(ana, guild, name, options);
    await useWholeMenu({ stage, guild, user: ana, words: WORDS });

    // Each service refuses, in words that have the secret in them, as some do.
    const file = { name: 'a.json', bytes: Buffer.from('{"ask":true,"clone":true}') };
    await use('settings import', { file }).reply();
    await use('join').reply();
    model.behaviour.fault = { kind: 'refuse', status: 401, body: `Incorrect API key: ${model.apiKey}` };
    await use('ask', { prompt: 'Why?' }).reply();
    const refusal = {
      status: 500,
      body: JSON.stringify({ message: `Bearer ${fish.apiKey} is not welcome` }),
    };
    fish.behaviour.rest = { kind: 'status', ...refusal };
    await use('voice search', { query: 'calm' }).reply();
    fish.behaviour.upgrade = { ...refusal, status: 401 };
    discord.message(ana, guild.textChannel, 'Read me.');
    await use('voicemessage', { text: 'Hello.' }).firstResponse;
    await until('Fish’s refusal is told', () => bot.output.includes('does not accept the API key'));
    discord.faults.restRefusals = { path: INTERACTION_ANSWERS, status: 403, code: 50_013, times: 3 };
    await use('status').firstResponse.catch(() => undefined); // refused, and nobody is told
    const [voice] = discord.voice;
    const identified = voice?.identifies ?? 0;
    voice?.close(guild.id, discord.applicationId, 4_006);
    await until('the bot is back in voice', () => (voice?.identifies ?? 0) > identified);
    discord.closeGateway(1_001);
    await discord.ready();
    expect((await bot.stop()).code).toBe(0);

    const secrets: Record<string, string | Uint8Array> = {
      'Discord token': discord.token,
      'Fish key': fish.apiKey,
      'model key': model.apiKey,
    };
    for (const [index, { token, key }] of (voice?.secrets ?? []).entries()) {
      secrets[`voice token ${index}`] = token;
      if (key) secrets[`voice key ${index}`] = key;
    }
    expect(Object.keys(secrets).length).toBeGreaterThanOrEqual(5);
    expect(bot.output.includes('the language model failed')).toBe(true);
    expect(found(bot.output, { ...secrets, words: WORDS })).toEqual([]);
    const sent = discord.requests.map(({ path, query, body, files }) =>
      JSON.stringify([path, query, body, files.map(({ bytes }) => Buffer.from(bytes).toString('latin1'))]),
    );
    expect(found(sent.join('\n'), secrets)).toEqual([]);
  },
  PATIENCE_MS,
);

test.skipIf(process.platform === 'win32')(
  'row 25: nor in what is printed for people at a crash, or of a database that cannot be reached',
  async () => {
    const discord = await startDiscord();
    const fish = await startFish();
    const bot = startBot({
      discord,
      fish,
      preload: [CRASH, TERMINAL],
      env: {
        LOG_LEVEL: 'trace',
        LLM_BASE_URL: 'http://127.0.0.1:9/v1',
        LLM_API_KEY: 'canary-of-the-model',
        LLM_MODEL: 'm',
        DATABASE_URL: `postgres://me:${PASSWORD}@127.0.0.1:9/parrotfish`,
      },
    });
    cleanups.push(
      () => discord[Symbol.asyncDispose](),
      () => fish[Symbol.asyncDispose](),
      () => bot[Symbol.asyncDispose](),
    );
    const ana = discord.addUser('Ana');
    const guild = discord.addGuild({ name: 'crash' });
    guild.addMember(ana, { permissions: MANAGE_GUILD });
    await until('commands', () => bot.output.includes('commands registered'), 60_000);
    const status = await discord.command(ana, guild, 'status').reply();
    expect(status).toMatch(/database/i);
    const secrets = {
      'Discord token': discord.token,
      'Fish key': fish.apiKey,
      'model key': 'canary-of-the-model',
      password: PASSWORD,
    };
    expect(found(status, secrets)).toEqual([]);
    process.kill(bot.pid, 'SIGUSR2');
    expect(await bot.exited).toBe(1);
    expect(bot.output).toContain('a fault of this program');
    expect(found(bot.output, secrets)).toEqual([]);
  },
  PATIENCE_MS,
);
