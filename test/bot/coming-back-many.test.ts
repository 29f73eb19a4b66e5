import { expect, test } from 'vitest';
import type { FakeGuild } from '../sandbox/discord/discord.ts';
import { freeScenes, returningScene } from '../support/returning.ts';
import { testSqlite } from '../support/store.ts';
import { until } from '../support/until.ts';

const PATIENCE_MS = 120_000;
/** Messages that coming back may send in a minute. */
const PACE = 60;
/** What the library lets a shard send in a minute. */
const SHARD = 115;
/** In so many servers the bot only has to leave as a ghost, which it does first. */
const GHOSTS = PACE - 6;
/** In so many it is to come back to people. */
const WANTED = 12;

freeScenes();

test(
  'people who bring the bot in do not wait for those many who get it back, or whom it leaves as a ghost',
  async () => {
    await using database = testSqlite();
    await using store = await database.open();
    const { discord, server, start, back } = await returningScene({ env: { DATABASE_URL: database.url } });
    const ana = discord.addUser('Ana');
    const asked = (await server('Asked', ana)).guild;
    const wanted: FakeGuild[] = [];
    const ghosts: FakeGuild[] = [];
    while (wanted.length < WANTED) wanted.push((await server(`Wanted ${wanted.length}`, ana)).guild);
    for (const { id, voiceChannel, textChannel } of wanted)
      await database.rows(`insert into stay values ('${id}', '${voiceChannel.id}', '${textChannel.id}')`);
    await store[Symbol.asyncDispose]();
    while (ghosts.length < GHOSTS) {
      const guild = discord.addGuild({ name: `Ghost ${ghosts.length}` });
      guild.voiceStates.set(discord.applicationId, {
        userId: discord.applicationId,
        channelId: guild.voiceChannel.id,
        sessionId: 'of a process that was killed',
        selfMute: false,
        selfDeaf: true,
        suppress: false,
        requestToSpeak: null,
      });
      ghosts.push(guild);
    }

    await start();
    const op4 = () => [...wanted, ...ghosts, asked].reduce((sum, guild) => sum + discord.op4Count(guild), 0);
    await until('most are done', () => op4() >= PACE, 60_000);
    await discord.command(ana, asked, 'join').reply(60_000);
    await back(asked);
    expect(op4()).toBe(PACE + 1);
    expect(op4()).toBeLessThan(SHARD);
    const isBack = (guild: FakeGuild) => discord.botVoiceChannel(guild) !== null;
    expect(ghosts.filter(isBack)).toEqual([]);
    expect(wanted.filter(isBack)).toHaveLength(PACE - GHOSTS);
  },
  PATIENCE_MS,
);
