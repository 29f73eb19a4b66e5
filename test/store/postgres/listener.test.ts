import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createLog } from '../../../src/log.ts';
import { PostgresListener } from '../../../src/store/postgres/listener.ts';

test('it ends without waiting for a PostgreSQL that does not answer', async () => {
  await using server = createServer(socket => socket.on('error', () => {}).resume());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const listener = new PostgresListener(`postgres://a@127.0.0.1:${port}/b`, createLog('silent', []));
  listener.add({ topic: 'any', heard: () => {}, listening: () => {} });
  await once(server, 'connection');
  const ended = listener[Symbol.asyncDispose]().then(() => 'ended');
  expect(await Promise.race([ended, sleep(2_000, 'still waits')])).toBe('ended');
  await ended;
});
