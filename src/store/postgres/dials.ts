import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PostgresAddress } from '../../database-url.ts';

// Makes the TCP connections for postgres.js. When one is closed before PostgreSQL has said anything, as a load balancer
// does while no PostgreSQL is behind it, postgres.js asks for the next one at once, hundreds a second.

/** How long is waited, in ms, after every server has been dialled once. */
const PAUSE_MS = 500;

/**
 * A function that dials the servers of the address, or the socket file, one after another and then from the first again.
 * It resolves with a socket that is still connecting, which is what postgres.js takes as its option `socket`.
 */
export function dials({ servers, socket: path }: PostgresAddress): () => Promise<Socket> {
  const targets = path === undefined ? servers : [{ path, host: undefined }];
  let dialled = 0;
  return async () => {
    const target = targets[dialled % targets.length];
    if (!target) throw new RangeError('an address of PostgreSQL names a server');
    if (dialled > 0 && dialled % targets.length === 0) await sleep(PAUSE_MS);
    dialled += 1;
    // postgres.js takes the name of the server from here, to compare it with the certificate.
    return Object.assign(connect(target), { host: target.host });
  };
}
