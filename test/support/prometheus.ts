import { execFileSync } from 'node:child_process';
import { globSync } from 'node:fs';

/** Where Debian, others, and Homebrew put Prometheus' tool. */
const PLACES = ['/usr/bin/promtool', '/usr/local/bin/promtool', '/opt/homebrew/bin/promtool'];

const promtool = PLACES.flatMap(place => globSync(place)).at(0);

/** Why promtool cannot be run on this machine; null if it can. */
export const promtoolMissing =
  promtool === undefined ? 'Prometheus is not installed (no promtool found): its checks do not run' : null;
if (promtoolMissing) console.warn(promtoolMissing);

/** Runs promtool, with `input` as its standard input; returns all that it says. Throws if it finds fault. */
export function runPromtool(args: readonly string[], { input = '', cwd = '.' } = {}): string {
  if (promtool === undefined) throw new Error('Prometheus is not installed');
  try {
    return execFileSync(promtool, args, { input, cwd, encoding: 'utf8', stdio: 'pipe', timeout: 60_000 });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`promtool finds fault:\n${stdout}${stderr}`, { cause: error });
  }
}

/** One sample of what a process tells Prometheus. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The samples of a text in the format of Prometheus. */
export function samplesOf(text: string): readonly Sample[] {
  return text
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(line => {
      const [, name = '', labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', text = '']) => [key, text]);
      return { name, labels: Object.fromEntries(pairs) as Record<string, string>, value: Number(value) };
    });
}
