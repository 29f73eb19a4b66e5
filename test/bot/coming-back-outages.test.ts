import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startBot } from '../sandbox/bot.ts';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import { freeScenes, returningScene } from '../support/returning.ts';
import { describePostgres } from '../support/store.ts';
import { until } from '../support/until.ts';

const PATIENCE_MS = 90_000;
/** Messages that coming back may send in a minute. */
const PACE = 60;
/** What the library lets a shard send in a minute. */
const SHARD = 115;

freeScenes();

async function scene(options: Parameters<typeof returningScene>[0] = {}) {
  const all = await returningScene(options);
  const ana = all.discord.addUser('Ana');
  const use = (guild: FakeGuild, name: string, given = {}, user: FakeUser = ana) =>
    all.discord.command(user, guild, name, given).reply(60_000);
  const said = async (guild: FakeGuild, text: string) => {
    all.discord.message(ana, guild.textChannel, text);
    await until(`“${text}” is heard`, () => all.heard(guild).some(line => line.endsWith(text)));
  };
  return { ...all, ana, use, said };
}

test(
  'a server with an outage at the start does not keep the others waiting, and gets the bot back when it is over',
  async () => {
    const { discord, ana, use, said, start, server, back, stays } = await scene();
    const there = await server('There', ana);
    const away = await server('Away', ana);
    const bot = await start();
    for (const { guild } of [there, away]) await use(guild, 'join');
    await bot.stop('SIGKILL');
    discord.setAvailable(away.guild, false);

    await start();
    await back(there.guild);
    await said(there.guild, 'Here we are.');
    expect(stays()).toHaveLength(2);
    discord.setAvailable(away.guild, true);
    await back(away.guild);
    await said(away.guild, 'And here.');
  },
  PATIENCE_MS,
);

test(
  'row 30: a short outage of a server while the bot is there is no kick: nobody is told so, and it comes back',
  async () => {
    const { discord, ana, use, said, start, server, back, stays } = await scene();
    const outages = [0, 20, 200, 1_000];
    const guilds: FakeGuild[] = [];
    for (const ms of outages) guilds.push((await server(`Outage of ${ms} ms`, ana)).guild);
    await start();
    const suffer = async (guild: FakeGuild, ms: number) => {
      await use(guild, 'join');
      await said(guild, 'Before.');
      discord.setAvailable(guild, false);
      await sleep(ms);
      discord.setAvailable(guild, true);
      await back(guild);
      await said(guild, 'After.');
      const told = discord.messages(guild.textChannel).filter(({ author }) => author.id !== ana.id);
      expect(told, guild.name).toHaveLength(1);
    };
    await Promise.all(guilds.map((guild, index) => suffer(guild, outages[index] ?? 0)));
    expect(stays()).toHaveLength(guilds.length);
  },
  PATIENCE_MS,
);

test(
  'row 30: a server that took the bot out unseen is left, one with an outage is not, one that took it in again neither',
  async () => {
    const { discord, ana, use, start, server, stays, path } = await scene();
    const out = (await server('Out', ana)).guild;
    const away = (await server('Away', ana)).guild;
    const again = (await server('Again', ana)).guild;
    const later = (await server('Later', ana)).guild;
    const all = [out, away, again, later];
    const left = () => {
      const database = new DatabaseSync(path, { readOnly: true, timeout: 1_000 });
      try {
        return database
          .prepare('select guild_id from guild_left')
          .all()
          .map(row => all.find(({ id }) => id === row['guild_id'])?.name);
      } finally {
        database.close();
      }
    };
    const bot = await start();
    for (const guild of all) await use(guild, 'join');
    discord.removeBot(again);
    await until('it is left', () => left().length === 1);
    expect(left()).toEqual(['Again']);
    await bot.stop('SIGKILL');
    discord.removeBot(out);
    discord.addBot(again);
    discord.setAvailable(away, false);

    await start();
    await until('what happened is noted', () => left().join() === 'Out');
    const stayed = () => stays().map(row => row['guild_id']);
    await until('that it was there is forgotten', () => !stayed().includes(out.id));
    expect(stayed()).toContain(away.id);

    // The gateway's session is lost, and in between the bot is taken out of another one.
    await use(later, 'leave');
    later.members.delete(discord.applicationId);
    discord.invalidSession(false);
    await until('that is noted too', () => left().length === 2, 60_000);
    expect(new Set(left())).toEqual(new Set(['Later', 'Out']));
    discord.setAvailable(away, true);
    discord.addBot(out);
    await until('it is there again', () => left().join() === 'Later');
  },
  PATIENCE_MS,
);

