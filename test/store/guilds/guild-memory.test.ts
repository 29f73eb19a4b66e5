import { afterEach, describe, expect, test, vi } from 'vitest';
import { guildDefaults } from '../../../src/settings/guild.ts';
import { ANA, BEN, describeStores, GUILD, OTHER_GUILD } from '../../support/store.ts';

// Databases, and processes of their own, take what they take on a loaded machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

afterEach(() => {
  vi.useRealTimers();
});

describeStores(create => {
  describe('memory', () => {
    test('answers; where others may have changed it, it is read again after five minutes, and nobody waits', async () => {
      await using database = await create();
      await using store = await database.open();
      await store.saveSettings(GUILD, { speed: 1.5 });
      await database.rows(`update server set settings = '{"speed":0.5}' returning guild_id`);
      expect((await store.guild(GUILD)).settings.speed).toBe(1.5);
      const now = performance.now(); // the faked one begins at 0
      vi.useFakeTimers({ toFake: ['performance'] });
      vi.advanceTimersByTime(now + 6 * 60_000);
      expect((await store.guild(GUILD)).settings.speed).toBe(1.5);
      if (database.kind === 'sqlite') {
        // Its file is this process's alone.
        await store.saveSettings(OTHER_GUILD, {});
        expect((await store.guild(GUILD)).settings.speed).toBe(1.5);
        return;
      }
      await expect.poll(async () => (await store.guild(GUILD)).settings.speed, { timeout: 10_000 }).toBe(0.5);
    });

    test('does not go back to what a reading has found before a save', async () => {
      await using database = await create();
      {
        await using store = await database.open();
        await store.saveSettings(GUILD, { speed: 0.5 });
        await store.saveOptOut(GUILD, ANA, true);
      }
      for (let pass = 0; pass < 8; pass++) {
        await using store = await database.open();
        const speed = 1 + pass / 100;
        const [read] = await Promise.all([
          store.guild(GUILD),
          store.saveSettings(GUILD, { speed }),
          store.deletePerson(pass % 2 ? ANA : BEN),
          store.guild(GUILD),
        ]);
        expect(read.settings.speed).toBeLessThanOrEqual(speed);
        expect(store.cached(GUILD)?.settings.speed).toBe(speed);
        if (pass > 0) expect(store.cached(GUILD)?.optOuts).toEqual(new Set());
      }
    });

    test('what must hold at once does, and is saved soon', async () => {
      await using database = await create();
      await using store = await database.open();
      const channels = [{ id: GUILD, addedBy: 'join' as const }];
      expect(store.rememberSettings(GUILD, { channels }).settings).toEqual({ ...guildDefaults, channels });
      const saving = store.saveOptOut(GUILD, ANA, true);
      expect((await store.guild(GUILD)).optOuts).toEqual(new Set([ANA]));
      expect((await store.guild(GUILD)).settings.channels).toEqual(channels);
      await saving;
      expect(await database.rows('select user_id from opt_out')).toEqual([{ user_id: ANA }]);
      const [row] = await database.rows('select settings from server');
      expect(JSON.parse(String(row?.['settings']))).toEqual({ channels });
    });
  });
});
