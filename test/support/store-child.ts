import { setTimeout as sleep } from 'node:timers/promises';
import { createLog } from '../../src/log.ts';
import { StoreError, StoreHeldError } from '../../src/store/errors.ts';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';

// A program that works with a store, so that tests can kill it. It reports on stdout, one line for each step. Its
// tasks:
//
// - `save <first>`: saves higher and higher numbers (a guild's setting, a person, a dictionary), and prints each number
//   when it is saved
// - `open`: opens the store, prints `open` or `held`, and ends when its input ends
// - `spend`: shares a budget of as many dollars as `first`, a byte for a thousandth of one, has 100 bytes said every
//   300 ms, and prints each time what it has spent
// - `look`: prints the problem of the store, what it reads, and how a save ends

const [task = '', url = '', lease = '', guildId = '', ...rest] = process.argv.slice(2);

const say = (line: string) => process.stdout.write(`${line}\n`);
const problemOf = (error: unknown) => (error instanceof StoreError ? error.problem : String(error));

async function save(store: Store, first: number): Promise<void> {
  for (let number = first; ; number++) {
    await store.saveSettings(guildId, { leaveAfter: number });
    await store.savePerson(guildId, '200000000000000009', { volume: (number % 200) / 10 });
    await store.saveWords(guildId, new Map([['number', String(number)]]));
    say(String(number));
  }
}

async function spend({ ledger }: Store, dollars: number): Promise<void> {
  ledger.share({ nanoUsd: dollars * 1e9, held: () => 0 });
  for (let bytes = 100; ; bytes += 100) {
    await ledger.secure(guildId, false);
    ledger.add({ guildId, userId: '200000000000000009', bytes: 100, nanoUsd: 1e8 });
    await ledger.flush();
    say(String(bytes));
    await sleep(300);
  }
}

async function look(store: Store): Promise<void> {
  const record = await store.guild(guildId);
  say(String(store.problem));
  say(JSON.stringify({ known: record.known, speed: record.settings.speed, optOuts: [...record.optOuts] }));
  say(await store.saveSettings(guildId, { speed: 2 }).then(() => 'saved', problemOf));
}

async function run(): Promise<void> {
  await using store = await openStore({ url, lease, log: createLog('silent', []) });
  say('open');
  if (task === 'save') await save(store, Number(rest[0]));
  if (task === 'spend') await spend(store, Number(rest[0]));
  if (task === 'look') await look(store);
  if (task === 'open') for await (const _ of process.stdin);
}

await run().catch((error: unknown) => say(error instanceof StoreHeldError ? 'held' : problemOf(error)));
process.exit();
