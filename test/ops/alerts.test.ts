import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { promtoolMissing, runPromtool } from '../support/prometheus.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const RULES = join(ROOT, 'docs/operate/prometheus/alerts.yml');

interface Rule {
  readonly alert: string;
  readonly labels: { readonly severity: string };
  readonly annotations: Readonly<Record<string, string>>;
}

const { groups } = parse(readFileSync(RULES, 'utf8')) as { groups: readonly { rules: readonly Rule[] }[] };
const rules = groups.flatMap(group => group.rules);
const guide = readFileSync(join(ROOT, 'docs/operate/metrics.md'), 'utf8');

/** Values minute by minute, in the notation of promtool: `0+2x30` is 0, 2, 4 … and `1x30` is always 1. */
type Series = Readonly<Record<string, string>>;

/** A world in which an alert fires within 30 minutes, and one much like it in which it does not. */
interface Worlds {
  readonly fires: Series;
  readonly quiet: Series;
  /** The labels of the alert, besides those that all have. */
  readonly labels?: Readonly<Record<string, string>>;
}

const sessions = 'parrotfish_fish_first_audio_seconds';
const packet = 'parrotfish_first_packet_seconds';

/** A histogram in which all durations, so many a minute, are between two bounds in seconds. */
function allBetween(name: string, above: number, below: number, perMinute: number): Series {
  return {
    [`${name}_bucket{le="${above}"}`]: '0x30',
    [`${name}_bucket{le="${below}"}`]: `0+${perMinute}x30`,
    [`${name}_bucket{le="+Inf"}`]: `0+${perMinute}x30`,
    [`${name}_count`]: `0+${perMinute}x30`,
  };
}

const WORLDS: Readonly<Record<string, Worlds>> = {
  ParrotfishDown: { fires: { up: '1x5 0x25' }, quiet: { up: '1x28 0x1 1x5' } },
  ParrotfishGatewayDown: {
    fires: { parrotfish_gateway_up: '0x30' },
    quiet: { parrotfish_gateway_up: '1x29 0x1' },
  },
  ParrotfishFishDown: { fires: { parrotfish_fish_up: '0x30' }, quiet: { parrotfish_fish_up: '1x29 0x1' } },
  ParrotfishFishAccount: {
    fires: { 'parrotfish_fish_errors_total{kind="payment"}': '0x25 1x5' },
    quiet: {
      'parrotfish_fish_errors_total{kind="payment"}': '0x5 1x25',
      'parrotfish_fish_errors_total{kind="timeout"}': '0+1x30',
    },
    labels: { kind: 'payment' },
  },
  ParrotfishFishErrors: {
    fires: {
      'parrotfish_fish_errors_total{kind="server"}': '0+1x30',
      'parrotfish_fish_errors_total{kind="timeout"}': '0+1x30',
      [`${sessions}_count`]: '0+10x30',
    },
    quiet: {
      'parrotfish_fish_errors_total{kind="server"}': '0+1x30',
      'parrotfish_fish_errors_total{kind="timeout"}': '0x30',
      [`${sessions}_count`]: '0+20x30',
    },
  },
  ParrotfishFishSlow: { fires: allBetween(sessions, 3, 5, 4), quiet: allBetween(sessions, 0.5, 0.75, 4) },
  ParrotfishFishFull: {
    fires: { parrotfish_fish_waiting: '2x30' },
    quiet: { parrotfish_fish_waiting: '2x22 0x0 2x10' },
  },
  ParrotfishSlow: { fires: allBetween(packet, 0.25, 0.5, 4), quiet: allBetween(packet, 0, 0.0005, 4) },
  ParrotfishSpeechLate: {
    fires: {
      parrotfish_packets_late_total: '0+90x30',
      parrotfish_packets_sent_total: '0+3000x30',
    },
    quiet: {
      parrotfish_packets_late_total: '0+30x30',
      parrotfish_packets_sent_total: '0+3000x30',
    },
  },
  ParrotfishSpeechGaps: {
    fires: { parrotfish_packets_due_total: '0+3000x30', parrotfish_packets_sent_total: '0+2800x30' },
    quiet: { parrotfish_packets_due_total: '0+3000x30', parrotfish_packets_sent_total: '0+2900x30' },
  },
  ParrotfishStalls: {
    fires: { parrotfish_event_loop_stalls_total: '0+1x30' },
    quiet: { parrotfish_event_loop_stalls_total: '0x24 1x6' },
  },
  ParrotfishLinesLost: {
    fires: {
      'parrotfish_lines_total{outcome="said"}': '0+8x30',
      'parrotfish_lines_total{outcome="fish-busy"}': '0+1x30',
      'parrotfish_lines_total{outcome="failed"}': '0+1x30',
    },
    quiet: {
      'parrotfish_lines_total{outcome="said"}': '0+8x30',
      'parrotfish_lines_total{outcome="skipped"}': '0+8x30',
      'parrotfish_lines_total{outcome="failed"}': '0+1x30',
    },
  },
  ParrotfishQueueLong: {
    fires: { parrotfish_longest_queue_lines: '40x30' },
    quiet: { parrotfish_longest_queue_lines: '40x27 29x1 40x2' },
  },
  ParrotfishBudgetNearlySpent: {
    fires: { parrotfish_cost_today_dollars: '0+0.3x30', parrotfish_daily_budget_dollars: '10x30' },
    quiet: { parrotfish_cost_today_dollars: '0x30', parrotfish_daily_budget_dollars: '0x30' },
  },
  ParrotfishBudgetSpent: {
    fires: { 'parrotfish_lines_total{outcome="budget"}': '0x25 3x5' },
    quiet: { 'parrotfish_lines_total{outcome="budget"}': '0x5 3x25' },
    labels: { outcome: 'budget' },
  },
  ParrotfishDatabaseDown: {
    fires: { parrotfish_database_up: '0x30' },
    quiet: { parrotfish_database_up: '1x30' },
  },
  ParrotfishGatewayReconnects: {
    fires: {
      parrotfish_gateway_reconnects_total: '0+2x30',
      'parrotfish_shards{state="ready"}': '2x30',
      'parrotfish_shards{state="resuming"}': '1x30',
    },
    quiet: {
      parrotfish_gateway_reconnects_total: '0+2x30',
      'parrotfish_shards{state="ready"}': '15x30',
      'parrotfish_shards{state="resuming"}': '1x30',
    },
  },
  ParrotfishVoiceReconnects: {
    fires: { parrotfish_voice_reconnects_total: '0+1x30', parrotfish_speech_sessions: '10x30' },
    quiet: { parrotfish_voice_reconnects_total: '0+1x30', parrotfish_speech_sessions: '100x30' },
  },
  ParrotfishMemory: {
    fires: { process_resident_memory_bytes: '900000000x30' },
    quiet: { process_resident_memory_bytes: '900000000x28 500000000x2' },
  },
};

