import { readFileSync } from 'node:fs';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DEFAULT_MINUTES = 60;
/** Of the times in `/proc/PID/stat` (Linux, `getconf CLK_TCK`). */
const TICKS_PER_SECOND = 100;

/** How long a soak test goes on, ms: SOAK_MINUTES, or an hour. */
export function soakMs(): number {
  return Number(process.env['SOAK_MINUTES'] ?? DEFAULT_MINUTES) * MINUTE_MS;
}

/** Resident memory of a process, in MB (Linux). */
export function residentMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;
}

/** CPU time of a process until now, user and system, in seconds (Linux). */
export function cpuSeconds(pid: number): number {
  const [, ...fields] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const numbers = fields.join(') ').split(' ').map(Number);
  return ((numbers[11] ?? 0) + (numbers[12] ?? 0)) / TICKS_PER_SECOND;
}

/** By how much a value grows in an hour, by the straight line that fits best (least squares). `at` in ms. */
export function growthPerHour(points: readonly { readonly at: number; readonly value: number }[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [at, value] = [mean(points.map(point => point.at)), mean(points.map(point => point.value))];
  const covariance = mean(points.map(point => (point.at - at) * (point.value - value)));
  const variance = mean(points.map(point => (point.at - at) ** 2));
  return variance === 0 ? 0 : (covariance / variance) * HOUR_MS;
}
