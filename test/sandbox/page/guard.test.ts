import { expect, test } from 'vitest';
import { admit } from './guard.ts';

const DOOR = { port: 4000, token: 'secret' };
const HOST = '127.0.0.1:4000';

const asked = (url: string, headers = {}, method = 'GET') => ({
  method,
  url,
  headers: { host: HOST, ...headers },
});
const status = (admission: ReturnType<typeof admit>) => ('status' in admission ? admission.status : 200);

test.each([
  ['/secret/', ''],
  ['/secret/client/main.ts', 'client/main.ts'],
  ['/secret/../secret/client/main.ts', 'client/main.ts'],
])('%s is let in, as "%s"', (url, path) => {
  expect(admit(asked(url), DOOR)).toMatchObject({ path });
});

test.each([
  ['no token', asked('/'), 403],
  ['a wrong token', asked('/secreT/'), 403],
  ['a token that goes on', asked('/secret2/'), 403],
  ['the token without the slash, from which nothing can be found', asked('/secret'), 403],
  ['a way out of the token', asked('/secret/../'), 403],
  ['an address that is none', asked('//['), 403],
  ['a foreign name (DNS rebinding)', asked('/secret/', { host: 'evil.example:4000' }), 421],
  ['another port', asked('/secret/', { host: '127.0.0.1:4001' }), 421],
  ['no name', { method: 'GET', url: '/secret/', headers: {} }, 421],
  ['another page', asked('/secret/', { origin: 'https://evil.example' }), 403],
  ['a page of another port', asked('/secret/', { origin: 'http://127.0.0.1:4001' }), 403],
  ['a sandboxed frame', asked('/secret/', { origin: 'null' }), 403],
  ['a change', asked('/secret/', {}, 'POST'), 405],
])('refused: %s', (_what, request, expected) => {
  expect(status(admit(request, DOOR))).toBe(expected);
});

test('a WebSocket must say which page asks', () => {
  expect(status(admit(asked('/secret/socket'), DOOR, true))).toBe(403);
  expect(status(admit(asked('/secret/socket', { origin: `http://${HOST}` }), DOOR, true))).toBe(200);
  expect(status(admit(asked('/secret/socket', { origin: 'http://localhost:4000' }), DOOR, true))).toBe(403);
});
