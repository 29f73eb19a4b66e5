import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import { freePort } from '../support/free-port.ts';
import { promtoolMissing, runPromtool, samplesOf, TestPrometheus } from '../support/prometheus.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const PACKETS = 30;
const HEARTBEAT_MS = 2_000;
const RULES = `${import.meta.dirname}/../../docs/operate/prometheus/alerts.yml`;
const DASHBOARD = `${import.meta.dirname}/../../docs/operate/grafana/parrotfish.json`;

interface Dashboard {
  readonly panels: readonly { readonly targets?: readonly { readonly expr: string }[] }[];
}

let stage: Stage;
let port: number;
let ana: FakeUser;
let guild: FakeGuild;

beforeAll(async () => {
  port = await freePort();
  const env = { HTTP_PORT: String(port) };
  // Only the first heartbeat tells how long Discord takes to answer, and so that there is a curve of it.
  const faults = { gatewayHeartbeatMs: HEARTBEAT_MS };
  stage = await startStage({ fish: { packets: PACKETS }, env, faults }, discord => {
    ana = discord.addUser('Ana');
    guild = discord.addGuild({ name: 'measured' });
    guild.addMember(ana);
  });
  await stage.discord.join(ana, guild.voiceChannel);
});
afterAll(() => stage[Symbol.asyncDispose]());

function ask(method = 'GET') {
  return fetch(`http://127.0.0.1:${port}/metrics`, { method, signal: AbortSignal.timeout(10_000) });
}

async function text(): Promise<string> {
  const response = await ask();
  expect(response.status).toBe(200);
  return await response.text();
}

/** The value of a metric, by its name and its label's value, if it has one. */
async function read(name: string, label?: string): Promise<number | undefined> {
  const samples = samplesOf(await text());
  return samples.find(one => one.name === name && (!label || Object.values(one.labels).includes(label)))
    ?.value;
}

test('before anything was said: text for Prometheus, and each count is there with zero', async () => {
  const response = await ask();
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const samples = samplesOf(await response.text());
  const value = (name: string, label?: string) =>
    samples.find(one => one.name === name && (!label || Object.values(one.labels).includes(label)))?.value;
  expect(value('parrotfish_packets_sent_total')).toBe(0);
  expect(value('parrotfish_lines_total', 'fish-credit')).toBe(0);
  expect(value('parrotfish_chat_messages_total', 'opted-out')).toBe(0);
  expect(value('parrotfish_fish_errors_total', 'payment')).toBe(0);
  expect(value('parrotfish_shards', 'ready')).toBe(1);
  expect(value('parrotfish_shards', 'connecting')).toBe(0);
  expect(value('parrotfish_database_up')).toBe(1);
  expect(value('parrotfish_database_problem', 'full')).toBe(0);
  expect(value('parrotfish_gateway_up')).toBe(1);
  expect(value('parrotfish_fish_up')).toBe(1);
  expect(value('parrotfish_guilds')).toBe(1);
  expect(value('parrotfish_daily_budget_dollars')).toBe(10);
  expect(value('process_start_time_seconds')).toBeGreaterThan(1e9);
});

test('what was said is told: lines, packets, how fast, bytes and money', async () => {
  const spoken = 'How long does this take?';
  await stage.discord.command(ana, guild, 'say', { text: spoken }).reply();
  await until('it is counted', async () => (await read('parrotfish_lines_total', 'said')) === 1);
  const samples = samplesOf(await text());
  const value = (name: string) => samples.find(one => one.name === name)?.value ?? Number.NaN;
  expect(value('parrotfish_packets_sent_total')).toBe(PACKETS);
  expect(value('parrotfish_packets_due_total')).toBeGreaterThanOrEqual(PACKETS);
  expect(value('parrotfish_packets_late_total')).toBeLessThanOrEqual(PACKETS);
  for (const name of ['fish_first_audio', 'first_packet', 'line_first_packet']) {
    expect(value(`parrotfish_${name}_seconds_count`)).toBe(1);
    expect(value(`parrotfish_${name}_seconds_sum`)).toBeGreaterThan(0);
  }
  const bytes = stage.fish.sessions.reduce((sum, { text: sent }) => sum + Buffer.byteLength(sent), 0);
  expect(value('parrotfish_fish_text_bytes_total')).toBe(bytes);
  expect(value('parrotfish_cost_dollars_total')).toBeCloseTo((bytes * 15) / 1e6, 9);
  expect(value('parrotfish_cost_today_dollars')).toBeCloseTo((bytes * 15) / 1e6, 9);
  expect(value('parrotfish_speech_sessions')).toBe(1);
});

