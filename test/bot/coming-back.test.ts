import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { FakeDiscord, FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import { freeScenes, returningScene } from '../support/returning.ts';
import { until } from '../support/until.ts';

const PATIENCE_MS = 90_000;
/** Long enough for a bot that comes back although it should not. */
const STAYS_AWAY_MS = 3_000;

freeScenes();

const use = (discord: FakeDiscord, user: FakeUser, guild: FakeGuild, name: string, given = {}) =>
  discord.command(user, guild, name, given).reply(60_000);

describe('after kill -9, and after SIGTERM', () => {
  test.each(['SIGKILL', 'SIGTERM'] as const)(
    '%s: the bot is back where it was, reads what it read, and says nothing twice',
    async signal => {
      const { discord, start, server, heard, back, stays } = await returningScene();
      const ana = discord.addUser('Ana');
      const { guild } = await server('Returned', ana);
      const bot = await start();
      await use(discord, ana, guild, 'join');
      expect(stays()).toEqual([
        { guild_id: guild.id, channel_id: guild.voiceChannel.id, notices_to: guild.textChannel.id },
      ]);
      discord.message(ana, guild.textChannel, 'Before.');
      await until('the first line', () => heard(guild).length === 1);
      await bot.stop(signal);
      const inChannel = discord.botVoiceChannel(guild);
      expect(inChannel === null).toBe(signal === 'SIGTERM'); // killed, it leaves a ghost
      expect(stays()).toHaveLength(1);

      await start();
      await back(guild);
      discord.message(ana, guild.textChannel, 'After, here.');
      discord.message(ana, guild.voiceChannel, 'And there.');
      await until('what is written is heard', () => heard(guild).length >= 3, 60_000);
      expect(heard(guild)).toEqual(['Ana said: Before.', 'Ana said: After, here.', 'And there.']);
      // Nobody is told: nothing was lost.
      expect(discord.messages(guild.textChannel).filter(({ author }) => author.id !== ana.id)).toHaveLength(
        1,
      );
    },
    PATIENCE_MS,
  );

  test(
    'after /leave, a kick, being moved, a channel that is gone, and a server it was taken out of',
    async () => {
      const { discord, start, server, back, stays } = await returningScene();
      const ana = discord.addUser('Ana');
      const left = await server('Left', ana);
      const kicked = await server('Kicked', ana);
      const moved = await server('Moved', ana);
      const closed = await server('Channel gone', ana);
      const out = await server('Taken out', ana);
      const hidden = await server('No permission', ana);
      const elsewhere = moved.guild.addVoiceChannel({ name: 'Elsewhere' });
      const doomed = closed.guild.addVoiceChannel({ name: 'Doomed' });
      await discord.join(ana, doomed);
      const bot = await start();
      for (const { guild } of [left, kicked, moved, closed, out, hidden])
        await use(discord, ana, guild, 'join');
      expect(stays()).toHaveLength(6);
      await use(discord, ana, left.guild, 'leave');
      await discord.join(ana, elsewhere);
      discord.moveBot(moved.guild, elsewhere);
      discord.moveBot(kicked.guild, null);
      discord.removeBot(out.guild);
      const wanted = () => new Set(stays().map(row => row['channel_id']));
      const rest = new Set([elsewhere.id, doomed.id, hidden.guild.voiceChannel.id]);
      await until('the store knows', () => isDeepStrictEqual(wanted(), rest));
      await bot.stop('SIGKILL');
      closed.guild.deleteChannel(doomed);
      hidden.guild.setOverwrites(hidden.guild.voiceChannel, [
        { id: hidden.guild.id, type: 0, allow: '0', deny: (1n << 20n).toString() },
      ]);

      await start();
      await back(moved.guild, elsewhere);
      await until('the others are forgotten', () => wanted().size === 1);
      await sleep(STAYS_AWAY_MS);
      for (const { guild } of [left, kicked, closed, hidden])
        expect(discord.botVoiceChannel(guild)).toBeNull();
    },
    PATIENCE_MS,
  );
});

describe('where nobody is', () => {
  test(
    'the ghost leaves; the bot comes when somebody enters that channel in time, and not later',
    async () => {
      const { discord, start, server, heard, back, stays, path } = await returningScene();
      const ana = discord.addUser('Ana');
      const soon = await server('Soon again', ana);
      const late = await server('Too late', ana);
      const bot = await start();
      for (const { guild } of [soon, late]) await use(discord, ana, guild, 'join');
      await bot.stop('SIGKILL');
      const database = new DatabaseSync(path);
      const leaveAfter = 5;
      database.exec(
        `update server set settings = json_set(settings, '$.leaveAfter', ${leaveAfter}) where guild_id = '${late.guild.id}'`,
      );
      database.close();
      for (const { guild } of [soon, late]) await discord.leave(ana, guild);

      await start();
      for (const { guild } of [soon, late])
        await until('the ghost leaves', () => discord.botVoiceChannel(guild) === null);
      await until('one is forgotten', () => stays().length === 1, 60_000);
      const elsewhere = soon.guild.addVoiceChannel({ name: 'Elsewhere' });
      await discord.join(ana, elsewhere);
      await discord.join(ana, late.guild.voiceChannel);
      await sleep(1_000);
      for (const { guild } of [soon, late]) expect(discord.botVoiceChannel(guild)).toBeNull();
      await discord.join(ana, soon.guild.voiceChannel);
      await back(soon.guild);
      discord.message(ana, soon.guild.textChannel, 'Here you are.');
      await until('it is heard', () => heard(soon.guild).length > 0, 60_000);
      expect(discord.botVoiceChannel(late.guild)).toBeNull();
    },
    PATIENCE_MS,
  );

  test(
    'the bot waits for people where it was, and somebody calls it elsewhere and sends it away meanwhile: it stays away',
    async () => {
      const { discord, start, server } = await returningScene();
      const ana = discord.addUser('Ana');
      const { guild } = await server('Sent away meanwhile', ana);
      const elsewhere = guild.addVoiceChannel({ name: 'Elsewhere' });
      const bot = await start();
      await use(discord, ana, guild, 'join');
      await bot.stop('SIGKILL');
      await discord.leave(ana, guild);

      await start();
      await until('the ghost leaves', () => discord.botVoiceChannel(guild) === null);
      await discord.join(ana, elsewhere);
      await use(discord, ana, guild, 'join');
      await use(discord, ana, guild, 'leave');
      await discord.join(ana, guild.voiceChannel);
      await sleep(STAYS_AWAY_MS);
      expect(discord.botVoiceChannel(guild)).toBeNull();
    },
    PATIENCE_MS,
  );

  test(
    'a ghost where the bot is not wanted leaves, and one elsewhere comes to where it is wanted',
    async () => {
      const { discord, start, server, back, path } = await returningScene();
      const ana = discord.addUser('Ana');
      const unwanted = await server('Not wanted', ana);
      const dragged = await server('Dragged as a ghost', ana);
      const elsewhere = dragged.guild.addVoiceChannel({ name: 'Elsewhere' });
      const bot = await start();
      for (const { guild } of [unwanted, dragged]) await use(discord, ana, guild, 'join');
      await bot.stop('SIGKILL');
      discord.moveBot(dragged.guild, elsewhere);
      const database = new DatabaseSync(path);
      database.exec(`delete from stay where guild_id = '${unwanted.guild.id}'`);
      database.close();

      await start();
      await until('the ghost leaves', () => discord.botVoiceChannel(unwanted.guild) === null);
      await back(dragged.guild);
    },
    PATIENCE_MS,
  );
});
