import { expect, test } from 'vitest';
import { startStage } from '../support/stage.ts';
import { describePostgres } from '../support/store.ts';

const PATIENCE_MS = 180_000;

describePostgres(server => {
  test(
    'a later version changes the tables while the bot runs: it ends with 78 and one line when it connects anew',
    async () => {
      const url = await server().database();
      const name = url.slice(url.lastIndexOf('/') + 1);
      await using stage = await startStage({ env: { DATABASE_URL: url } });
      await server().ask(name, `insert into kysely_migration values ('9999-later', '2030-01-01')`);
      await server().ask(
        'postgres',
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`,
      );
      expect(await stage.bot.exited).toBe(78);
      const lines = stage.bot.output.split('\n').filter(line => line.startsWith('The database was written'));
      expect(lines).toEqual([expect.stringMatching(/by a later version of Parrotfish: .*rollback\.md/)]);
    },
    PATIENCE_MS,
  );
});