test(
  'people who bring the bot in do not wait for those many who get it back',
  async () => {
    const { discord, ana, use, start, server, back, path } = await scene();
    const many: FakeGuild[] = [];
    for (let n = 0; n < 70; n++) many.push((await server(`Server ${n}`, ana)).guild);
    const asked = (await server('Asked', ana)).guild;
    await (await start()).stop();
    const database = new DatabaseSync(path);
    const insert = database.prepare('insert into stay values (?, ?, ?)');
    for (const guild of many) insert.run(guild.id, guild.voiceChannel.id, guild.textChannel.id);
    database.close();

    await start();
    const op4 = () => [...many, asked].reduce((sum, guild) => sum + discord.op4Count(guild), 0);
    await until('most are back', () => op4() >= PACE, 60_000);
    await use(asked, 'join');
    await back(asked);
    expect(op4()).toBe(PACE + 1);
    expect(op4()).toBeLessThan(SHARD);
    expect(many.filter(guild => discord.botVoiceChannel(guild) !== null)).toHaveLength(PACE);
  },
  PATIENCE_MS,
);

test(
  'voice that cannot be joined at the start is tried again, without a word',
  async () => {
    const { discord, ana, use, said, start, server } = await scene();
    const { guild } = await server('Again', ana);
    const bot = await start();
    await use(guild, 'join');
    await bot.stop('SIGTERM');
    const [voice] = discord.voice;
    if (voice) voice.faults.noDiscoveryReply = true;
    const again = await start();
    await until('it could not', () => again.output.includes('could not come back'), 60_000);
    if (voice) voice.faults.noDiscoveryReply = false;
    // Discord shows it there also while the attempt that has failed is being ended.
    await until('it is back', () => again.output.includes('back in the voice channel'));
    await said(guild, 'Here again.');
    expect(discord.messages(guild.textChannel).filter(({ author }) => author.id !== ana.id)).toHaveLength(1);
  },
  PATIENCE_MS,
);

test(
  'row 33: two processes with one database: the second ends with 75, the first goes on undisturbed',
  async () => {
    const { discord, fish, ana, use, said, start, server, path } = await scene();
    const { guild } = await server('Two', ana);
    await start();
    await use(guild, 'join');
    const second = startBot({ discord, fish, env: { DATABASE_URL: `file:${path}` } });
    expect(await second.exited).toBe(75);
    expect(discord.identifies).toHaveLength(1);
    await said(guild, 'Undisturbed.');
    expect(discord.op4Count(guild)).toBe(1);
  },
  PATIENCE_MS,
);

test(
  'row 33: two processes with one token and two databases: the first warns of the other',
  async () => {
    const { discord, fish, ana, use, start, server, path } = await scene();
    const { guild } = await server('Two tokens', ana);
    const first = await start();
    await use(guild, 'join');
    await using second = startBot({ discord, fish, env: { DATABASE_URL: `file:${path}.other` } });
    await until('the second is there', () => second.output.includes('commands registered'), 60_000);
    // Discord tells both of the command, and both join.
    const elsewhere = guild.addVoiceChannel({ name: 'Elsewhere' });
    await discord.join(ana, elsewhere);
    await use(guild, 'join');
    await until('a warning', () => /"level":"warn".*same DISCORD_TOKEN/.test(first.output), 60_000);
    expect(first.output.match(/same DISCORD_TOKEN/g)).toHaveLength(1);
  },
  PATIENCE_MS,
);

describePostgres(postgres => {
  test(
    'row 14: a machine is lost, and another one takes over through PostgreSQL',
    async () => {
      const url = await postgres().database();
      const { ana, use, said, start, server, back } = await scene({ env: { DATABASE_URL: url } });
      const { guild } = await server('Lost machine', ana);
      const bot = await start();
      await use(guild, 'join');
      await said(guild, 'On the first machine.');
      await bot.stop('SIGKILL');
      await start();
      await back(guild);
      await said(guild, 'On the second.');
    },
    PATIENCE_MS,
  );
});
