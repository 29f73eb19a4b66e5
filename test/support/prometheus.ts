import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { freePort } from './free-port.ts';
import { until } from './until.ts';

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

/** A Prometheus server that asks the bot each second. Its files are deleted with it. */
export class TestPrometheus implements AsyncDisposable {
  readonly #address: string;
  readonly #folder: string;
  readonly #server: ChildProcess;

  private constructor(port: number, folder: string, server: ChildProcess) {
    this.#address = `http://127.0.0.1:${port}`;
    this.#folder = folder;
    this.#server = server;
  }

  /** `port` is that of the bot's `/metrics`; `rules` is the path of a file with alert rules. */
  static async start({
    port,
    rules,
  }: {
    readonly port: number;
    readonly rules: string;
  }): Promise<TestPrometheus> {
    const folder = mkdtempSync(join(tmpdir(), 'parrotfish-prometheus-'));
    const config = join(folder, 'prometheus.yml');
    const job = { job_name: 'parrotfish', static_configs: [{ targets: [`127.0.0.1:${port}`] }] };
    const global = { scrape_interval: '1s', evaluation_interval: '1s' };
    writeFileSync(config, stringify({ global, rule_files: [rules], scrape_configs: [job] }));
    const own = await freePort();
    const server = spawn(
      join(dirname(promtool ?? ''), 'prometheus'),
      [
        `--config.file=${config}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${own}`,
        '--log.level=error',
      ],
      { stdio: 'ignore' },
    );
    const prometheus = new TestPrometheus(own, folder, server);
    await until('Prometheus is ready', () =>
      fetch(`${prometheus.#address}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    return prometheus;
  }

  /** What Prometheus has for an expression now: one element for each series. Throws if it cannot be understood. */
  async query(expression: string): Promise<readonly unknown[]> {
    const { result } = await this.#ask(`query?query=${encodeURIComponent(expression)}`);
    return result as readonly unknown[];
  }

  /** How each rule went when it was last looked at: `ok`, `unknown` before that, or `err`. */
  async rules(): Promise<readonly { readonly name: string; readonly health: string }[]> {
    const { groups } = await this.#ask('rules');
    return (groups as { rules: { name: string; health: string }[] }[]).flatMap(group => group.rules);
  }

  async #ask(path: string): Promise<Readonly<Record<string, unknown>>> {
    const response = await fetch(`${this.#address}/api/v1/${path}`, { signal: AbortSignal.timeout(10_000) });
    const { data, error } = (await response.json()) as { data?: Record<string, unknown>; error?: string };
    if (!data) throw new Error(error);
    return data;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#server, 'exit');
    if (this.#server.exitCode === null && this.#server.kill()) await ended;
    rmSync(this.#folder, { recursive: true, force: true });
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
