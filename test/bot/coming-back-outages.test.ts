import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bot, startBot } from '../sandbox/bot.ts';
import type { FakeDiscord, FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import { freeScenes, returningScene } from '../support/returning.ts';
import { describePostgres } from '../support/store.ts';
import { until } from '../support/until.ts';

const PATIENCE_MS = 90_000;

freeScenes(afterAll);

type Scene = Awaited<ReturnType<typeof returningScene>>;

/** The scene of all tests but that of PostgreSQL, and the bot in it that was started last. */
let scene: Scene;
let discord: FakeDiscord;
let ana: FakeUser;
let bot: Bot;
/** These have nothing to do with the bot any more, or not for now, or again, when it is started for the second time. */
let out: FakeGuild;
let away: FakeGuild;
let again: FakeGuild;
/** Which servers the bot had been taken out of, by the database, when it was killed. */
let leftWhenKilled: unknown;

const join = (guild: FakeGuild) => discord.command(ana, guild, 'join').reply(60_000);
const names = new Map<unknown, string>();
const server = async (name: string) => {
  const { guild } = await scene.server(name, ana);
  names.set(guild.id, name);
  return guild;
};
const stayed = () => scene.stays().map(row => row['guild_id']);

async function says(guild: FakeGuild, text: string): Promise<void> {
  discord.message(ana, guild.textChannel, text);
  await until(`“${text}” is heard`, () => scene.heard(guild).some(line => line.endsWith(text)));
}

/** The names of the servers which the bot has been taken out of, by the database. */
function left(): readonly string[] {
  const database = new DatabaseSync(scene.path, { readOnly: true, timeout: 1_000 });
  try {
    const rows = database.prepare('select guild_id from guild_left').all();
    return rows.map(row => names.get(row['guild_id']) ?? '').toSorted();
  } finally {
    database.close();
  }
}

beforeAll(async () => {
  scene = await returningScene();
  discord = scene.discord;
  ana = discord.addUser('Ana');
  out = await server('Out');
  away = await server('Away');
  again = await server('Again');
  bot = await scene.start();
  for (const guild of [out, away, again]) await join(guild);
  discord.removeBot(again);
  await until('it is left', () => left().length === 1);
  leftWhenKilled = left();
  await bot.stop('SIGKILL');
  discord.removeBot(out);
  discord.addBot(again);
  discord.setAvailable(away, false);
  bot = await scene.start();
}, PATIENCE_MS);

test(
  'row 30: a short outage of a server while the bot is there is no kick: nobody is told so, and it comes back',
  async () => {
    const outages = [0, 20, 200, 1_000];
    const guilds: FakeGuild[] = [];
    for (const ms of outages) guilds.push(await server(`Outage of ${ms} ms`));
    const suffer = async (guild: FakeGuild, ms: number) => {
      await join(guild);
      await says(guild, 'Before.');
      discord.setAvailable(guild, false);
      await sleep(ms);
      discord.setAvailable(guild, true);
      await scene.back(guild);
      await says(guild, 'After.');
      const told = discord.messages(guild.textChannel).filter(({ author }) => author.id !== ana.id);
      expect(told, guild.name).toHaveLength(1);
    };
    await Promise.all(guilds.map((guild, index) => suffer(guild, outages[index] ?? 0)));
    expect(stayed()).toEqual(expect.arrayContaining(guilds.map(({ id }) => id)));
  },
  PATIENCE_MS,
);

test(
  'row 33: two processes with one database: the second ends with 75, the first goes on undisturbed',
  async () => {
    const guild = await server('Two');
    await join(guild);
    const identified = discord.identifies.length;
    const { fish, path } = scene;
    await using second = startBot({ discord, fish, env: { DATABASE_URL: `file:${path}` } });
    expect(await second.exited).toBe(75);
    expect(discord.identifies).toHaveLength(identified);
    await says(guild, 'Undisturbed.');
    expect(discord.op4Count(guild)).toBe(1);
  },
  PATIENCE_MS,
);

test(
  'row 30: a server that took the bot out unseen is left, one with an outage is not, one that took it in again neither',
  async () => {
    expect(leftWhenKilled).toEqual(['Again']);
    await until('what happened is noted', () => left().join() === 'Out');
    await until('that it was there is forgotten', () => !stayed().includes(out.id));
    expect(stayed()).toContain(away.id);

    // The gateway's session is lost, and in between the bot is taken out of another one.
    const later = await server('Later');
    await join(later);
    await discord.command(ana, later, 'leave').reply(60_000);
    later.members.delete(discord.applicationId);
    discord.invalidSession(false);
    await until('that is noted too', () => left().length === 2, 60_000);
    expect(left()).toEqual(['Later', 'Out']);
    discord.setAvailable(away, true);
    discord.addBot(out);
    await until('it is there again', () => left().join() === 'Later');
  },
  PATIENCE_MS,
);

// The last one with this bot: the second process throws it out of all voice channels.
test(
  'row 33: two processes with one token and two databases: the first warns of the other',
  async () => {
    const guild = await server('Two tokens');
    await join(guild);
    const { fish, path } = scene;
    await using second = startBot({ discord, fish, env: { DATABASE_URL: `file:${path}.other` } });
    await until('the second is there', () => second.output.includes('commands registered'), 60_000);
    // Discord tells both of the command, and both join.
    const elsewhere = guild.addVoiceChannel({ name: 'Elsewhere' });
    await discord.join(ana, elsewhere);
    await join(guild);
    await until('a warning', () => /"level":"warn".*same DISCORD_TOKEN/.test(bot.output), 60_000);
    expect(bot.output.match(/same DISCORD_TOKEN/g)).toHaveLength(1);
    await bot.stop('SIGKILL');
  },
  PATIENCE_MS,
);

describePostgres(postgres => {
  test(
    'row 14: a machine is lost, and another one takes over through PostgreSQL',
    async () => {
      const url = await postgres().database();
      scene = await returningScene({ env: { DATABASE_URL: url } });
      discord = scene.discord;
      ana = discord.addUser('Ana');
      const guild = await server('Lost machine');
      bot = await scene.start();
      await join(guild);
      await says(guild, 'On the first machine.');
      await bot.stop('SIGKILL');
      await scene.start();
      await scene.back(guild);
      await says(guild, 'On the second.');
    },
    PATIENCE_MS,
  );
});