test('what was not read, and what Fish Audio refused, is told by its reason', async () => {
  await stage.discord.command(ana, guild, 'join').reply();
  stage.discord.message(ana, guild.voiceChannel, ';not this one');
  await until('not read', async () => (await read('parrotfish_chat_messages_total', 'prefix')) === 1);
  stage.discord.message(ana, guild.voiceChannel, 'This one, though.');
  await until('read', async () => (await read('parrotfish_chat_messages_total', 'read')) === 1);

  stage.fish.behaviour.fault = { kind: 'finish-error', afterEvents: 0 };
  stage.discord.message(ana, guild.voiceChannel, 'And this one fails.');
  const failed = async () =>
    samplesOf(await text()).filter(({ labels }) => labels['outcome']?.startsWith('fish-'));
  await until('it failed', async () => (await failed()).some(({ value }) => value === 1));
  delete stage.fish.behaviour.fault;
  const kinds = samplesOf(await text()).filter(({ name }) => name === 'parrotfish_fish_errors_total');
  expect(kinds.reduce((sum, { value }) => sum + value, 0)).toBeGreaterThan(0);
});

test('no label has an id, and there are only so many of them', async () => {
  const samples = samplesOf(await text());
  const labels = samples.flatMap(one => Object.values(one.labels));
  expect(labels.filter(label => /\d{15}/.test(label))).toEqual([]);
  expect(await text()).not.toMatch(/measured|Ana|not this one/);
  expect(samples.length).toBeLessThan(400);
});

test('only GET and HEAD', async () => {
  const head = await ask('HEAD');
  expect([head.status, await head.text()]).toEqual([200, '']);
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    const response = await ask(method);
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  }
});

/** The expressions of the dashboard, as Grafana sends them to Prometheus. */
function dashboardExpressions(): string[] {
  const { panels } = JSON.parse(readFileSync(DASHBOARD, 'utf8')) as Dashboard;
  return panels
    .flatMap(({ targets = [] }) => targets)
    .map(({ expr }) => expr.replaceAll('$__rate_interval', '10s'));
}

test('all that the dashboard, the alerts and the guide name is there, and the guide names all of ours', async () => {
  const real = Array.from((await text()).matchAll(/^# TYPE (\w+)/gm), ([, name = '']) => name);
  const namesIn = (words: string) =>
    Array.from(words.matchAll(/\b(?:parrotfish|nodejs|process)_\w+[a-z]/g), ([name]) =>
      name.replace(/(?<=_seconds)_(?:bucket|count|sum)$/, ''),
    );
  const guide = readFileSync(`${import.meta.dirname}/../../docs/operate/metrics.md`, 'utf8');
  const named = [...dashboardExpressions(), readFileSync(RULES, 'utf8'), guide].flatMap(namesIn);
  expect(named.filter(name => !real.includes(name))).toEqual([]);
  const ours = real.filter(name => name.startsWith('parrotfish_'));
  expect(ours.filter(name => !namesIn(guide).includes(name))).toEqual([]);
});

test.skipIf(promtoolMissing)(
  'a real Prometheus reads the bot: each curve of the dashboard is there, each rule works',
  async () => {
    await using prometheus = await TestPrometheus.start({ port, rules: RULES });
    await until('it has read the bot', async () => (await prometheus.query('up == 1')).length === 1);
    await stage.discord.command(ana, guild, 'say', { text: 'A curve is wanted.' }).reply();
    for (const expression of dashboardExpressions())
      await until(`a curve of ${expression}`, async () => (await prometheus.query(expression)).length > 0);
    await until('the rules', async () =>
      (await prometheus.rules()).every(({ health }) => health !== 'unknown'),
    );
    expect((await prometheus.rules()).filter(({ health }) => health !== 'ok')).toEqual([]);
  },
);

test.skipIf(promtoolMissing)('Prometheus finds no fault with it', async () => {
  expect(runPromtool(['check', 'metrics'], { input: await text() })).toBe('');
});
