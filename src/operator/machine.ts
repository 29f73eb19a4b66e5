import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { errorCode } from '../errors.ts';
import { bad, type Finding, good, unknown } from './finding.ts';

// Checks of `npm run doctor` about the machine itself: Node's version, compiled packages, the tools for compiling
// them, room on the disk, and whether UDP gets out and the port for health checks is free.

/** The oldest version of Node that runs this program. `npm run` uses the Node that `npm ci` has installed beside it. */
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

/** How each package that has a compiled part is loaded, by the package's name. */
export type CompiledPackages = Readonly<Record<string, () => Promise<unknown>>>;

/** Whether the packages with compiled parts can be loaded. `tools` names the tools for compiling that are installed. */
export async function packagesFinding(
  packages: CompiledPackages,
  tools: readonly string[],
): Promise<Finding> {
  const broken: string[] = [];
  for (const [name, load] of Object.entries(packages)) if (!(await loads(load))) broken.push(name);
  if (broken.length === 0) return good('Packages', `${Object.keys(packages).join(', ')} can be loaded`);
  const missing = TOOLCHAIN.filter(tool => !tools.includes(tool));
  return bad(
    'Packages',
    `${broken.join(', ')} cannot be loaded${missing.length > 0 ? `, and to compile them ${missing.join(', ')} is missing` : ''}`,
    `${missing.length > 0 ? `on Debian and Ubuntu \`apt install ${missing.join(' ')}\`; then ` : ''}run \`npm ci\` again`,
  );
}

/** What node-gyp needs to compile @discordjs/opus. */
const TOOLCHAIN = ['python3', 'make', 'g++'] as const;

/** Which tools to compile with are in the folders of `path`, which has the form of the variable PATH. */
export function toolsIn(path: string, exists: (file: string) => boolean = existsSync): string[] {
  const folders = path.split(delimiter).filter(each => each !== '');
  return TOOLCHAIN.filter(tool => folders.some(folder => exists(join(folder, tool))));
}

/** Whether there is a toolchain. It is needed to install, and not to run. */
export function toolchainFinding(tools: readonly string[]): Finding {
  const missing = TOOLCHAIN.filter(tool => !tools.includes(tool));
  if (missing.length === 0) return good('Toolchain', `${TOOLCHAIN.join(', ')} are there`);
  return unknown(
    'Toolchain',
    `${missing.join(', ')} is missing; only \`npm ci\` may need it, to compile a package`,
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

/** Less room than this is bad: the database grows slowly, but it is copied daily, and the newest copies are kept. */
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

/** Error codes that mean that this machine itself refuses the datagram, or has no route for it. */
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
    'datagrams leave this machine; whether they reach a voice server shows in a call, and /status tells',
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

/** Whether the server for health checks can open this port. */
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
  return String(errorCode(error) ?? 'unknown');
}
