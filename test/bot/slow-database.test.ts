import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startBot } from '../sandbox/bot.ts';
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
  test(
    'a form of a panel from before a restart opens, although the settings have to be read first, which takes long',
    async () => {
      await using database = await testPostgres(server());
      const target = new URL(database.url);
      await using proxy = await PostgresProxy.start(Number(target.port));
      target.port = String(proxy.port);
      const env = { DATABASE_URL: target.href };
      await using stage = await startStage({ env, faults: { interactionTtlMs: 3_000 } });
      const { discord, fish } = stage;
      const ana = discord.addUser('Ana');
      const guild = managedGuild(discord, { name: 'slow', manager: ana });
      const panel = await openPanel({ discord, guild, user: ana }, 'voice');
      await stage.bot.stop();
      await using again = startBot({ discord, fish, env });
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
});
