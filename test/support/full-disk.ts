import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { DatabaseSync, StatementSync } from 'node:sqlite';

// Lets the process in which it is loaded find its disk full: SQLite and the file system then take nothing more, and
// what is there can still be read.

/** SQLITE_FULL (https://sqlite.org/rescode.html#full). */
const FULL = 13;
const WRITES = /^\s*(?:insert|update|delete|replace|create|alter|drop)\b/i;

const databases = new WeakMap<StatementSync, DatabaseSync>();
let isFull = false;
let refused = 0;

/** Makes the disk full, or makes room on it. Returns how many writes were refused since it was last called. */
export function fillDisk(full: boolean): number {
  const before = refused;
  isFull = full;
  refused = 0;
  return before;
}

const { prepare } = DatabaseSync.prototype;
DatabaseSync.prototype.prepare = function (...args) {
  const statement = prepare.apply(this, args);
  databases.set(statement, this);
  return statement;
};

/** A method of statements that refuses to write on a full disk. */
function guarded<Method extends (...args: never[]) => unknown>(method: Method): Method {
  return new Proxy(method, {
    apply(target, statement: StatementSync, args: unknown[]): unknown {
      if (isFull && WRITES.test(statement.sourceSQL)) {
        refused += 1;
        const database = databases.get(statement);
        // SQLite rolls back by itself (https://sqlite.org/lang_transaction.html, "Response To Errors Within A
        // Transaction").
        if (database?.isTransaction) database.exec('rollback');
        throw Object.assign(new Error('database or disk is full'), {
          code: 'ERR_SQLITE_ERROR',
          errcode: FULL,
        });
      }
      return Reflect.apply(target, statement, args);
    },
  });
}

const { prototype } = StatementSync;
prototype.run = guarded(prototype.run);
prototype.all = guarded(prototype.all);
prototype.get = guarded(prototype.get);
prototype.iterate = guarded(prototype.iterate);

const { appendFileSync, writeFileSync } = fs;
const refuse = () => {
  if (!isFull) return;
  refused += 1;
  throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
};
Object.assign(fs, {
  appendFileSync: (...args: Parameters<typeof appendFileSync>) => {
    refuse();
    appendFileSync(...args);
  },
  writeFileSync: (...args: Parameters<typeof writeFileSync>) => {
    refuse();
    writeFileSync(...args);
  },
});
syncBuiltinESMExports();
