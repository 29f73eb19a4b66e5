import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { bad, type Finding, good, unknown } from './finding.ts';

/** The oldest version of Node that runs this program; `npm run` has its own. */
const LEAST_NODE = 24;

/** Whether this is a Node that runs the bot; `version` is such as `v24.1.0`. */
export function nodeFinding(version: string): Finding {
  const major = Number(/^v?(\d+)\./.exec(version)?.[1]);
  if (major >= LEAST_NODE) return good('Node', version);
  return bad(
    'Node',
    `${version} is too old: ${LEAST_NODE} or newer is needed`,
    'start with `npm start`, which brings its own Node (after `npm ci`), or install Node 24',
  );
}

/** Packages with a part that is compiled, and how each is loaded. */
export type CompiledPackages = Readonly<Record<string, () => Promise<unknown>>>;

/** Whether the packages with compiled parts can be loaded. */
export async function packagesFinding(packages: CompiledPackages): Promise<Finding> {
  const broken: string[] = [];
  for (const [name, load] of Object.entries(packages)) if (!(await loads(load))) broken.push(name);
  if (broken.length === 0) return good('Packages', `${Object.keys(packages).join(', ')} can be loaded`);
  return bad(
    'Packages',
    `${broken.join(', ')} cannot be loaded`,
    'run `npm ci` again; on Debian and Ubuntu `apt install python3 make g++` first, for what has to be compiled',
  );
}

async function loads(load: () => Promise<unknown>): Promise<boolean> {
  try {
    await load();
    return true;
  } catch {
    return false; // whatever the reason is, the package has to be installed anew
  }
}

/** The database grows slowly, but a copy of it is made each day, and the newest ones are kept. */
const LEAST_BYTES = 200 * 1024 ** 2;
const MIB = 1024 ** 2;

/** Whether there is room on the disk of `folder`. */
export async function diskFinding(folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const told = `${Math.round(free / MIB).toLocaleString('en')} MiB are free at ${folder}`;
  if (free >= LEAST_BYTES) return good('Disk', told);
  return bad(
    'Disk',
    told,
    `make room: ${LEAST_BYTES / MIB} MiB at least, for the database and its daily copies`,
  );
}

/** Codes with which a datagram is refused on this machine, or has no way out of it. */
const KEPT_IN = /^(EPERM|EACCES|ENETUNREACH|EHOSTUNREACH|ENETDOWN)$/;
/** A port of the range that Discord's voice servers use. */
const VOICE_PORT = 50_000;

/**
 * Whether datagrams leave this machine, tried with an empty one to `host`. Whether they arrive at a voice server and
 * come back is known only in a call.
 */
export async function udpFinding(host: string, send = sendDatagram): Promise<Finding> {
  const remedy = 'allow outgoing UDP to all addresses, ports 50000 to 65535, and the answers to it';
  const failed = await send(host, VOICE_PORT);
  if (failed !== null && KEPT_IN.test(failed))
    return bad('UDP', `this machine lets no datagram out (${failed})`, remedy);
  if (failed !== null) return unknown('UDP', `no datagram could be sent to ${host} (${failed})`);
  return good(
    'UDP',
    'datagrams leave this machine; whether voice servers get them only a call shows: then /status says so',
  );
}

/** Sends an empty datagram. Resolves with the code of the error, or null. */
async function sendDatagram(host: string, port: number): Promise<string | null> {
  const socket = createSocket('udp4');
  try {
    const { promise, resolve } = Promise.withResolvers<string | null>();
    socket.on('error', error => resolve(codeOf(error)));
    socket.send(Buffer.alloc(0), port, host, error => resolve(error ? codeOf(error) : null));
    return await promise;
  } finally {
    socket.close();
  }
}

/** Whether health checks can be served there. */
export async function portFinding({ host, port }: { host: string; port: number }): Promise<Finding> {
  const thing = `Port ${port}`;
  const server = createServer().listen(port, host);
  try {
    await once(server, 'listening');
    server.close();
    return good(thing, 'is free for health checks');
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EADDRINUSE')
      return unknown(thing, 'is in use: by this bot if it runs now, else set another HTTP_PORT');
    return bad(thing, `cannot be opened at ${host} (${code})`, 'check HTTP_PORT and HTTP_HOST');
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
