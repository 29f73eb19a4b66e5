import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { PostgresConnection } from '../../../src/store/postgres/connection.ts';
import { createCertificate } from '../../sandbox/discord/certificate.ts';
import { freePort } from '../../support/free-port.ts';
import { describePostgres } from '../../support/store.ts';
import { until } from '../../support/until.ts';

/** Takes connections and closes each at once, as a load balancer does while no PostgreSQL is behind it. */
async function closingServer() {
  let taken = 0;
  const server = createServer(socket => {
    taken += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get taken() {
      return taken;
    },
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}

test('a server that closes each connection at once is not dialled without a pause', async () => {
  await using one = await closingServer();
  await using other = await closingServer();
  const connection = new PostgresConnection(
    `postgres://me@127.0.0.1:${one.port},127.0.0.1:${other.port}/name`,
  );
  await expect(connection.query('select 1', [])).rejects.toThrow();
  expect(one.taken).toBeGreaterThan(0);
  expect(other.taken).toBeGreaterThan(0);
  expect(one.taken + other.taken).toBeLessThan(30);
});

describePostgres(server => {
  test('the next server is asked where one refuses, or closes each connection', async () => {
    await using closing = await closingServer();
    const { port, pathname } = new URL(server().url('postgres'));
    const hosts = [await freePort(), closing.port, port].map(each => `127.0.0.1:${each}`).join();
    const connection = new PostgresConnection(`postgres://test@${hosts}${pathname}`);
    expect(await connection.query('select 1 as one', [])).toEqual([{ one: 1 }]);
    connection.end();
  });

  test('what is sent is encrypted where sslmode says so, and only where the certificate is trusted', async () => {
    await using certificate = await createCertificate();
    await using stranger = await createCertificate();
    const { port } = server();
    const asked = (statement: string) => server().ask('postgres', statement);
    // The server writes the files itself, so that they are its own.
    for (const part of ['cert', 'key'] as const) {
      const lines = `copy (select regexp_split_to_table('${certificate[part].trim()}', '\n'))`;
      await asked(`${lines} to program 'umask 077; cat > ${part}.pem'`);
      await asked(`alter system set ssl_${part}_file = '${part}.pem'`);
    }
    await asked('alter system set ssl = on');
    await asked('select pg_reload_conf()');
    const encrypted = async (host: string, parameters: string) => {
      const connection = new PostgresConnection(`postgres://test@${host}:${port}/postgres?${parameters}`);
      try {
        const how = 'select ssl from pg_stat_ssl where pid = pg_backend_pid()';
        return await connection.query(how, []);
      } finally {
        connection.end();
      }
    };
    const yes = [{ ssl: true }];
    await until('the server encrypts', async () => {
      const [row] = await encrypted('127.0.0.1', 'sslmode=prefer').then(rows => rows as { ssl: boolean }[]);
      return row?.ssl === true;
    });
    expect(await encrypted('127.0.0.1', 'sslmode=require')).toEqual(yes);
    expect(await encrypted('127.0.0.1', 'sslmode=disable')).toEqual([{ ssl: false }]);
    const full = (file: string) => `sslmode=verify-full&sslrootcert=${encodeURIComponent(file)}`;
    expect(await encrypted('localhost', full(certificate.file))).toEqual(yes);
    await expect(encrypted('localhost', full(stranger.file))).rejects.toThrow(/certificate/);
  });
});
