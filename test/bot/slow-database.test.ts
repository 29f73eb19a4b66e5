import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { type Bot, startBot } from '../sandbox/bot.ts';
import { CALLBACK } from '../sandbox/discord/interaction-kind.ts';
import { managedGuild } from '../support/managed-guild.ts';
import { openPanel } from '../support/panel.ts';
import { PostgresProxy } from '../support/postgres-proxy.ts';
import { startStage } from '../support/stage.ts';
import { describePostgres, testPostgres } from '../support/store.ts';

const PATIENCE_MS = 120_000;
/** Longer than the bot waits before it shows "thinking", and shorter than Discord waits for an answer. */
const SLOW_MS = 700;

describePostgres(server => {
  const resources = new AsyncDisposableStack();
  afterAll(() => resources.disposeAsync());
  /** Of the bot after the restart. */
  let again: Bot;
  let databaseUrl: string;

  test(
    'a form of a panel from before a restart opens, although the settings have to be read first, which takes long',
    async () => {
      const database = resources.use(await testPostgres(server()));
      databaseUrl = database.url;
      const target = new URL(database.url);
      const proxy = resources.use(await PostgresProxy.start(Number(target.port)));
      target.port = String(proxy.port);
      const env = { DATABASE_URL: target.href };
      const stage = resources.use(await startStage({ env, faults: { interactionTtlMs: 3_000 } }));
      const { discord, fish } = stage;
      const ana = discord.addUser('Ana');
      const guild = managedGuild(discord, { name: 'slow', manager: ana });
      const panel = await openPanel({ discord, guild, user: ana }, 'voice');
      await stage.bot.stop();
      again = resources.use(startBot({ discord, fish, env }));
      await discord.ready(PATIENCE_MS / 2);
      expect(again.output).not.toContain('fatal');
      for (const customId of ['settings:form:voice:sound:', 'settings:find:server', 'settings:webhook']) {
        const used = discord.forge(ana, panel, 'component', { custom_id: customId, component_type: 2 });
        if (customId === 'settings:form:voice:sound:') {
          proxy.silence();
          await sleep(SLOW_MS);
          proxy.resume();
        }
        expect((await used.firstResponse).type, customId).toBe(CALLBACK.modal);
      }
    },
    PATIENCE_MS,
  );

  test(
    'a later version changes the tables while the bot runs: it ends with 78 and one line when it connects anew',
    async () => {
      const name = databaseUrl.slice(databaseUrl.lastIndexOf('/') + 1);
      await server().ask(name, `insert into kysely_migration values ('9999-later', '2030-01-01')`);
      await server().ask(
        'postgres',
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`,
      );
      expect(await again.exited).toBe(78);
      const lines = again.output.split('\n').filter(line => line.startsWith('The database was written'));
      expect(lines).toEqual([expect.stringMatching(/by a later version of Parrotfish: .*rollback\.md/)]);
    },
    PATIENCE_MS,
  );
});
