import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { posix } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startWeb, type Web } from './web.ts';

/** Who gets in, and what they get, by real HTTP and WebSockets. */

const PAGE = '<script>alert(1)</script>';
let page: Web;

beforeAll(async () => {
  page = await startWeb({
    onPage(socket) {
      socket.on('error', () => socket.terminate());
      socket.send('hello');
    },
    onOgg: response => response.end('sound'),
    file: id => (id === 'html' ? { type: 'text/html', bytes: Buffer.from(PAGE) } : undefined),
  });
});
afterAll(() => page[Symbol.asyncDispose]());

/** A GET with a path and headers as they are: `fetch` would mend them. */
async function get(path: string, headers: Record<string, string> = {}) {
  const { port } = new URL(page.url);
  const sent = request({ host: '127.0.0.1', port, path, headers }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}
const inside = (path: string) => `${new URL(page.url).pathname}${path}`;

test('only its own page, by its whole address, is let in', async () => {
  expect((await get('/')).status).toBe(403);
  expect((await get('/not-the-token/')).status).toBe(403);
  expect((await get(inside(''), { host: 'evil.example' })).status).toBe(421);
  expect((await get(inside('page/client/main.ts'), { origin: 'https://evil.example' })).status).toBe(403);
  for (const path of [
    '../page.ts',
    'page/client/../page.ts',
    'page/client/..%2fpage.ts',
    'page/client/%2e%2e/web.ts',
    'discord/discord.ts',
    '/etc/passwd',
    'file/1',
  ])
    expect((await get(inside(path))).status).not.toBe(200);
});

test.each([
  ['no origin', {}, ''],
  ['a foreign origin', { origin: 'https://evil.example' }, ''],
  ['another port', { origin: 'http://127.0.0.1:1' }, ''],
  ['no token', {}, '/socket'],
])('no WebSocket for %s', async (_what, options, path) => {
  const url = new URL(path || 'socket', page.url);
  const { origin } = url;
  const socket = new WebSocket(url, path ? { origin } : options);
  const [error] = (await once(socket, 'error')) as [Error];
  expect(error.message).toContain('403');
});

test('the page is whole, loads nothing from elsewhere, and tells nobody its address', async () => {
  const front = await get(inside(''));
  expect(front.headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
  expect(front.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
  expect(front.headers['content-security-policy']).not.toContain('unsafe');
  const waiting = Array.from(
    front.body.matchAll(/(?:src|href)="(page\/client\/[^"]+)"/gu),
    ([, path = '']) => path,
  );
  const seen = new Set<string>();
  while (waiting.length > 0) {
    const path = waiting.pop() ?? '';
    if (seen.has(path)) continue;
    seen.add(path);
    const { status, body } = await get(inside(path));
    expect([path, status]).toEqual([path, 200]);
    for (const [, name = ''] of body.matchAll(/^import .*? from '(\.[^']+)';/gmu))
      waiting.push(posix.join(posix.dirname(path), name));
  }
  expect(seen.size).toBeGreaterThan(20);
  expect(seen.has('page/client/hearing.ts')).toBe(true);
});

test('nobody reaches it from another machine', async () => {
  const { port } = new URL(page.url);
  const others = Object.values(networkInterfaces())
    .flatMap(list => list ?? [])
    .filter(({ internal }) => !internal)
    .map(({ address, scopeid }) => (scopeid ? `${address}%${scopeid}` : address));
  for (const host of [...others, '127.0.0.2', '::1']) {
    const socket = connect({ host, port: Number(port) });
    const [error] = (await once(socket, 'error')) as [Error];
    expect([host, error.message]).toEqual([
      host,
      expect.stringMatching(/ECONNREFUSED|EADDRNOTAVAIL|ENETUNREACH/u),
    ]);
  }
});

test('what somebody sent as a page is served, and never runs', async () => {
  const { status, headers, body } = await get(inside('file/html'));
  expect([status, body]).toEqual([200, PAGE]);
  expect(headers).toMatchObject({
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
  });
});

test('each answer, the refusals too, keeps its address to itself and is not kept', async () => {
  for (const path of [
    '/',
    inside(''),
    inside('nothing'),
    inside('page/client/main.ts'),
    inside('file/html'),
  ]) {
    const { headers } = await get(path);
    expect(headers).toMatchObject({
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'cross-origin-opener-policy': 'same-origin',
    });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  }
});

test('each start has a token of its own, with 192 bits', async () => {
  await using another = await startWeb({
    onPage: () => undefined,
    onOgg: () => undefined,
    file: () => undefined,
  });
  const tokens = [page, another].map(({ url }) => new URL(url).pathname.slice(1, -1));
  expect(new Set(tokens).size).toBe(2);
  for (const token of tokens) expect(Buffer.from(token, 'base64url')).toHaveLength(24);
  const wrong = new URL(another.url);
  wrong.port = new URL(page.url).port;
  expect((await fetch(wrong)).status).toBe(403);
});

test('a wish that is too large ends the connection', async () => {
  const socket = new WebSocket(new URL('socket', page.url), { origin: new URL(page.url).origin });
  await once(socket, 'message');
  socket.send('x'.repeat(25 << 20));
  expect([1006, 1009]).toContain((await once(socket, 'close'))[0]);
});
