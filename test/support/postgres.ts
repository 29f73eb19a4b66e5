import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statfsSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import { freePort } from './free-port.ts';

const START_MS = 30_000;
/** Where data of new servers is kept for copying, by PostgreSQL's version and the user that owns it. */
const CLUSTERS = fileURLToPath(new URL('../../node_modules/.cache/postgres', import.meta.url));
/** Linux keeps what is in this folder in memory; in a container it is usually too small. */
const MEMORY = '/dev/shm';
const MEMORY_MIN_BYTES = 4 * 1024 ** 3;
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

/** Why no PostgreSQL can be started on this machine; null if one can. */
export const postgresMissing =
  programs === undefined ? 'PostgreSQL is not installed (no initdb found): its tests do not run' : null;
if (postgresMissing) console.warn(postgresMissing);

/**
 * A PostgreSQL server for tests. It listens on 127.0.0.1, needs no password, and keeps its data in a directory that is
 * deleted with it.
 */
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
    const directory = mkdtempSync(join(dataPlace(), 'parrotfish-pg-'));
    chmodSync(directory, 0o777); // PostgreSQL may run as another user
    execFileSync('cp', ['-a', emptyCluster(), join(directory, 'data')], { timeout: START_MS });
    const server = new TestPostgres(directory, await freePort());
    await server.up();
    return server;
  }

  /** Starts the server, for the first time or after `down`. */
  async up(): Promise<void> {
    const directory = this.#directory;
    const options = `-p ${this.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${directory} -c fsync=off`;
    // The shell stops the server when its input is closed, which also happens when this process is killed. Unless it was
    // told before that the server comes up again, it then deletes the data, which may take memory.
    const script = `${programs}/postgres -D ${directory}/data ${options} & server=$!; told=$(cat); kill -INT $server; wait $server; test "$told" || rm -rf ${directory}/data`;
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

  /** Stops the server as an accident would, so that connections are cut. `up` starts it again with the same data. */
  async down(): Promise<void> {
    await this.#end('keep the data');
  }

  /** Makes a new, empty database and returns its URL. PostgreSQL does not ask for the password in it. */
  async database(): Promise<string> {
    this.#databases += 1;
    const name = `test_${this.#databases}`;
    await this.ask('postgres', `create database ${name}`);
    return this.url(name);
  }

  /** The URL of the database with this name. */
  url(name: string, port = this.port): string {
    return `postgres://test:pass-w0rd-of-the-test@127.0.0.1:${port}/${name}`;
  }

  /** Runs one SQL statement, and returns its rows. */
  async ask(database: string, statement: string): Promise<readonly Record<string, unknown>[]> {
    const sql = postgres(this.url(database), { max: 1, onnotice: () => {}, connect_timeout: 5 });
    try {
      return [...(await sql.unsafe(statement))];
    } finally {
      await sql.end({ timeout: 1 });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end('');
    rmSync(this.#directory, { recursive: true, force: true });
  }

  async #end(told: string): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    const ended = once(server, 'exit');
    server.stdin?.end(told);
    await ended;
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

/**
 * Where servers keep their data: in memory where there is room for many of them, since making a database on a disk takes
 * three times as much of the processor, and else where temporary files are.
 */
function dataPlace(): string {
  if (!existsSync(MEMORY)) return tmpdir();
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize > MEMORY_MIN_BYTES ? MEMORY : tmpdir();
}

/**
 * The folder of data as PostgreSQL makes it for a new server. Making it takes six times as long as copying it, so it is
 * made once and kept.
 */
function emptyCluster(): string {
  const version = execFileSync(`${programs}/postgres`, ['--version'], { encoding: 'utf8' });
  const { uid = process.getuid?.() ?? 0 } = someoneElse();
  const kept = join(CLUSTERS, `${version.replaceAll(/[^\w.]+/g, '-')}${uid}`);
  if (existsSync(kept)) return kept;
  const directory = mkdtempSync(join(tmpdir(), 'parrotfish-pg-'));
  chmodSync(directory, 0o777);
  const data = join(directory, 'data');
  const layout = [
    '-D',
    data,
    '-U',
    'test',
    '-A',
    'trust',
    '-N',
    '-E',
    'UTF8',
    '--locale=C',
    '--wal-segsize=1',
  ];
  execFileSync(`${programs}/initdb`, layout, {
    ...someoneElse(),
    cwd: directory,
    stdio: 'ignore',
    timeout: START_MS,
  });
  mkdirSync(CLUSTERS, { recursive: true });
  const draft = mkdtempSync(join(CLUSTERS, 'draft-'));
  execFileSync('cp', ['-a', data, draft], { timeout: START_MS });
  rmSync(directory, { recursive: true });
  // Of several processes that do this at the same time, one keeps its own; the others find that one.
  if (!existsSync(kept)) {
    try {
      renameSync(join(draft, 'data'), kept);
    } catch (error) {
      if (!existsSync(kept)) throw error;
    }
  }
  rmSync(draft, { recursive: true });
  return kept;
}

/** The user as whom PostgreSQL runs. It refuses to run as root, so for root that is `postgres` or `nobody`. */
function someoneElse(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const idOf = (option: string) => {
    const name = existsSync('/var/lib/postgresql') ? 'postgres' : 'nobody';
    return Number(execFileSync('id', [option, name], { encoding: 'utf8' }));
  };
  return { uid: idOf('-u'), gid: idOf('-g') };
}
