import { readFileSync } from 'node:fs';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DEFAULT_MINUTES = 60;
/** The times in `/proc/PID/stat` are in ticks of this length (Linux, `getconf CLK_TCK`). */
const TICKS_PER_SECOND = 100;

/** How many milliseconds a soak test goes on: SOAK_MINUTES, or else an hour. */
export function soakMs(): number {
  return Number(process.env['SOAK_MINUTES'] ?? DEFAULT_MINUTES) * MINUTE_MS;
}

/** The resident memory of a process, in MB (only on Linux). */
export function residentMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;
}

/** The CPU time that a process has used until now, user and system together, in seconds (only on Linux). */
export function cpuSeconds(pid: number): number {
  const [, ...fields] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const numbers = fields.join(') ').split(' ').map(Number);
  return ((numbers[11] ?? 0) + (numbers[12] ?? 0)) / TICKS_PER_SECOND;
}

/** How much a value grows in an hour, by the straight line that fits best (least squares). `at` is in milliseconds. */
export function growthPerHour(points: readonly { readonly at: number; readonly value: number }[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [at, value] = [mean(points.map(point => point.at)), mean(points.map(point => point.value))];
  const covariance = mean(points.map(point => (point.at - at) * (point.value - value)));
  const variance = mean(points.map(point => (point.at - at) ** 2));
  return variance === 0 ? 0 : (covariance / variance) * HOUR_MS;
}
