import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';
import type { Discord } from '../../discord/discord-options.ts';
import type { StoreProblem } from '../../store/errors.ts';
import type { Store } from '../../store/store.ts';
import type { StallWatch } from '../stalls.ts';
import { addFigures } from './instruments.ts';

// The metrics for Prometheus about the process itself: its event loop, its connections to Discord, and its database.
// Come here to add one. `speech.ts` has those about what people hear, `fish.ts` those about Fish Audio.

/** Metrics of prom-client whose names break Prometheus' rules. Other metrics of prom-client tell the same, by type. */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

const NO_PROBLEMS: Readonly<Record<StoreProblem, number>> = {
  locked: 0,
  full: 0,
  'read-only': 0,
  corrupt: 0,
  unreachable: 0,
  unknown: 0,
};

export interface ProcessSources {
  readonly version: string;
  readonly discord: Pick<Discord, 'health' | 'figures'>;
  readonly store: Pick<Store, 'problem'>;
  readonly stalls: Pick<StallWatch, 'times' | 'totalMs'>;
}

export function addProcess(registry: Registry, { version, discord, store, stalls }: ProcessSources): void {
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  new Gauge({
    name: 'parrotfish_info',
    help: 'The version of Parrotfish; the value is always 1',
    labelNames: ['version'],
    registers: [registry],
  }).set({ version }, 1);
  addFigures(registry, [
    {
      name: 'parrotfish_event_loop_stalls_total',
      help: 'Times that the event loop stood still for more than 200 ms, so that all speech was late',
      kind: 'counter',
      read: () => stalls.times,
    },
    {
      name: 'parrotfish_event_loop_stalled_seconds_total',
      help: 'Time for which the event loop stood still in these stalls',
      kind: 'counter',
      read: () => stalls.totalMs / 1_000,
    },
    {
      name: 'parrotfish_gateway_up',
      help: 'Whether the connection to Discord works (1) or not (0)',
      kind: 'gauge',
      read: () => (discord.health.ok ? 1 : 0),
    },
    {
      name: 'parrotfish_shards',
      help: 'Connections to Discord (shards) of this process, by state',
      kind: 'gauge',
      label: 'state',
      read: () => discord.figures.shards,
    },
    {
      name: 'parrotfish_gateway_reconnects_total',
      help: 'Times that a shard has connected to Discord again',
      kind: 'counter',
      read: () => discord.figures.reconnects,
    },
    {
      name: 'parrotfish_gateway_round_trip_seconds',
      help: 'Time that Discord took to answer the last heartbeat',
      kind: 'gauge',
      read: () => {
        const { pingMs } = discord.figures;
        return pingMs === null ? null : pingMs / 1_000;
      },
    },
    {
      name: 'parrotfish_guilds',
      help: 'Discord servers that the bot is in',
      kind: 'gauge',
      read: () => discord.figures.guilds,
    },
    {
      name: 'parrotfish_database_up',
      help: 'Whether the database works (1) or not (0)',
      kind: 'gauge',
      read: () => (store.problem === null ? 1 : 0),
    },
    {
      name: 'parrotfish_database_problem',
      help: 'What is wrong with the database: 1 for the present problem, 0 for the others',
      kind: 'gauge',
      label: 'problem',
      read: () => ({ ...NO_PROBLEMS, ...(store.problem !== null && { [store.problem]: 1 }) }),
    },
  ]);
}
