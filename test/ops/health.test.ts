import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test, vi } from 'vitest';
import { createLog } from '../../src/log.ts';
import { type HealthOptions, type ReadyReport, startHealth } from '../../src/ops/health.ts';

const HOST = '127.0.0.1';

const metrics = { contentType: 'text/plain; version=0.0.4', text: () => Promise.resolve('up 1\n') };

function start(options: Partial<HealthOptions> = {}) {
  const log = createLog('silent', []);
  return startHealth({ host: HOST, port: 0, log, ready: () => ({}), alive: () => true, metrics, ...options });
}

async function ask(port: number, path: string, method = 'GET') {
  const response = await fetch(`http://${HOST}:${port}${path}`, {
    method,
    signal: AbortSignal.timeout(5_000),
  });
  const body = await response.text();
  return { status: response.status, body: body === '' ? null : (JSON.parse(body) as unknown) };
}

test('/healthz follows alive()', async () => {
  let alive = true;
  await using health = await start({ alive: () => alive });
  expect(await ask(health.port, '/healthz')).toEqual({ status: 200, body: { alive: true } });
  alive = false;
  expect(await ask(health.port, '/healthz?probe=1')).toEqual({ status: 503, body: { alive: false } });
});

test('/readyz is 200 only when every named check is ok', async () => {
  let checks: ReadyReport = { gateway: { ok: true, detail: '42 ms' }, fish: { ok: true } };
  await using health = await start({ ready: () => checks });
  expect(await ask(health.port, '/readyz')).toEqual({ status: 200, body: { ready: true, checks } });
  checks = { gateway: { ok: true }, fish: { ok: false, detail: 'credit' } };
  expect(await ask(health.port, '/readyz')).toEqual({ status: 503, body: { ready: false, checks } });
});

test('a check that throws is a 503 that tells nothing, and the server lives on', async () => {
  const lines: string[] = [];
  const fail = () => {
    throw new Error('inner detail');
  };
  const log = createLog('info', [], { write: line => lines.push(line) });
  await using health = await start({ log, ready: fail, alive: fail });
  for (const path of ['/readyz', '/healthz', '/readyz']) {
    const { status, body } = await ask(health.port, path);
    expect(status).toBe(503);
    expect(JSON.stringify(body)).not.toContain('inner detail');
  }
  expect(lines).toHaveLength(3);
});

test('/metrics is text, as its maker wants it called; where that fails it tells nothing', async () => {
  await using health = await start();
  const answer = await fetch(`http://${HOST}:${health.port}/metrics`);
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4');
  expect([answer.status, await answer.text()]).toEqual([200, 'up 1\n']);
  const text = () => Promise.reject(new Error('inner detail'));
  await using failing = await start({ metrics: { ...metrics, text } });
  const { status, body } = await ask(failing.port, '/metrics');
  expect(status).toBe(503);
  expect(JSON.stringify(body)).not.toContain('inner detail');
});

test('only these three paths, only GET and HEAD', async () => {
  await using health = await start();
  for (const path of ['/', '/healthz/', '/readyz/x', '/metrics/', '//healthz', '/.env']) {
    expect((await ask(health.port, path)).status).toBe(404);
  }
  expect(await ask(health.port, '/healthz', 'HEAD')).toEqual({ status: 200, body: null });
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    expect((await ask(health.port, '/healthz', method)).status).toBe(405);
  }
});

test('disposing it ends open connections and frees the port', async () => {
  const health = await start();
  const idle = connect(health.port, HOST);
  idle.on('error', () => {}); // a reset is as good as an end
  await once(idle, 'connect');
  const closed = once(idle, 'close');
  await health[Symbol.asyncDispose]();
  await closed;
  await using again = await start({ port: health.port });
  expect(again.port).toBe(health.port);
});

test('connections that never finish their request keep others out for seconds only', {
  timeout: 60_000,
}, async () => {
  await using health = await start();
  for (let open = 0; open < 64; open += 1) {
    const half = connect(health.port, HOST);
    half.on('error', () => {}); // the server resets it
    await once(half, 'connect');
    if (open % 2 === 0) half.write('GET /healthz HTTP/1.1\r\nhost: localhost\r\n');
  }
  const before = performance.now();
  const answer = () => ask(health.port, '/healthz').catch(() => null); // an error while there are too many connections
  expect(await answer()).toBeNull();
  await vi.waitFor(async () => expect(await answer()).toMatchObject({ status: 200 }), 45_000);
  // A request has 5 s. By itself Node ends those that last too long only every 30 s.
  expect(performance.now() - before).toBeLessThan(20_000);
});

test('a taken port and a foreign address are said in the words of the configuration', async () => {
  await using other = await start();
  await expect(start({ port: other.port })).rejects.toThrow(/^HTTP_PORT is already in use/);
  await expect(start({ host: '192.0.2.1' })).rejects.toThrow(/^HTTP_HOST is not an address of this machine/);
});
