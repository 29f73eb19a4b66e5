import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { freeScenes, returningScene } from '../support/returning.ts';
import { until } from '../support/until.ts';

const PATIENCE_MS = 90_000;

freeScenes();

test(
  'row 26: another program locks the database in mid-speech: no packet is missing, a save says why, and all is well after',
  async () => {
    const { discord, fish, start, server, path } = await returningScene({ packets: 250 });
    const ana = discord.addUser('Ana');
    const { guild, listener } = await server('Locked', ana);
    await start();
    const use = (name: string, given = {}) => discord.command(ana, guild, name, given).reply(60_000);
    await use('join');
    discord.message(ana, guild.textChannel, 'A line of five seconds.');
    await until('speech', () => (listener?.speech().length ?? 0) > 20, 60_000);
    const other = new DatabaseSync(path, { timeout: 5_000 });
    other.exec('begin immediate');
    expect(await use('dictionary add', { word: 'one', say: 'uno' })).toMatch(/database/i);
    const packets = () => fish.sessions[0]?.packets ?? [];
    await until('the line is heard', () => (listener?.speech().length ?? 0) >= 250, 60_000);
    expect(listener?.speech()).toEqual(packets());
    other.exec('rollback');
    other.close();
    await until('it can be saved', async () =>
      /uno/.test(await use('dictionary add', { word: 'one', say: 'uno' })),
    );
  },
  PATIENCE_MS,
);
