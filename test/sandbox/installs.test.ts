import { type Client, GatewayIntentBits, Routes } from 'discord.js';
import { expect, test } from 'vitest';
import { answer, discordForTest, loggedIn, nextUse, refusal, useApps } from './app.ts';
import { PERMISSION } from './discord/permissions.ts';

/** An app that people install for themselves: used where the bot is not, by an unmodified discord.js. */

useApps();

const EVERYWHERE = { contexts: [0, 1, 2], integration_types: [0, 1] };
const COMMANDS = [
  { name: 'Save as audio', type: 3, ...EVERYWHERE },
  { name: 'hello', description: 'Says hello', ...EVERYWHERE },
  { name: 'Servers only', type: 3, contexts: [0], integration_types: [0] },
  { name: 'Servers', type: 3, contexts: [0], integration_types: [0, 1] },
];
const EPHEMERAL = 1 << 6;

async function scene() {
  const discord = await discordForTest();
  const home = discord.addGuild();
  const away = discord.addGuild({ name: 'Away', locale: 'fr', withBot: false });
  const [ana, ben] = [discord.addUser('Ana', { locale: 'de' }), discord.addUser('Ben')];
  for (const guild of [home, away]) for (const user of [ana, ben]) guild.addMember(user);
  const bot = await loggedIn(discord, [GatewayIntentBits.Guilds]);
  await bot.rest.put(Routes.applicationCommands(bot.application.id), { body: COMMANDS });
  discord.install(ana);
  return { discord, home, away, ana, ben, bot };
}

const nextMenu = (bot: Client) => nextUse(bot, use => use.isMessageContextMenuCommand());

/** Replies with a file, as the bot would. */
const reply = async (use: Awaited<ReturnType<typeof nextMenu>>) => {
  await use.deferReply({ flags: EPHEMERAL });
  await use.editReply({ content: 'Here', files: [{ attachment: Buffer.from('OggS'), name: 'message.ogg' }] });
};

test('a menu on a message of a server that the bot is not in', async () => {
  const { discord, away, ana, ben, bot } = await scene();
  expect(bot.guilds.cache.has(away.id)).toBe(false);
  const sent = discord.message(ben, away.textChannel, 'Bonjour !', {
    attachments: [{ name: 'photo.png', contentType: 'image/png', size: 2_000 }],
  });
  const arriving = nextMenu(bot);
  const use = discord.messageMenu(ana, sent, 'Save as audio');
  const told = await arriving;
  expect([told.guildId, told.guild, told.inCachedGuild(), told.inRawGuild()]).toEqual([
    away.id,
    null,
    false,
    true,
  ]);
  expect([told.locale, told.guildLocale, told.context]).toEqual(['de', 'fr', 0]);
  expect(told.authorizingIntegrationOwners).toMatchObject({ guildId: null, userId: ana.id });
  expect(told.member).toMatchObject({ user: { id: ana.id } });
  expect(told.appPermissions.has('AttachFiles')).toBe(true);
  expect(told.targetMessage).toMatchObject({ id: sent.id, content: 'Bonjour !', author: { id: ben.id } });
  expect(told.targetMessage.attachments.first()).toMatchObject({ name: 'photo.png', size: 2_000 });
  await reply(told);
  expect(await use.reply()).toBe('Here');
  expect(use.ephemeral).toBe(true);
  expect(Buffer.from(use.files[0]?.bytes ?? []).toString()).toBe('OggS');
  expect(discord.messages(away.textChannel).map(({ id }) => id)).toEqual([sent.id]);
  // All that the bot knows of the place is the interaction.
  expect(await refusal(bot.rest.get(Routes.channel(away.textChannel.id)))).toEqual([403, 50001]);
});

test.each([
  ['of people', 2],
  ['with the bot', 1],
])('a menu on a message in a conversation %s', async (_, context) => {
  const { discord, ana, ben, bot } = await scene();
  const place = context === 2 ? discord.addConversation(ana, ben) : discord.addConversation(ana);
  const first = discord.message(context === 2 ? ben : ana, place.textChannel, 'Psst');
  const sent = discord.message(ana, place.textChannel, 'What?', { replyTo: first });
  const arriving = nextMenu(bot);
  const use = discord.messageMenu(ana, sent, 'Save as audio');
  const told = await arriving;
  expect([told.guildId, told.member, told.user.id, told.context]).toEqual([null, null, ana.id, context]);
  expect(told.targetMessage).toMatchObject({ content: 'What?', guildId: null });
  expect(told.targetMessage.reference).toMatchObject({ messageId: first.id });
  expect([told.channelId, told.channel]).toEqual([place.textChannel.id, null]); // it is not in the cache
  expect(told.authorizingIntegrationOwners).toMatchObject({
    guildId: context === 1 ? '0' : null,
    userId: ana.id,
  });
  await reply(told);
  expect(await use.reply()).toBe('Here');
  expect(use.files.map(({ name }) => name)).toEqual(['message.ogg']);
});

