import { readFileSync } from 'node:fs';
import { postgresAddress } from '../../database-url.ts';
import { StoreError } from '../errors.ts';
import { dials } from './dials.ts';

// Says to postgres.js where the database is, by the operator's DATABASE_URL. Given the URL itself, postgres.js would
// send parameters to the server that the server does not know, and it knows neither IPv6 addresses nor socket files.

/**
 * Parameters that the server does not know, because they are for the program that calls it: for those of PostgreSQL
 * itself (its manual, 32.1.2), for postgres.js, and for others whose addresses hosts of PostgreSQL offer to be copied.
 * Where this list lacks one, the server refuses the log-in, and the doctor says to look at DATABASE_URL.
 */
const FOR_CLIENTS = new Set(
  `channel_binding client_encoding connect_timeout fallback_application_name gssdelegation gssencmode gsslib hostaddr
   keepalives keepalives_count keepalives_idle keepalives_interval krbsrvname load_balance_hosts max_protocol_version
   min_protocol_version passfile replication require_auth requirepeer requiressl scram_client_key scram_server_key
   service servicefile ssl ssl_max_protocol_version ssl_min_protocol_version sslcert sslcertmode sslcompression sslcrl
   sslcrldir sslkey sslkeylogfile sslmode sslnegotiation sslpassword sslrootcert sslsni target_session_attrs
   tcp_user_timeout
   backoff debug fetch_types idle_timeout keep_alive max max_lifetime max_pipeline prepare publications
   connection_limit pgbouncer pool_timeout schema single_use_connections socket_timeout sslaccept sslidentity
   statement_cache_size supa uselibpqcompat workaround`.split(/\s+/),
);

/** What postgres.js takes as `target_session_attrs`. The only other one is `any`, which is the usual. */
const ATTRIBUTES = new Set(['read-write', 'read-only', 'primary', 'standby', 'prefer-standby']);

/**
 * The options of postgres.js for the database at `url`. Those parameters of the URL that are the server's are in
 * `connection`. Throws StoreError if the URL cannot be used or names a certificate that cannot be read.
 */
export function addressOptions(url: string) {
  const address = postgresAddress(url);
  if (!address) throw new StoreError('unreachable');
  const { servers, socket, user, password, database, parameters } = address;
  const { schema, target_session_attrs = 'any', sslnegotiation } = parameters;
  const session = Object.entries(parameters).filter(([name]) => !FOR_CLIENTS.has(name));
  return {
    ...(socket === undefined
      ? { host: servers.map(({ host }) => host), port: servers.map(({ port }) => port) }
      : { path: socket }),
    socket: dials(address),
    ...(user !== undefined && { user }),
    ...(password !== undefined && { password }),
    ...(database !== undefined && { database }),
    // PostgreSQL's own programs do not encrypt what stays on this machine.
    ...(socket === undefined ? encryption(parameters) : { ssl: false }),
    ...(sslnegotiation === 'direct' && { sslnegotiation }),
    ...(ATTRIBUTES.has(target_session_attrs) && { target_session_attrs }),
    // Prisma calls `schema` what the server calls `search_path`.
    connection: { ...(schema !== undefined && { search_path: schema }), ...Object.fromEntries(session) },
  };
}

/** How the connection is encrypted: `sslmode` in the words of postgres.js, and the certificate that is trusted. */
function encryption({ sslrootcert, sslmode, ssl = sslmode }: Readonly<Record<string, string>>) {
  if (sslrootcert === 'system') return { ssl: 'verify-full' };
  return ssl === undefined ? {} : { ssl: sslOf(ssl, sslrootcert) };
}

function sslOf(mode: string, sslrootcert: string | undefined) {
  switch (mode) {
    case 'disable':
    case 'false':
      return false;
    case 'allow': // postgres.js would insist on encryption
    case 'prefer':
      return 'prefer';
    case 'no-verify':
      return 'require';
    case 'require':
    case 'verify-ca':
      // With a certificate, PostgreSQL's own programs check the issuer for `require` too, though not the name.
      if (sslrootcert !== undefined)
        return { ca: certificate(sslrootcert), checkServerIdentity: () => undefined };
      return mode === 'require' ? 'require' : 'verify-full';
    default:
      return sslrootcert === undefined ? 'verify-full' : { ca: certificate(sslrootcert) };
  }
}

function certificate(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new StoreError('unreachable');
  }
}
