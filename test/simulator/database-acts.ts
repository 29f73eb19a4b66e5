import { DatabaseSync } from 'node:sqlite';
import { type Given, lasting, type WorldAct } from './act.ts';

interface ForSoLong extends Given {
  readonly ms: number;
}

const locked: WorldAct<ForSoLong> = {
  name: 'the database is locked by another process',
  scope: 'database',
  weight: 2,
  costs: { reasons: ['no-database', 'opted-out'] },
  draw: random => ({ ms: lasting(random, 300, 3_000) }),
  begin(scene) {
    const database = new DatabaseSync(scene.databaseFile);
    database.exec('BEGIN IMMEDIATE');
    scene.locks.push(database);
  },
  end(scene) {
    for (const database of scene.locks.splice(0)) database.close();
  },
};

// It costs nothing: what is not saved the bot knows in memory, and what cannot be written can still be read.
const full: WorldAct<ForSoLong> = {
  name: 'the disk of the database is full for a while',
  scope: 'database',
  weight: 2,
  draw: random => ({ ms: lasting(random, 1_500, 4_000) }),
  begin: ({ bot }) => bot.order({ do: 'disk', full: true }),
  async end(scene) {
    const refused = await scene.bot.order({ do: 'disk', full: true });
    // It can be told only when something was to be written.
    if (typeof refused === 'number' && refused > 0) scene.fullDisks.push(await scene.health());
    await scene.bot.order({ do: 'disk', full: false });
  },
};

export const DATABASE_ACTS: readonly WorldAct[] = [locked, full];