test('a slash command works there too, and a conversation of three is a group', async () => {
  const { discord, ana, ben, bot } = await scene();
  const place = discord.addConversation(ana, ben, discord.addUser('Cleo'));
  let channel: unknown;
  bot.on('raw', ({ d }: { d: { channel: unknown } }) => (channel = d.channel));
  const arriving = nextUse(bot, use => use.isChatInputCommand());
  const use = discord.command(ana, place, 'hello');
  const told = await arriving;
  expect(told.context).toBe(2);
  expect(channel).toMatchObject({ type: 3, recipients: [{ id: ben.id }, { username: 'cleo' }] });
  expect(channel).not.toHaveProperty('guild_id');
  await told.reply('Hello, you three');
  expect(await use.reply()).toBe('Hello, you three');
  expect(use.message?.interaction?.owners).toEqual({ 1: ana.id });
  expect(use.ephemeral).toBe(false);
});

test('in a server with the bot both installations are told, of a command for servers only one', async () => {
  const { discord, home, ana, ben, bot } = await scene();
  const sent = discord.message(ben, home.textChannel, 'Hi');
  const owners = async (user: typeof ana, name: string) => {
    const arriving = nextMenu(bot);
    discord.messageMenu(user, sent, name);
    const told = await arriving;
    await told.reply('x');
    return told.authorizingIntegrationOwners;
  };
  expect(await owners(ana, 'Save as audio')).toMatchObject({ guildId: home.id, userId: ana.id });
  expect(await owners(ben, 'Save as audio')).toMatchObject({ guildId: home.id, userId: null });
  expect(await owners(ana, 'Servers only')).toMatchObject({ guildId: home.id, userId: null });
});

test('who has not installed it has nothing there, nor who no longer has it', async () => {
  const { discord, away, ana, ben } = await scene();
  const sent = discord.message(ben, away.textChannel, 'Hi');
  expect(() => discord.messageMenu(ben, sent, 'Save as audio')).toThrow('the bot is not in the server Away');
  await expect(discord.messageMenu(ana, sent, 'Servers only').reply()).rejects.toThrow(
    'not for apps of a person',
  );
  const dm = discord.message(ben, discord.addConversation(ben, ana).textChannel, 'Hi');
  await expect(discord.messageMenu(ana, dm, 'Servers').reply()).rejects.toThrow('not for conversations');
  discord.uninstall(ana);
  expect(() => discord.messageMenu(ana, dm, 'Save as audio')).toThrow('the bot is not in');
});

test('where people may not use external apps, only the person sees the answer', async () => {
  const { discord, away, ana, ben, bot } = await scene();
  away.peoplePermissions = (BigInt(away.peoplePermissions) & ~PERMISSION.useExternalApps).toString();
  const arriving = nextMenu(bot);
  const use = discord.messageMenu(ana, discord.message(ben, away.textChannel, 'Hi'), 'Save as audio');
  await (await arriving).reply('For everybody');
  await use.reply();
  expect(use.ephemeral).toBe(true);
});

test('the answers are five further messages at most', async () => {
  const { discord, home, away, ana, ben, bot } = await scene();
  const further = async (place: typeof away, count: number) => {
    const arriving = nextMenu(bot);
    discord.messageMenu(ana, discord.message(ben, place.textChannel, 'Hi'), 'Save as audio');
    const told = await arriving;
    await told.reply('first');
    for (let i = 0; i < count; i++) await told.followUp(`${i}`);
    return told;
  };
  const told = await further(away, 5);
  expect(await refusal(told.followUp('one more'))).toEqual([400, 40094]);
  await further(home, 6);
});

test.each<[object]>([
  [{ contexts: [3] }],
  [{ contexts: [] }],
  [{ contexts: [0, 0] }],
  [{ contexts: 0 }],
  [{ integration_types: [2] }],
  [{ integration_types: ['1'] }],
])('a command with %j is not registered', async places => {
  const { bot } = await scene();
  const body = [{ name: 'x', description: 'x', ...places }];
  expect((await refusal(bot.rest.put(Routes.applicationCommands(bot.application.id), { body })))[1]).toBe(
    50035,
  );
});

test('buttons of an answer there work on', async () => {
  const { discord, away, ana, ben, bot } = await scene();
  const arriving = nextMenu(bot);
  const use = discord.messageMenu(ana, discord.message(ben, away.textChannel, 'Hi'), 'Save as audio');
  const components = [{ type: 1, components: [{ type: 2, style: 1, label: 'Again', custom_id: 'again' }] }];
  await answer(bot, await arriving, { type: 4, data: { content: 'x', components } });
  await use.reply();
  const pressing = nextUse(bot, one => one.isButton());
  const pressed = discord.press(ana, use, 'again');
  const told = await pressing;
  expect(told.authorizingIntegrationOwners).toMatchObject({ guildId: null, userId: ana.id });
  await told.update('y');
  expect(await pressed.reply()).toBe('y');
});

test('the bot hears of nothing else there', async () => {
  const { discord, away, ana, ben, bot } = await scene();
  const heard: string[] = [];
  bot.on('raw', ({ t }: { t: string }) => heard.push(t));
  discord.message(ben, away.textChannel, 'Hi');
  discord.message(ben, discord.addConversation(ben, ana).textChannel, 'Hi');
  away.addRole('DJ');
  const arriving = nextMenu(bot);
  const use = discord.messageMenu(ana, discord.message(ben, away.textChannel, 'Ho'), 'Save as audio');
  await reply(await arriving);
  await use.reply();
  expect(heard).toEqual(['INTERACTION_CREATE']);
});
