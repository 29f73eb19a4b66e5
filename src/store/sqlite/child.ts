import { randomInt } from 'node:crypto';
import { closeSync, fsyncSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { ChildAnswer } from './process.ts';

// A program that checks or copies an SQLite file, which takes long when the file is big. It runs in a process of its
// own, which `process.ts` starts, so that the bot's event loop does not wait for it.

/** How long this process may wait for a lock, since no speech depends on it. */
const BUSY_TIMEOUT_MS = 2_000;
const SQLITE_CORRUPT = 11;
const MAX_ID = 2 ** 31;

function check(path: string): ChildAnswer {
  // It is opened for reading, so that SQLite does not move the write-ahead log into the file: if the log belongs to
  // another file, that would ruin this one.
  const database = new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
  try {
    const rows = database.prepare('pragma quick_check').all();
    if (rows.length !== 1 || rows[0]?.['quick_check'] !== 'ok') return { errcode: SQLITE_CORRUPT };
    return { id: Number(database.prepare('pragma application_id').get()?.['application_id']) };
  } finally {
    database.close();
  }
}

function copy(from: string, to: string): ChildAnswer {
  const source = new DatabaseSync(from, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
  source.prepare('vacuum into ?').run(to);
  source.close();
  const made = new DatabaseSync(to);
  made.exec(`pragma application_id = ${randomInt(1, MAX_ID)}`);
  made.close();
  const file = openSync(to, 'r');
  fsyncSync(file);
  closeSync(file);
  return check(to);
}

function answer([task, path, to]: readonly string[]): ChildAnswer {
  try {
    return task === 'copy' ? copy(String(path), String(to)) : check(String(path));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { code, errcode, errstr, syscall } = error as Error & ChildAnswer;
    return { code: code ?? error.name, errcode, errstr, syscall };
  }
}

process.stdout.write(JSON.stringify(answer(process.argv.slice(2))));
