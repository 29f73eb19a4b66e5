import { expect, onTestFinished, test } from 'vitest';
import { askAccount, tryLiveSocket } from '../../src/fish/account.ts';
import { createLog } from '../../src/log.ts';
import { startFish } from '../sandbox/fish/fish.ts';
import { until } from '../support/until.ts';

const PATIENCE_MS = 90_000;
const soon = () => AbortSignal.timeout(PATIENCE_MS);

async function scene() {
  const server = await startFish();
  onTestFinished(async () => await server[Symbol.asyncDispose]());
  const access = {
    url: server.url,
    apiKey: server.apiKey,
    model: 's2.1-pro',
    log: createLog('silent', []),
  } as const;
  return { server, access };
}

test('the credit, the limit, and the headers; a key that is refused', async () => {
  const { server, access } = await scene();
  server.behaviour.creditUsd = 2.5;
  const dates: unknown[] = [];
  const onHeaders = ({ date }: { date?: string | undefined }) => dates.push(date);
  expect(await askAccount({ ...access, onHeaders }, soon())).toMatchObject({ creditUsd: 2.5, limit: 5 });
  expect(dates).toEqual([expect.stringMatching(/GMT$/)]);
  await expect(askAccount({ ...access, apiKey: 'other' }, soon())).rejects.toMatchObject({
    kind: 'unauthorized',
  });
});

test('a server without a page of credit tells none; one that answers something else is no Fish Audio', async () => {
  const { server, access } = await scene();
  server.behaviour.rest = { kind: 'status', status: 404, body: '{"message":"Not Found","status":404}' };
  expect(await askAccount(access, soon())).toMatchObject({ creditUsd: null });
  for (const body of ['{}', '[]', '{"credit":"much"}', '"10"']) {
    server.behaviour.rest = { kind: 'status', status: 200, body };
    await expect(askAccount(access, soon())).rejects.toMatchObject({ kind: 'protocol' });
  }
});

test('a live socket is tried without a session, and closed again; without credit there is none', async () => {
  const { server, access } = await scene();
  expect(await tryLiveSocket(access, soon())).toMatchObject({ limit: 5, ms: expect.any(Number) });
  await until('it is closed', () => server.openSockets === 0);
  expect(server.sessions).toHaveLength(0);
  server.behaviour.creditUsd = 0;
  await expect(tryLiveSocket(access, soon())).rejects.toMatchObject({ kind: 'payment' });
  expect(await tryLiveSocket({ ...access, model: 's2.1-pro-free' }, soon())).toMatchObject({ limit: 5 });
});
