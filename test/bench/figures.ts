/** The p-th percentile (0 to 100) of `values`, nearest rank; NaN of none. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (
    sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil((p / 100) * sorted.length) - 1))] ?? Number.NaN
  );
}

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** CPU time of this process that `work` takes, user and system, in ms. */
export function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** CPU time of `work`, for work that waits. */
export async function cpuMsOf(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** One row of the report: what was measured, the figure, what it stands beside, and the target. */
export interface Row {
  /** B-number, as in docs/bench/README.md. */
  readonly id: string;
  readonly what: string;
  readonly ours: string;
  readonly beside: string;
  readonly target: string;
  /** null where the figure cannot be judged on this machine. */
  readonly met: boolean | null;
  /** Figures for the plots, by what they are. */
  readonly figures?: Readonly<Record<string, number>>;
}

export const ms = (value: number, digits = 2) => `${value.toFixed(digits)} ms`;
export const times = (value: number) => `${value.toFixed(2)}×`;
