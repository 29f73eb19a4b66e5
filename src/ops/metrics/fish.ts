import type { Registry } from 'prom-client';
import type { FishErrorKind } from '../../fish/errors.ts';
import type { Fish } from '../../fish/fish.ts';
import type { SpeechTally } from '../../speech/tally.ts';
import type { Store } from '../../store/store.ts';
import { addFigures } from './instruments.ts';

// The metrics for Prometheus about Fish Audio, the service that speaks: its sessions, its failures, and what it costs.
// Come here to add one. `speech.ts` has those about what people hear, `process.ts` those about Discord and database.

const NANO = 1e9;

const NO_FAILURES: Readonly<Record<FishErrorKind, number>> = {
  request: 0,
  unauthorized: 0,
  payment: 0,
  forbidden: 0,
  'not-found': 0,
  'rate-limit': 0,
  server: 0,
  network: 0,
  timeout: 0,
  protocol: 0,
  rejected: 0,
  'no-audio': 0,
  closed: 0,
};

export interface FishSources {
  readonly fish: Pick<Fish, 'status' | 'circuit'>;
  readonly tally: Pick<SpeechTally, 'bytes' | 'nanoUsd'>;
  readonly store: { readonly ledger: Pick<Store['ledger'], 'usdToday'> };
  /** How many US dollars may be spent on each day of UTC. */
  readonly dailyUsd: number;
}

export function addFish(registry: Registry, { fish, tally, store, dailyUsd }: FishSources): void {
  addFigures(registry, [
    {
      name: 'parrotfish_fish_up',
      help: 'Whether Fish Audio can be asked (1), or fails so that nothing is said (0)',
      kind: 'gauge',
      read: () => (fish.circuit.outage ? 0 : 1),
    },
    {
      name: 'parrotfish_fish_sessions_limit',
      help: 'Sessions with Fish Audio that this process may have at once',
      kind: 'gauge',
      read: () => fish.status().limit,
    },
    {
      name: 'parrotfish_fish_sessions',
      help: 'Sessions with Fish Audio that are under way',
      kind: 'gauge',
      read: () => fish.status().inFlight,
    },
    {
      name: 'parrotfish_fish_waiting',
      help: 'Lines that wait because all sessions that Fish Audio allows are taken',
      kind: 'gauge',
      read: () => fish.status().waiting,
    },
    {
      name: 'parrotfish_fish_spare_sockets',
      help: 'Sockets to Fish Audio that are open and ready for the next line',
      kind: 'gauge',
      read: () => fish.status().spares,
    },
    {
      name: 'parrotfish_fish_errors_total',
      help: 'Sessions and connections that Fish Audio refused or that failed, by kind',
      kind: 'counter',
      label: 'kind',
      read: () => ({ ...NO_FAILURES, ...fish.status().failures }),
    },
    {
      name: 'parrotfish_fish_text_bytes_total',
      help: 'UTF-8 bytes of words that were sent to Fish Audio, which is what it bills',
      kind: 'counter',
      read: () => tally.bytes.sent,
    },
    {
      name: 'parrotfish_fish_text_returned_bytes_total',
      help: 'UTF-8 bytes of words that were sent and taken back, because Fish Audio never received them',
      kind: 'counter',
      read: () => tally.bytes.returned,
    },
    {
      name: 'parrotfish_cost_dollars_total',
      help: 'US dollars that the words sent to Fish Audio cost, by PRICE_PER_MILLION_BYTES',
      kind: 'counter',
      read: () => tally.nanoUsd.sent / NANO,
    },
    {
      name: 'parrotfish_cost_returned_dollars_total',
      help: 'US dollars of words that were sent and taken back, because Fish Audio never received them',
      kind: 'counter',
      read: () => tally.nanoUsd.returned / NANO,
    },
    {
      name: 'parrotfish_cost_today_dollars',
      help: 'US dollars spent on this day of UTC, as the budget counts them',
      kind: 'gauge',
      read: () => store.ledger.usdToday(),
    },
    {
      name: 'parrotfish_daily_budget_dollars',
      help: 'US dollars that may be spent on each day of UTC (DAILY_BUDGET_USD)',
      kind: 'gauge',
      read: () => dailyUsd,
    },
  ]);
}