const JOB = 'parrotfish';

/** The series of one bot, with the labels that Prometheus gives to all that it reads from it. */
function inputOf(instance: string, world: Series): object[] {
  return Object.entries(world).map(([series, values]) => {
    const [name = '', own = ''] = series.replace('}', '').split('{');
    const labels = [`job="${JOB}"`, `instance="${instance}"`, ...(own === '' ? [] : [own])];
    return { series: `${name}{${labels.join(',')}}`, values };
  });
}

const folder = mkdtempSync(join(tmpdir(), 'parrotfish-alerts-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('each alert has a world in which it fires, and says where one reads what to do', () => {
  expect(rules.map(({ alert }) => alert).sort()).toEqual(Object.keys(WORLDS).sort());
  for (const { alert, labels, annotations } of rules) {
    expect(annotations['runbook']).toBe(`docs/operate/metrics.md#${alert.toLowerCase()}`);
    expect(guide).toContain(`\n### ${alert}\n`);
    expect(['critical', 'warning']).toContain(labels.severity);
  }
  const headings = Array.from(guide.matchAll(/^### (Parrotfish\w+)$/gm), ([, name]) => name);
  expect(headings).toEqual(rules.map(({ alert }) => alert));
});

test.skipIf(promtoolMissing)('Prometheus takes the rules and the configuration', () => {
  expect(runPromtool(['check', 'rules', '--lint-fatal', RULES])).toContain('SUCCESS');
  const config = join(ROOT, 'docs/operate/prometheus/prometheus.yml');
  expect(runPromtool(['check', 'config', '--lint-fatal', config])).toContain('SUCCESS');
});

test.skipIf(promtoolMissing)('each alert fires in its world, and in no other', () => {
  // Each world is a bot of its own. One run of promtool for all of them takes a tenth of the time of many.
  const input = Object.entries(WORLDS).flatMap(([alert, { fires, quiet }]) => [
    ...inputOf(`${alert} fires`, fires),
    ...inputOf(`${alert} is quiet`, quiet),
  ]);
  const expected = rules.map(({ alert, labels, annotations }) => ({
    alertname: alert,
    eval_time: '30m',
    exp_alerts: [
      {
        exp_labels: { job: JOB, instance: `${alert} fires`, ...labels, ...WORLDS[alert]?.labels },
        exp_annotations: annotations,
      },
    ],
  }));
  const file = join(folder, 'alerts.test.yml');
  const tests = [{ interval: '1m', input_series: input, alert_rule_test: expected }];
  writeFileSync(file, stringify({ rule_files: [RULES], evaluation_interval: '1m', tests }));
  expect(runPromtool(['test', 'rules', file])).toContain('SUCCESS');
});
