import { test } from 'vitest';
import { killSaves } from '../support/kill-saves.ts';
import { describeStores } from '../support/store.ts';

const KILLS = 100;

describeStores(create => {
  test(`whatever was saved survives kill -9 at ${KILLS} moments`, async () => {
    await using database = await create();
    await killSaves(database, KILLS);
  });
});
