import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { expect, test } from 'vitest';
import { startBot } from '../sandbox/bot.ts';
import { describePostgres } from '../support/store.ts';
import { until } from '../support/until.ts';

/** With this number Kysely's Migrator locks a PostgreSQL database while a process migrates it. */
const MIGRATION_LOCK = '3853314791062309107';
/** The bot takes two signals that are closer together as one, since npm passes Ctrl-C on. */
const NOT_THE_SAME_MS = 600;
const NOWHERE = 'http://127.0.0.1:9';
const PATIENCE_MS = 120_000;

test('asked to end while the bot is still being loaded: exit 0, at once and without a word', async () => {
  await using bot = startBot({
    discord: { apiUrl: NOWHERE, token: 'a.b.c', caFile: '' },
    fish: { url: NOWHERE, apiKey: 'some-fish-key' },
    preload: [new URL('../support/preload-asked-first.ts', import.meta.url)],
  });
  expect(await bot.exited).toBe(0);
  expect(bot.output).toBe('');
});

describePostgres(server => {
  test(
    'row 15: asked to end while it starts and waits for a migration: exit 0, sooner when asked twice',
    async () => {
      const url = await server().database();
      const name = url.slice(url.lastIndexOf('/') + 1);
      const holder = postgres(url, { max: 1 });
      await holder.unsafe(`select pg_advisory_lock(${MIGRATION_LOCK})`);
      const start = () =>
        startBot({
          discord: { apiUrl: NOWHERE, token: 'a.b.c', caFile: '' },
          fish: { url: NOWHERE, apiKey: 'some-fish-key' },
          env: { DATABASE_URL: url },
        });
      await using once = start();
      await using twice = start();
      const waiting = `select 1 from pg_locks where not granted and locktype = 'advisory'`;
      await until('both wait', async () => (await server().ask(name, waiting)).length === 2, 30_000);

      const order: string[] = [];
      const ends = [once, twice].map(async bot => {
        process.kill(bot.pid, 'SIGTERM');
        await until('it was asked', () => bot.output.includes('stopping'));
        if (bot === twice) {
          await sleep(NOT_THE_SAME_MS);
          process.kill(bot.pid, 'SIGTERM');
        }
        expect(await bot.exited).toBe(0);
        order.push(bot === twice ? 'twice' : 'once');
      });
      await Promise.all(ends);
      expect(order).toEqual(['twice', 'once']);
      await holder.end({ timeout: 0 });
    },
    PATIENCE_MS,
  );
});
