import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { databaseFinding } from '../../../src/operator/database.ts';
import { lineOf } from '../../../src/operator/finding.ts';
import { StoreError } from '../../../src/store/errors.ts';
import { lookAtDatabase } from '../../../src/store/look.ts';
import { addressOptions } from '../../../src/store/postgres/address.ts';
import { PostgresConnection } from '../../../src/store/postgres/connection.ts';
import { removeFolder } from '../../sandbox/folder.ts';
import { describePostgres } from '../../support/store.ts';

// Databases take what they take on a loaded machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const LOCAL = Object.values(networkInterfaces())
  .flat()
  .map(each => each?.address);

describePostgres(server => {
  test.each([
    'sslmode=prefer&channel_binding=require',
    'sslmode=allow',
    'sslmode=disable&sslrootcert=/nowhere/ca.pem&connect_timeout=15&target_session_attrs=any',
    'schema=public&pgbouncer=true&connection_limit=1&pool_timeout=0',
    'application_name=mine&options=-c%20work_mem%3D8MB',
    'host=127.0.0.1&user=test',
  ])('the database is found with ?%s', async parameters => {
    expect(await lookAtDatabase(`${await server().database()}?${parameters}`)).toBe('absent');
  });

  test('the database is found behind a socket file, however the URL names its folder', async () => {
    const { port } = server();
    const [row] = await server().ask('postgres', 'show unix_socket_directories');
    const folder = String(row?.['unix_socket_directories']);
    for (const url of [
      `postgres://test@${encodeURIComponent(folder)}:${port}/postgres`,
      `postgres://test:any@/postgres?host=${folder}&port=${port}`,
      `postgres:///postgres?host=${encodeURIComponent(folder)}&port=${port}&user=test&sslmode=require`,
      `postgres://test@localhost:${port}/postgres?host=${folder}`,
    ])
      expect([url, await lookAtDatabase(url)]).toEqual([url, 'absent']);
  });

  test.skipIf(!LOCAL.includes('::1'))('the database is found at an IPv6 address', async () => {
    const proxy = createServer(socket => {
      const onwards = connect(server().port, '127.0.0.1');
      socket.pipe(onwards).pipe(socket);
      for (const each of [socket, onwards]) each.on('error', () => {}); // either end may go first
    }).listen(0, '::1');
    await once(proxy, 'listening');
    const { port } = proxy.address() as AddressInfo;
    expect(await lookAtDatabase(`postgres://test:any@[::1]:${port}/postgres`)).toBe('absent');
    proxy.close();
  });

  test('`schema` is where the tables are', async () => {
    const connection = new PostgresConnection(`${server().url('postgres')}?schema=mine`);
    expect(await connection.query('show search_path', [])).toEqual([{ search_path: 'mine' }]);
    connection.end();
  });

  test.each(['qqxyzzy=1', 'statement_timeout=qqxyzzy'])(
    'the doctor says to look at DATABASE_URL where the server does not know ?%s',
    async parameters => {
      const line = lineOf(await databaseFinding(`${server().url('postgres')}?${parameters}`));
      expect(line).toContain('refuses the log-in. What to do: check DATABASE_URL (');
      expect(line).not.toContain('qqxyzzy');
    },
  );

  test('a right that is missing at the log-in is no database that can only be read', async () => {
    await server().ask('postgres', 'create role stranger login');
    await server().ask('postgres', 'create database closed');
    await server().ask('postgres', 'revoke connect on database closed from public');
    const url = server().url('closed').replace('//test', '//stranger');
    expect(await lookAtDatabase(url)).toBe('unreachable');
  });
});

test('several servers are tried in their order, each at its own port', () => {
  const { host, port } = addressOptions('postgres://me@a:1,[::1],c:3/name') as {
    host: unknown;
    port: unknown;
  };
  expect([host, port]).toEqual([
    ['a', '::1', 'c'],
    [1, 5432, 3],
  ]);
});

test('encryption is what sslmode says, and never less; a certificate of the URL is the one that is trusted', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parrotfish-ca-'));
  const path = join(folder, 'ca.pem');
  writeFileSync(path, 'the certificate');
  const ssl = (parameters: string) => addressOptions(`postgres://me@host/name?${parameters}`).ssl;
  const byName = { ca: 'the certificate' };
  const byIssuer = { ...byName, checkServerIdentity: expect.any(Function) as unknown };
  expect(ssl('')).toBeUndefined();
  expect(ssl('sslmode=disable')).toBe(false);
  expect(ssl('sslmode=require')).toBe('require');
  for (const full of [
    'sslmode=verify-full',
    'sslmode=verify-ca',
    'ssl=true',
    'sslrootcert=system&sslmode=require',
    'sslmode=qqxyzzy',
  ])
    expect([full, ssl(full)]).toEqual([full, 'verify-full']);
  expect(ssl(`sslmode=verify-full&sslrootcert=${path}`)).toEqual(byName);
  expect(ssl(`sslmode=verify-ca&sslrootcert=${path}`)).toEqual(byIssuer);
  expect(ssl(`sslmode=require&sslrootcert=${path}`)).toEqual(byIssuer);
  expect(() => ssl(`sslmode=require&sslrootcert=${path}x`)).toThrow(StoreError);
  await removeFolder(folder);
});
