import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

// The two kinds of metrics that the other files here add to Prometheus' registry: figures, which are read only when
// Prometheus asks, and durations, of which each one is noted.

/** Values by label, such as `[[{ state: 'ready' }, 2], [{ state: 'idle' }, 0]]`. */
type Labelled = readonly (readonly [labels: Readonly<Record<string, string>>, value: number])[];

interface Description {
  /** In the terms of Prometheus: `parrotfish_…`, with the base unit, and `_total` for what only grows. */
  readonly name: string;
  /** One plain sentence without a full stop. */
  readonly help: string;
}

/** A value that is read when Prometheus asks for it; in between it costs nothing. */
export interface Figure extends Description {
  /** A counter only grows while the process runs; a gauge goes up and down. */
  readonly kind: 'counter' | 'gauge';
  /** The name of the label, if there is one. Its values are from a short, closed list. */
  readonly label?: string;
  /** Returns the value, or with a label all values; null if it is not known now. */
  readonly read: () => number | null | Readonly<Partial<Record<string, number>>>;
}

export function addFigures(registry: Registry, figures: readonly Figure[]): void {
  for (const { name, help, kind, label, read } of figures) {
    const given = {
      name,
      help,
      labelNames: label === undefined ? [] : [label],
      registers: [],
    };
    const values = () => labelled(label, read());
    registry.registerMetric(
      kind === 'gauge'
        ? new Gauge({
            ...given,
            collect() {
              this.reset();
              if (label === undefined) this.remove(); // `reset` puts a zero, which is not what is unknown
              for (const [labels, value] of values()) this.set({ ...labels }, value);
            },
          })
        : new Counter({
            ...given,
            collect() {
              this.reset();
              for (const [labels, value] of values()) this.inc({ ...labels }, value);
            },
          }),
    );
  }
}

function labelled(label: string | undefined, value: ReturnType<Figure['read']>): Labelled {
  if (value === null) return [];
  if (typeof value === 'number') return [[{}, value]];
  return Object.entries(value).map(([name, count]) => [
    label === undefined ? {} : { [label]: name },
    count ?? 0,
  ]);
}

/** Returns a function that adds one duration, in milliseconds, to a histogram in seconds. */
export function addDurations(
  registry: Registry,
  { name, help, buckets }: Description & { readonly buckets: readonly number[] },
): (ms: number) => void {
  const histogram = new Histogram({ name, help, buckets: [...buckets], registers: [registry] });
  return ms => histogram.observe(Math.max(0, ms) / 1_000);
}
