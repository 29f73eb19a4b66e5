import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test, vi } from 'vitest';
import { guildDefaults } from '../../../src/settings/guild.ts';
import { ANA, BEN, GUILD, OTHER_GUILD, type TestDatabase, testSqlite } from '../../support/store.ts';
import { StoreProcess } from '../../support/store-process.ts';
import { until } from '../../support/until.ts';

// Databases, and processes of their own, take what they take on a loaded machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const DAY_MS = 86_400_000;
const NOBODY_UID = 65_534;
const VOICE = '0123456789abcdef0123456789abcdef';
const CAT = '200000000000000003';
const LEFT_GUILD = '100000000000000003';
const clone = { voiceId: VOICE, userId: ANA, name: 'Ana', createdAt: 1, audioHash: 'a', statementVersion: 1 };

const wishFile = ({ path }: TestDatabase) => `${path}.wishes`;
const wishes = (database: TestDatabase) => readFileSync(wishFile(database), 'utf8');

/** Takes a copy of the database, as an operator would. */
function copyOf(database: TestDatabase): string {
  const copy = `${database.path}-backup`;
  rmSync(copy, { force: true });
  const db = new DatabaseSync(database.path);
  db.prepare('vacuum into ?').run(copy);
  db.close();
  return copy;
}

/** Puts a copy in the database's place, as `docs/operate/backup.md` says. */
function restore(database: TestDatabase, copy: string): void {
  for (const rest of ['', '-wal', '-shm']) rmSync(database.path + rest, { force: true });
  copyFileSync(copy, database.path);
}

/** A database in which people have chosen and opted out, a copy of it, and then what they asked for after that. */
async function withOlderCopy(database: TestDatabase, now = Date.now): Promise<string> {
  await using store = await database.open({ now });
  await store.saveSettings(GUILD, { speed: 1.5 });
  await store.savePerson(GUILD, BEN, { volume: 3 });
  await store.savePerson(OTHER_GUILD, BEN, { volume: 3 });
  await store.saveOptOut(GUILD, CAT, true);
  await store.clones.save(GUILD, clone, { chosen: true });
  const copy = copyOf(database);
  await store.saveOptOut(GUILD, ANA, true);
  await store.saveOptOut(GUILD, CAT, false);
  await store.saveOptOut(GUILD, BEN, true);
  await store.deletePerson(BEN);
  await store.clones.forget(GUILD, VOICE);
  await store.saveOptOut(OTHER_GUILD, BEN, true); // once more, after that
  return copy;
}

test('an older copy that is put in place knows of later opt-outs and deletions', async () => {
  await using database = testSqlite();
  const copy = await withOlderCopy(database);
  restore(database, copy);
  for (let start = 0; start < 2; start++) {
    await using store = await database.open();
    expect(store.problem).toBeNull();
    const { settings, people, optOuts, clones } = await store.guild(GUILD);
    expect(settings.speed).toBe(1.5);
    expect([...people.keys()]).toEqual(start === 0 ? [ANA] : [ANA, BEN]);
    expect(people.get(ANA)?.voice).toBeNull();
    expect(optOuts).toEqual(new Set([ANA]));
    expect(clones).toEqual([]);
    expect(await store.clones.doomed()).toEqual([VOICE]);
    const other = await store.guild(OTHER_GUILD);
    expect([other.people.size, other.optOuts]).toEqual([0, new Set([BEN])]);
    await store.savePerson(GUILD, BEN, { volume: 1 });
  }
  // The second start did nothing again: what Ben has chosen since is there.
  await using store = await database.open();
  expect((await store.guild(GUILD)).people.get(BEN)?.volume).toBe(1);
  expect(database.logged.filter(line => line.includes('is an older copy'))).toHaveLength(1);
});

test('so does a copy that the bot itself puts in place of a damaged database, and an empty one', async () => {
  await using database = testSqlite();
  {
    await using _store = await database.open();
    await until('the copy', () => readdirSync(dirname(database.path)).some(name => name.includes('.copy-')));
  }
  await withOlderCopy(database);
  for (const damage of ['no database', '']) {
    writeFileSync(database.path, damage);
    for (const rest of ['-wal', '-shm']) rmSync(database.path + rest, { force: true });
    if (damage === '')
      for (const name of readdirSync(dirname(database.path)))
        if (name.includes('.copy-')) rmSync(`${dirname(database.path)}/${name}`);
    await using store = await database.open();
    expect((await store.guild(GUILD)).optOuts).toEqual(new Set([ANA]));
    expect((await store.guild(OTHER_GUILD)).optOuts).toEqual(new Set([BEN]));
  }
});

test('of an older copy that the bot’s user cannot write, nothing is read', async ({ skip }) => {
  if (process.platform === 'win32') skip('file modes are not of this system');
  await using database = testSqlite();
  const copy = await withOlderCopy(database);
  restore(database, copy);
  chmodSync(database.path, 0o444);
  // Modes do not hold for root: there the bot's user is nobody, to whom all but the database belongs.
  const nobody = process.getuid?.() === 0 ? { uid: NOBODY_UID, gid: NOBODY_UID } : {};
  const folder = dirname(database.path);
  if (nobody.uid !== undefined)
    for (const path of [dirname(folder), folder, ...readdirSync(folder).map(name => `${folder}/${name}`)])
      if (path !== database.path) chownSync(path, nobody.uid, nobody.gid);
  await using child = new StoreProcess('look', database.url, nobody);
  expect(await child.lines(4)).toEqual([
    'open',
    'read-only',
    JSON.stringify({ known: false, speed: guildDefaults.speed, optOuts: [] }),
    'read-only',
  ]);
});

