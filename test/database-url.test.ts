import fc from 'fast-check';
import { expect, test } from 'vitest';
import { postgresAddress, sqlitePath } from '../src/database-url.ts';

const AT_HOME = { servers: [{ host: 'host', port: 5432 }], socket: undefined };

test.each([
  ['postgres://host', {}],
  ['PostgreSQL://host/', {}],
  ['postgres://me@host/name', { user: 'me', database: 'name' }],
  ['postgres://me:p%40ss@host', { user: 'me', password: 'p@ss', passwordInUrl: 'p%40ss' }],
  ['postgres://me:p@ss@host', { user: 'me', password: 'p@ss', passwordInUrl: 'p@ss' }],
  ['postgres://host/my%20name?a=b', { database: 'my name', parameters: { a: 'b' } }],
  [
    'postgres://host/a?dbname=b&user=u&password=p%25',
    { database: 'b', user: 'u', password: 'p%', passwordInUrl: 'p%25' },
  ],
  ['postgres://host:5433', { servers: [{ host: 'host', port: 5433 }] }],
  ['postgres://host:1/?port=2', { servers: [{ host: 'host', port: 2 }] }],
  ['postgres://[::1]:5439/db', { servers: [{ host: '::1', port: 5439 }], database: 'db' }],
  ['postgres://other/?host=::1', { servers: [{ host: '::1', port: 5432 }] }],
  [
    'postgres:///?host=a,b&port=1,2',
    {
      servers: [
        { host: 'a', port: 1 },
        { host: 'b', port: 2 },
      ],
    },
  ],
  ['postgres://%2Frun%2Fpg:5433', { servers: [], socket: '/run/pg/.s.PGSQL.5433' }],
  [
    'postgres://me:pw@/?host=/cloudsql/a:b:c',
    { user: 'me', password: 'pw', passwordInUrl: 'pw', servers: [], socket: '/cloudsql/a:b:c/.s.PGSQL.5432' },
  ],
])('%s', (url, expected) => {
  const nothing = { user: undefined, password: undefined, passwordInUrl: undefined, database: undefined };
  expect(postgresAddress(url)).toEqual({ ...AT_HOME, ...nothing, parameters: {}, ...expected });
});

test.each([
  'postgres:///name',
  'postgres://me:pw@/name',
  'postgres://host:0/name',
  'postgres://host:65536/name',
  'postgres://host:five/name',
  'postgres://[::1/name',
  'postgres://::1/name',
  'postgres://[host]x/name',
  'postgres://a,/name',
  'postgres://%2Frun,host/name',
  'postgres://me:pa#ss@host/name',
  'postgres://me:pa/ss@host/name',
  'postgres://host/name?host=/run%00',
  'postgres://host/name?user=%FF',
  'mysql://host/name',
  'file:./a.db',
])('%s is no address of a PostgreSQL', url => {
  expect(postgresAddress(url)).toBeNull();
});

test('whatever is written there, it is an address or it is not', () => {
  const part = fc.constantFrom(
    'postgres://',
    'file:',
    '//',
    '/',
    '%',
    '%2F',
    '%FF',
    '%00',
    '@',
    ':',
    '?',
    '#',
    ',',
    'host=',
    '[',
    ']',
    '::1',
    'a',
    '&',
    '=',
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), parts => {
      for (const scheme of ['', 'postgres://', 'file:'])
        for (const read of [postgresAddress, sqlitePath]) read(`${scheme}${parts.join('')}`);
    }),
  );
});
