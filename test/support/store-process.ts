import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { NODE_COMPILE_CACHE } from '../sandbox/bot.ts';
import { packed } from '../sandbox/packed.ts';
import { GUILD, LEASE } from './store.ts';
import { until } from './until.ts';

const PROGRAM = new URL('./store-child.ts', import.meta.url);

/** A process that works with a store and can be killed: see `store-child.ts`. */
export class StoreProcess implements AsyncDisposable {
  /** The lines that it has printed so far. */
  readonly said: string[] = [];
  readonly #child: ChildProcess;
  readonly #lines: Interface;
  readonly #ended: Promise<unknown>;

  constructor(
    task: 'save' | 'open' | 'look' | 'spend',
    url: string,
    { lease = LEASE, first = 5, ...options }: Options = {},
  ) {
    this.#child = spawn(process.execPath, [packed(PROGRAM), task, url, lease, GUILD, String(first)], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, NODE_COMPILE_CACHE },
      ...options,
    });
    this.#ended = once(this.#child, 'exit');
    const { stdout } = this.#child;
    if (!stdout) throw new Error('no output');
    this.#lines = createInterface(stdout).on('line', line => this.said.push(line));
  }

  /** Waits until it has printed at least `count` lines, and returns all of them. */
  async lines(count: number): Promise<readonly string[]> {
    await until(`${count} lines of the process`, () => this.said.length >= count, 60_000);
    return this.said;
  }

  /** Kills the process at once, and waits until all that it had printed is in `said`. */
  async kill(): Promise<void> {
    const closed = once(this.#lines, 'close');
    this.#child.kill('SIGKILL');
    await Promise.all([this.#ended, closed]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}

interface Options extends SpawnOptions {
  readonly lease?: string;
  readonly first?: number;
}
