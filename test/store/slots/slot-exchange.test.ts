import postgres from 'postgres';
import { expect, test, vi } from 'vitest';
import { processLock } from '../../../src/store/postgres/advisory-locks.ts';
import type { SlotReport, SlotWord } from '../../../src/store/slots/slot-exchange.ts';
import { describePostgres, type TestDatabase, testPostgres } from '../../support/store.ts';
import { until } from '../../support/until.ts';

// What one process is told of the slots of an account. `test/fish/shared-slots.test.ts` has the whole way to Fish
// Audio.

vi.setConfig({ testTimeout: 60_000, hookTimeout: 90_000 });

const ACCOUNT = 'account';
const report: SlotReport = {
  givesBack: 0,
  usable: null,
  used: 0,
  atLeast: 0,
  waiting: [],
  limitKnown: '',
  isNews: false,
};
const lines = (count: number) => Array.from({ length: count }, () => ({ running: 0, waitedMs: 0 }));

async function processOn(database: TestDatabase) {
  const store = await database.open();
  const slots = store.fishSlots(ACCOUNT);
  if (!slots) throw new Error('PostgreSQL has slots');
  const words: SlotWord[] = [];
  const begun = Promise.withResolvers<void>();
  slots.listen(
    word => words.push(word),
    () => begun.resolve(),
  );
  await begun.promise;
  return {
    words,
    ask: (changes: Partial<SlotReport>, limit: number) =>
      slots.exchange({ ...report, ...changes }, () => limit),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

/** Processes with these names that are there, each with slots and one line that waits for a further one. */
async function processesThere(
  database: TestDatabase,
  names: readonly string[],
  held: number,
): Promise<AsyncDisposable> {
  const sql = postgres(database.url, { max: 1, onnotice: () => {} });
  await sql.unsafe(`select pg_advisory_lock(${processLock('name')}) from unnest($1::text[]) as name`, [
    [...names],
  ]);
  const waiting = JSON.stringify([{ running: 0, since: 0 }]);
  await sql`
    insert into fish_party (account, process, held, used, waiting)
    select ${ACCOUNT}, name, ${held}, ${held}, ${waiting} from unnest(${sql.array([...names])}::text[]) as name
  `;
  return { [Symbol.asyncDispose]: () => sql.end({ timeout: 1 }) };
}

describePostgres(server => {
  test('hundreds of processes can be told of each other: those that lack slots, and those that are given some', async () => {
    await using database = await testPostgres(server());
    await using one = await processOn(database);
    await using two = await processOn(database);
    const names = Array.from(
      { length: 400 },
      (_name, number) => `a process with a name as long as others ${number}`,
    );
    await using _there = await processesThere(database, names, 1);
    expect(await one.ask({ waiting: lines(1) }, 400)).toMatchObject({
      held: 0,
      processes: 401,
      wanted: true,
    });
    await until('the other one hears that slots are wanted', () => two.words.some(({ wanted }) => wanted));
    expect(await one.ask({ waiting: lines(1) }, 1_000)).toMatchObject({ processes: 401, wanted: false });
    await until('all are told to ask', () => two.words.some(({ ask }) => ask));
    const given = await database.rows(`select count(*)::int as given from fish_party where held > 1`);
    expect(given).toEqual([{ given: 401 }]);
  });

  test('a process that has lost the others keeps its share until it says what it uses', async () => {
    await using database = await testPostgres(server());
    await using one = await processOn(database);
    const lost = await processOn(database);
    await one.ask({}, 10);
    await lost.ask({ waiting: lines(3) }, 10);
    await one.ask({ waiting: lines(8) }, 10);
    const [row] = await database.rows('select min(held)::int as least from fish_party');
    expect(row?.['least']).toBeLessThan(5);
    await lost[Symbol.asyncDispose]();
    const answer = await one.ask({ usable: 9, waiting: lines(9) }, 10);
    expect(answer).toMatchObject({ held: 9, wanted: true }); // five may be used there, so that four are too many
  });
});
