import type { Logger } from '../log.ts';
import type { LedgerEntry } from '../store/ledger/ledger.ts';
import { walled } from '../walls.ts';

// Writes once an hour into the log how much was spoken and what that cost, so that an operator who has no Prometheus
// sees it as well. `metrics/fish.ts` has the same figures for Prometheus.

const HOUR_MS = 3_600_000;
const NANO = 1e9;

export interface HourlyReport extends Disposable {
  add(spent: Omit<LedgerEntry, 'userId'>): void;
}

/**
 * Logs each hour how many bytes of text were spoken, what they cost, and in how many guilds. It logs nothing in an hour
 * in which nothing was spoken. Disposing of it logs what was spoken since the last report.
 */
export function reportHourly(log: Logger, { everyMs = HOUR_MS } = {}): HourlyReport {
  let since = performance.now();
  let bytes = 0;
  let nanoUsd = 0;
  const guilds = new Set<string>();
  const report = () => {
    const minutes = Math.round((performance.now() - since) / 60_000);
    if (bytes > 0)
      log.info(
        { bytes, usd: Number((nanoUsd / NANO).toFixed(4)), servers: guilds.size, minutes },
        'said since the last report',
      );
    since = performance.now();
    bytes = 0;
    nanoUsd = 0;
    guilds.clear();
  };
  const timer = setInterval(() => walled(log, 'hourly report', report), everyMs).unref();
  return {
    add(spent) {
      bytes += spent.bytes;
      nanoUsd += spent.nanoUsd;
      guilds.add(spent.guildId);
    },
    [Symbol.dispose]() {
      clearInterval(timer);
      report();
    },
  };
}
