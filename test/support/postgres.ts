import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';

const START_MS = 30_000;
const PLACES = [
  '/usr/lib/postgresql/*/bin/initdb',
  '/usr/pgsql-*/bin/initdb',
  '/opt/homebrew/opt/postgresql*/bin/initdb',
  '/usr/local/bin/initdb',
  '/usr/bin/initdb',
];

const programs = PLACES.flatMap(place => globSync(place))
  .map(path => dirname(path))
  .at(-1);

/** Why no PostgreSQL can be started here; null: it can. */
export const postgresMissing =
  programs === undefined ? 'PostgreSQL is not installed (no initdb found): its tests do not run' : null;
if (postgresMissing) console.warn(postgresMissing);

/** A PostgreSQL of our own: in a directory that goes away with it, over TCP on 127.0.0.1, without a password. */
export class TestPostgres implements AsyncDisposable {
  readonly port: number;
  readonly #directory: string;
  #server: ChildProcess | undefined;
  #databases = 0;

  private constructor(directory: string, port: number) {
    this.#directory = directory;
    this.port = port;
  }

  static async start(): Promise<TestPostgres> {
    const directory = mkdtempSync(join(tmpdir(), 'parrotfish-pg-'));
    chmodSync(directory, 0o777); // it may run as somebody else
    const data = join(directory, 'data');
    execFileSync(
      `${programs}/initdb`,
      ['-D', data, '-U', 'test', '-A', 'trust', '-N', '-E', 'UTF8', '--locale=C'],
      {
        ...someoneElse(),
        cwd: directory,
        stdio: 'ignore',
        timeout: START_MS,
      },
    );
    const server = new TestPostgres(directory, await freePort());
    await server.up();
    return server;
  }

  /** Starts it, again after `down`. */
  async up(): Promise<void> {
    const directory = this.#directory;
    const options = `-p ${this.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${directory} -c fsync=off`;
    // The shell ends it when our end of its input is gone, however this process ends.
    const script = `${programs}/postgres -D ${directory}/data ${options} & server=$!; cat >/dev/null; kill -INT $server; wait $server`;
    this.#server = spawn('/bin/sh', ['-c', script], {
      ...someoneElse(),
      cwd: directory,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const deadline = performance.now() + START_MS;
    while (!(await this.#answers())) {
      if (performance.now() > deadline) throw new Error('PostgreSQL did not start');
      await sleep(50);
    }
  }

  /** Stops it as an accident would: connections are cut. */
  async down(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    const ended = once(server, 'exit');
    server.stdin?.end();
    await ended;
  }

  /** The URL of a new, empty database; the password in it is not asked for. */
  async database(): Promise<string> {
    this.#databases += 1;
    const name = `test_${this.#databases}`;
    await this.ask('postgres', `create database ${name}`);
    return this.url(name);
  }

  url(name: string, port = this.port): string {
    return `postgres://test:pass-w0rd-of-the-test@127.0.0.1:${port}/${name}`;
  }

  async ask(database: string, statement: string): Promise<readonly Record<string, unknown>[]> {
    const sql = postgres(this.url(database), { max: 1, onnotice: () => {}, connect_timeout: 5 });
    try {
      return [...(await sql.unsafe(statement))];
    } finally {
      await sql.end({ timeout: 1 });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.down();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  async #answers(): Promise<boolean> {
    try {
      await this.ask('postgres', 'select 1');
      return true;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return false;
    }
  }
}

/** PostgreSQL refuses to run as root: there it runs as its own user, or as nobody. */
function someoneElse(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const idOf = (option: string) => {
    const name = existsSync('/var/lib/postgresql') ? 'postgres' : 'nobody';
    return Number(execFileSync('id', [option, name], { encoding: 'utf8' }));
  };
  return { uid: idOf('-u'), gid: idOf('-g') };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}
