import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Bot } from '../sandbox/bot.ts';
import type { FakeChannel } from '../sandbox/discord/channel.ts';
import type { FakeDiscord, FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import { PERMISSION } from '../sandbox/discord/permissions.ts';
import { jsonFile } from '../support/managed-guild.ts';
import { freeScenes, returningScene } from '../support/returning.ts';
import { until } from '../support/until.ts';

const PATIENCE_MS = 90_000;
/** Long enough for a bot that comes back although it should not. */
const STAYS_AWAY_MS = 3_000;
/** Where nobody is: so many seconds after the start one of the servers is forgotten. */
const LEAVE_AFTER_S = 5;
/** The voice server of the guild that cannot be joined at the second start; the others are at the first one. */
const BROKEN = 1;
const STATUS = 'Game night';
const STATUS_OF_BOT = 'reads #general · /optout';

/** The guilds, each of which suffers something else while the bot is not there. */
const NAMES = [
  'returned',
  'left',
  'kicked',
  'moved',
  'closed',
  'out',
  'hidden',
  'soon',
  'late',
  'called',
  'away',
  'unwanted',
  'dragged',
  'shown',
  'unreachable',
] as const;

freeScenes(afterAll);

let scene: Awaited<ReturnType<typeof returningScene>>;
let discord: FakeDiscord;
let ana: FakeUser;
/** The bot that was started last. */
let bot: Bot;
const guilds = {} as Record<(typeof NAMES)[number], FakeGuild>;

const use = (guild: FakeGuild, name: string, given = {}) =>
  discord.command(ana, guild, name, given).reply(60_000);
const place = (guild: FakeGuild) => discord.botVoiceChannel(guild);
const wantedIn = (guild: FakeGuild) => scene.stays().filter(row => row['guild_id'] === guild.id);
const status = () => discord.voiceStatus(guilds.shown.voiceChannel);
const toldIn = (guild: FakeGuild) =>
  discord.messages(guild.textChannel).filter(({ author }) => author.id !== ana.id);

/** Has the database as if a process of the bot had written this. */
function write(statement: string): void {
  const database = new DatabaseSync(scene.path);
  database.exec(statement);
  database.close();
}

/** Waits until the bot is not where it is not wanted. */
const isGone = (guild: FakeGuild) => until(`it leaves ${guild.name}`, () => place(guild) === null);

/** What was the case after the bot was killed, and before it was started again. */
let whenDead: { readonly ghost: string | null; readonly wanted: number };
/** Where the bot is wanted, was dragged to, or is called to, besides the voice channels that the guilds have anyway. */
let doomed: FakeChannel;
let movedTo: FakeChannel;
let broken: FakeChannel;

beforeAll(async () => {
  scene = await returningScene({ voiceServers: 2 });
  discord = scene.discord;
  ana = discord.addUser('Ana');
  for (const name of NAMES) guilds[name] = (await scene.server(name, ana)).guild;
  const { returned, left, kicked, moved, closed, out, hidden, soon, late, called, away } = guilds;
  const { unwanted, dragged, shown, unreachable } = guilds;
  movedTo = moved.addVoiceChannel({ name: 'Elsewhere' });
  doomed = closed.addVoiceChannel({ name: 'Doomed' });
  broken = unreachable.addVoiceChannel({ name: 'At another voice server' });
  discord.settleCalls(broken, BROKEN);
  for (const channel of [doomed, broken]) await discord.join(ana, channel);
  shown.botPermissions = String(BigInt(shown.botPermissions) | PERMISSION.setVoiceChannelStatus);
  discord.setVoiceStatus(shown.voiceChannel, STATUS);
  bot = await scene.start();
  await use(shown, 'settings import', jsonFile({ channelStatus: true }));
  for (const guild of Object.values(guilds)) await use(guild, 'join');
  expect(scene.stays()).toHaveLength(NAMES.length);
  expect(wantedIn(returned)).toEqual([
    { guild_id: returned.id, channel_id: returned.voiceChannel.id, notices_to: returned.textChannel.id },
  ]);
  await says(returned, 'Before.');
  await until('the status is shown', () => status() === STATUS_OF_BOT, PATIENCE_MS);

  await use(left, 'leave');
  await discord.join(ana, movedTo);
  discord.moveBot(moved, movedTo);
  discord.moveBot(kicked, null);
  discord.removeBot(out);
  const forgotten = [left, kicked, out];
  await until('the store knows', () => forgotten.every(guild => wantedIn(guild).length === 0));
  await until('where it was moved, too', () => wantedIn(moved)[0]?.['channel_id'] === movedTo.id);
  await bot.stop('SIGKILL');

  whenDead = { ghost: place(returned), wanted: wantedIn(returned).length };
  closed.deleteChannel(doomed);
  hidden.setOverwrites(hidden.voiceChannel, [
    { id: hidden.id, type: 0, allow: '0', deny: String(PERMISSION.connect) },
  ]);
  write(
    `update server set settings = json_set(settings, '$.leaveAfter', ${LEAVE_AFTER_S}) where guild_id = '${late.id}'`,
  );
  write(`delete from stay where guild_id = '${unwanted.id}'`);
  for (const guild of [soon, late, called]) await discord.leave(ana, guild);
  discord.moveBot(dragged, dragged.addVoiceChannel({ name: 'Elsewhere' }));
  discord.setAvailable(away, false);
  bot = await scene.start();
}, 2 * PATIENCE_MS);

/** Ana writes this, and it is heard. */
async function says(guild: FakeGuild, text: string, at = guild.textChannel, where = guild.voiceChannel) {
  discord.message(ana, at, text);
  await until(`“${text}” is heard`, () => scene.heard(guild, where).some(line => line.endsWith(text)));
}

test(
  'after SIGKILL the bot is back where it was, reads what it read, and says nothing twice',
  async () => {
    const { returned: guild } = guilds;
    expect(whenDead).toEqual({ ghost: guild.voiceChannel.id, wanted: 1 });
    await scene.back(guild);
    await says(guild, 'After, here.');
    await says(guild, 'And there.', guild.voiceChannel);
    expect(scene.heard(guild)).toEqual(['Ana said: Before.', 'Ana said: After, here.', 'And there.']);
    expect(toldIn(guild), 'only the answer to /join: nothing was lost').toHaveLength(1);
  },
  PATIENCE_MS,
);

test(
  'it comes to where it was moved, and not back after /leave, a kick, or where the channel or the permission is gone',
  async () => {
    const { left, kicked, moved, closed, out, hidden } = guilds;
    await scene.back(moved, movedTo);
    const away = [left, kicked, closed, out, hidden];
    await until('they are forgotten', () => away.every(guild => wantedIn(guild).length === 0));
    await sleep(STAYS_AWAY_MS);
    for (const guild of [left, kicked, closed, hidden]) expect(place(guild), guild.name).toBeNull();
  },
  PATIENCE_MS,
);

test(
  'where nobody is the ghost leaves; the bot comes when somebody enters that channel in time, and not later',
  async () => {
    const { soon, late } = guilds;
    for (const guild of [soon, late]) await isGone(guild);
    await until('one is forgotten', () => wantedIn(late).length === 0, 60_000);
    await discord.join(ana, soon.addVoiceChannel({ name: 'Elsewhere' }));
    await discord.join(ana, late.voiceChannel);
    await sleep(1_000);
    for (const guild of [soon, late]) expect(place(guild)).toBeNull();
    await discord.join(ana, soon.voiceChannel);
    await scene.back(soon);
    await says(soon, 'Here you are.');
    expect(place(late)).toBeNull();
  },
  PATIENCE_MS,
);

test(
  'it waits for people where it was, and somebody calls it elsewhere and sends it away meanwhile: it stays away',
  async () => {
    const { called: guild } = guilds;
    await isGone(guild);
    await discord.join(ana, guild.addVoiceChannel({ name: 'Elsewhere' }));
    await use(guild, 'join');
    await use(guild, 'leave');
    await discord.join(ana, guild.voiceChannel);
    await sleep(STAYS_AWAY_MS);
    expect(place(guild)).toBeNull();
  },
  PATIENCE_MS,
);

test(
  'a ghost where the bot is not wanted leaves, and one elsewhere comes to where it is wanted',
  async () => {
    await isGone(guilds.unwanted);
    await scene.back(guilds.dragged);
  },
  PATIENCE_MS,
);

test(
  'a server with an outage at the start does not keep the others waiting, and gets the bot back when it is over',
  async () => {
    const { returned, away } = guilds;
    await scene.back(returned);
    await says(returned, 'Here we are.');
    expect(wantedIn(away)).toHaveLength(1);
    discord.setAvailable(away, true);
    await scene.back(away);
    await says(away, 'And here.');
  },
  PATIENCE_MS,
);

test(
  'it is still known what the status of the channel was',
  async () => {
    await scene.back(guilds.shown);
    await until('it is shown again', () => status() === STATUS_OF_BOT, PATIENCE_MS);
    await use(guilds.shown, 'leave');
    await until('it is as it was', () => status() === STATUS, PATIENCE_MS);
    await use(guilds.shown, 'join');
    await until('it is shown once more', () => status() === STATUS_OF_BOT, PATIENCE_MS);
  },
  PATIENCE_MS,
);

test(
  'after SIGTERM the same; and voice that cannot be joined at the start is tried again, without a word',
  async () => {
    const { returned, shown, unreachable } = guilds;
    for (const [guild, channel] of [[returned], [shown], [unreachable, broken]] as const)
      await scene.back(guild, channel);
    const [before] = scene.heard(returned).slice(-1);
    await bot.stop('SIGTERM');
    for (const guild of [returned, shown, unreachable]) {
      expect(place(guild)).toBeNull();
      expect(wantedIn(guild)).toHaveLength(1);
    }
    expect(status()).toBe(STATUS);
    const voice = discord.voice[BROKEN];
    if (voice) voice.faults.noDiscoveryReply = true;

    bot = await scene.start();
    await scene.back(returned);
    await says(returned, 'After that, too.');
    expect(scene.heard(returned).slice(-2)).toEqual([before, 'Ana said: After that, too.']);
    expect(toldIn(returned)).toHaveLength(1);
    await until('the status is shown again', () => status() === STATUS_OF_BOT, PATIENCE_MS);
    await use(shown, 'leave');
    await until('the status is as it was', () => status() === STATUS, PATIENCE_MS);

    const logged = (what: string) =>
      bot.output.split('\n').some(line => line.includes(unreachable.id) && line.includes(what));
    await until('it could not', () => logged('could not come back'), 60_000);
    if (voice) voice.faults.noDiscoveryReply = false;
    // Discord shows it there also while the attempt that has failed is being ended.
    await until('it is back', () => logged('back in the voice channel'));
    await says(unreachable, 'Here again.', unreachable.textChannel, broken);
    expect(toldIn(unreachable)).toHaveLength(1);
  },
  PATIENCE_MS,
);