test('an older copy is read as soon as it can be written, and the log says why it was not before', async () => {
  await using database = testSqlite();
  const copy = await withOlderCopy(database);
  restore(database, copy);
  rmSync(`${database.path}.lock`);
  mkdirSync(`${database.path}.lock`); // now nothing can be written, not even by root
  await using store = await database.open();
  expect(store.problem).toBe('read-only');
  expect(await store.guild(GUILD)).toMatchObject({ known: false });
  expect(store.clones.mayUse(VOICE, { guildId: GUILD, userId: ANA })).toBe(false);
  await expect(store.exportPerson(BEN)).rejects.toMatchObject({ problem: 'read-only' });
  expect(database.logged.filter(line => line.includes('it is an older copy'))).toHaveLength(1);
  rmSync(`${database.path}.lock`, { recursive: true });
  await until('the database works', () => store.problem === null);
  expect((await store.guild(GUILD)).optOuts).toEqual(new Set([ANA]));
});

test('a database that cannot be written is not read where the file of wishes cannot be read', async () => {
  await using database = testSqlite();
  await withOlderCopy(database);
  renameSync(wishFile(database), `${wishFile(database)}-kept`);
  mkdirSync(wishFile(database));
  await using store = await database.open();
  expect(store.problem).toBe('read-only');
  expect(await store.guild(GUILD)).toMatchObject({ known: false });
  expect(
    database.logged.some(line => line.includes('the file of opt-outs and deletions cannot be read')),
  ).toBe(true);
  rmSync(wishFile(database), { recursive: true });
  renameSync(`${wishFile(database)}-kept`, wishFile(database));
  await until('the database works', () => store.problem === null);
  expect(await store.guild(GUILD)).toMatchObject({ known: true });
});

test('a database of before has its opt-outs noted; what a kill left unwritten is added at the next start', async () => {
  await using database = testSqlite();
  {
    await using store = await database.open();
    await store.saveOptOut(GUILD, CAT, true);
  }
  const copy = copyOf(database);
  const older = new DatabaseSync(copy);
  older.exec('delete from wish; delete from opt_out');
  older.close();
  rmSync(wishFile(database));
  {
    await using store = await database.open();
    await store.saveOptOut(GUILD, ANA, true);
  }
  const all = wishes(database);
  writeFileSync(wishFile(database), `${all.slice(0, all.lastIndexOf('\n', all.length - 2) + 1)}{"numb`);
  await (await database.open())[Symbol.asyncDispose]();
  expect(wishes(database)).toBe(all);
  restore(database, copy);
  await using store = await database.open();
  expect((await store.guild(GUILD)).optOuts).toEqual(new Set([ANA, CAT]));
});

test('a server that was left and deleted stays deleted in an older copy', async () => {
  await using database = testSqlite();
  let at = Date.now();
  let copy: string;
  {
    await using store = await database.open({ now: () => at });
    await store.saveSettings(LEFT_GUILD, { speed: 1.5 });
    store.ledger.add({ guildId: LEFT_GUILD, userId: ANA, bytes: 1, nanoUsd: 1 });
    await store.ledger.flush();
    copy = copyOf(database);
    await store.guildLeft(LEFT_GUILD);
    at += 31 * DAY_MS;
    await store.guildPresent([GUILD]);
  }
  restore(database, copy);
  await (await database.open())[Symbol.asyncDispose]();
  for (const table of ['server', 'ledger']) expect(await database.rows(`select * from ${table}`)).toEqual([]);
});

test('the file holds ids alone, for its owner alone, and of deleted people for 30 days', async () => {
  await using database = testSqlite();
  let at = Date.now();
  await withOlderCopy(database, () => at);
  expect(statSync(wishFile(database)).mode & 0o777).toBe(0o600);
  expect(wishes(database)).not.toMatch(/1\.5|volume|"Ana"/);
  await (await database.open({ now: () => at }))[Symbol.asyncDispose]();
  const kinds = () =>
    wishes(database)
      .trim()
      .split('\n')
      .map(line => (JSON.parse(line) as { kind: string }).kind);
  expect(kinds()).toEqual(['out', 'in', 'person', 'voice', 'out']); // what Ben wished before he was deleted is gone
  at += 31 * DAY_MS;
  await (await database.open({ now: () => at }))[Symbol.asyncDispose]();
  expect(kinds()).toEqual(['out', 'out']);
});

test('damaged files, and copies from before an upgrade, go after 30 days', async () => {
  await using database = testSqlite();
  let at = Date.now();
  await (await database.open({ now: () => at }))[Symbol.asyncDispose]();
  const aside = ['.damaged-2026-11-24T10-15-00Z', '-wal.damaged-2026-11-24T10-15-00Z', '.before-0002-clones'];
  const isToday = (name: string) =>
    name.includes(`.copy-${new Date(at).toISOString().slice(0, 'yyyy-mm-dd'.length)}`);
  const left = () => aside.filter(name => existsSync(database.path + name));
  for (const name of aside) writeFileSync(database.path + name, 'old');
  writeFileSync(`${database.path}.kept-by-somebody`, 'not ours');
  at += 29 * DAY_MS;
  {
    await using _store = await database.open({ now: () => at });
    await until('the upkeep', () => readdirSync(dirname(database.path)).some(isToday));
    expect(left()).toEqual(aside);
  }
  at += 2 * DAY_MS;
  await using _store = await database.open({ now: () => at });
  await until('they are gone', () => left().length === 0);
  expect(existsSync(`${database.path}.kept-by-somebody`)).toBe(true);
});
