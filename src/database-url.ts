import { isIPv6 } from 'node:net';
import { fileURLToPath } from 'node:url';

// Reads the address of the database as the operator writes it (DATABASE_URL). The check of the variable and the store
// both read it here, so that the check refuses whatever the store could not use.

/** Each `%` must begin the code of a character in UTF-8. NUL is in no name of a file, a user or a database. */
function canBeDecoded(url: string): boolean {
  try {
    return !decodeURIComponent(url).includes('\0');
  } catch {
    return false;
  }
}

/**
 * The path in a URL such as `file:./data/a.db` or `file:///data/a.db`. Null for any other URL, and where there can be
 * no such path: a `file:` URL may have neither a host nor SQLite's parameters, and its `%` must stand for UTF-8.
 */
export function sqlitePath(url: string): string | null {
  if (!/^file:(?:\/\/\/|(?!\/\/))[^?#]*[^/?#]$/.test(url) || !canBeDecoded(url)) return null;
  if (!url.startsWith('file://')) return decodeURI(url.slice('file:'.length));
  try {
    return fileURLToPath(url);
  } catch {
    return null; // such as a `%` that stands for a slash
  }
}

/** Where a PostgreSQL is, and what is said to it at the log-in. What is undefined, the URL does not have. */
export interface PostgresAddress {
  /** The servers, to be tried in this order. Empty where `socket` is given. */
  readonly servers: readonly { readonly host: string; readonly port: number }[];
  /** The path of the socket file on this machine behind which the server is. */
  readonly socket: string | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** The password as the URL writes it. */
  readonly passwordInUrl: string | undefined;
  readonly database: string | undefined;
  /** What stands after the `?`, without the names that have a field of their own here. */
  readonly parameters: Readonly<Record<string, string>>;
}

const DEFAULT_PORT = '5432';
const MAX_PORT = 65_535;

/** The parts of `postgres://user:password@host:port,host:port/database?parameters`; PostgreSQL's manual, 32.1.1.2. */
const POSTGRES =
  /^postgres(?:ql)?:\/\/(?:([^/?#:]*)(?::([^/?#]*))?@)?([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/i;

/**
 * Takes a URL of PostgreSQL apart as PostgreSQL's own programs do: there may be several servers, and the parameters
 * `host`, `port`, `user`, `password` and `dbname` go before what stands in their usual places. Null if it is no such
 * URL, names no server, or cannot be decoded.
 */
export function postgresAddress(url: string): PostgresAddress | null {
  const [whole, user, password, authority = '', database, query = ''] = POSTGRES.exec(url) ?? [];
  if (whole === undefined || !canBeDecoded(url)) return null;
  const parameters = new URLSearchParams(query);
  const take = (name: string) => {
    const value = parameters.get(name);
    parameters.delete(name);
    return value === '' || value === null ? undefined : value;
  };
  const places = placesOf(authority, take('host'), take('port'));
  if (!places) return null;
  const passwordInUrl = /(?:^|&)password=([^&]+)/.exec(query)?.[1] ?? password;
  return {
    ...places,
    user: take('user') ?? decoded(user),
    password: take('password') ?? decoded(password),
    passwordInUrl: passwordInUrl === '' ? undefined : passwordInUrl,
    database: take('dbname') ?? decoded(database),
    parameters: Object.fromEntries([...parameters].filter(([, value]) => value !== '')),
  };
}

/** An empty part is as good as none. */
const decoded = (part: string | undefined) => (part ? decodeURIComponent(part) : undefined);

/** Null if there is no server, or what cannot be one. `host` and `port` are parameters, which may be lists. */
function placesOf(
  authority: string,
  host: string | undefined,
  port: string | undefined,
): Pick<PostgresAddress, 'servers' | 'socket'> | null {
  const written = authority.split(',').map(hostAndPort);
  const hosts = host?.split(',') ?? written.map(each => each.host);
  const ports = port?.split(',') ?? written.map(each => each.port);
  const servers = hosts.map((name, at) => ({
    host: name,
    port: Number((ports.length > 1 ? ports[at] : ports[0]) || DEFAULT_PORT),
  }));
  if (servers.some(server => !Number.isInteger(server.port) || server.port < 1 || server.port > MAX_PORT))
    return null;
  const [first] = servers;
  if (first?.host.startsWith('/') && servers.length === 1)
    return { servers: [], socket: `${first.host}/.s.PGSQL.${first.port}` };
  return servers.every(server => isIPv6(server.host) || /^[^\s/@:[\]]+$/.test(server.host))
    ? { servers, socket: undefined }
    : null;
}

/** `host:5432` or `[::1]:5432`; the port may be missing. The brackets belong to the URL, and not to the address. */
function hostAndPort(text: string): { host: string; port: string } {
  const [, inBrackets, host = '', port = ''] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(\d*))?$/.exec(text) ?? [];
  return { host: decodeURIComponent(inBrackets ?? host), port };
}
