import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { MessageFlags, Routes } from 'discord.js';
import { expect, test } from 'vitest';
import { answer, app, isChat, nextUse, options, refusal, text, useApps } from './app.ts';

const V2 = MessageFlags.IsComponentsV2;

useApps();

test('a subcommand with options of every kind, an uploaded file, and both languages', async () => {
  const { discord, guild, ana, ben, bot } = await app();
  const role = guild.addRole('DJ');
  const thread = guild.addThread(guild.textChannel, { name: 'Talk' });
  const arriving = nextUse(bot, isChat);
  discord.command(ana, guild, 'voice set', {
    voice: 'Parrot',
    speed: 2,
    user: ben,
    role,
    channel: thread,
    file: { name: 'me.ogg', contentType: 'audio/ogg', bytes: Buffer.from('OggS') },
  });
  const { options, locale, guildLocale, memberPermissions } = await arriving;
  expect(options.getSubcommand()).toBe('set');
  expect([options.getString('voice'), options.getInteger('speed')]).toEqual(['Parrot', 2]);
  expect(options.getUser('user')?.id).toBe(ben.id);
  expect(options.getMember('user')).toMatchObject({ nickname: 'Benny' });
  expect(options.getRole('role')?.id).toBe(role.id);
  expect(options.getChannel('channel')?.id).toBe(thread.id);
  expect([locale, guildLocale, memberPermissions?.has('ManageGuild')]).toEqual(['de', 'ja', true]);
  const file = options.getAttachment('file', true);
  expect(file).toMatchObject({ name: 'me.ogg', size: 4, contentType: 'audio/ogg', ephemeral: true });
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  request(file.url, { ca: readFileSync(discord.caFile), timeout: 30_000 })
    .on('error', reject)
    .on('response', response => void buffer(response).then(resolve, reject))
    .end();
  expect((await promise).toString()).toBe('OggS');
});

test('suggestions come while somebody types, in time or not at all', async () => {
  const { discord, guild, ana, bot } = await app();
  const type = (typed: string) =>
    discord.autocomplete(ana, guild, 'voice set', 'voice', { voice: typed, speed: 1 });
  const arriving = nextUse(bot, use => use.isAutocomplete());
  const suggested = type('par');
  const use = await arriving;
  expect(use.options.getFocused(true)).toMatchObject({ name: 'voice', value: 'par' });
  expect(await refusal(answer(bot, use, { type: 4, data: { content: 'x' } }))).toContain('BASE_TYPE_CHOICES');
  const choices = [{ name: 'Parrot', value: 'id' }];
  const many = Array.from({ length: 26 }, () => choices[0]);
  expect(await refusal(answer(bot, use, { type: 8, data: { choices: many } }))).toContain(
    'BASE_TYPE_MAX_LENGTH',
  );
  expect(
    await refusal(answer(bot, use, { type: 8, data: { choices: [{ name: 'One', value: 1 }] } })),
  ).toContain('STRING_TYPE_CONVERT');
  await use.respond(choices);
  expect(await suggested).toEqual(choices);
  await expect(discord.autocomplete(ana, guild, 'voice set', 'speed')).rejects.toThrow('not autocompleted');
  discord.faults.interactionTtlMs = 50;
  await expect(type('x')).rejects.toThrow('in time');
});

test('a message menu brings the message whole, without any intent for its content', async () => {
  const { discord, guild, ana, ben, bot } = await app();
  const message = discord.message(ana, guild.textChannel, 'Written', { attachments: [{ name: 'a.png' }] });
  const arriving = nextUse(bot, use => use.isMessageContextMenuCommand());
  const use = discord.messageMenu(ben, message, 'Read aloud');
  const seen = await arriving;
  expect(seen.targetMessage.content).toBe('Written');
  expect(seen.targetMessage.attachments.size).toBe(1);
  await seen.reply({ content: 'Saying it.', flags: MessageFlags.Ephemeral });
  expect(await use.reply()).toBe('Saying it.');
  expect(use.message?.type).toBe(23);
  await expect(discord.messageMenu(ben, message, 'Nothing').reply(500)).rejects.toThrow('Nothing');
});

test('who lacks the permission does not see the command, unless an administrator forces it', async () => {
  const { discord, guild, ana, ben, bot } = await app();
  await expect(discord.command(ben, guild, 'panel').reply(500)).rejects.toThrow('does not see');
  const arriving = nextUse(bot, isChat);
  discord.command(ben, guild, 'panel', {}, { force: true });
  expect((await arriving).memberPermissions?.has('ManageGuild')).toBe(false);
  const quiet = guild.addTextChannel({
    permissionOverwrites: [{ id: ben.id, type: 1, allow: '0', deny: (1n << 31n).toString() }],
  });
  const where = { channel: quiet, force: true };
  await expect(discord.command(ben, guild, 'panel', {}, where).reply(500)).rejects.toThrow('may not use');
  await expect(discord.command(ana, guild, 'panel', { x: 1 }).reply(500)).rejects.toThrow('no option');
});

test('an answer can be answered once, in time, in the ways that fit; its token ends', async () => {
  const { discord, guild, ana, bot } = await app();
  const arriving = nextUse(bot, isChat);
  const use = discord.command(ana, guild, 'panel');
  const seen = await arriving;
  expect(await refusal(answer(bot, seen, { type: 7, data: { content: 'x' } }))).toContain(
    'BASE_TYPE_CHOICES',
  );
  expect(await refusal(answer(bot, seen, { type: 8, data: { choices: [] } }))).toContain('BASE_TYPE_CHOICES');
  expect(await refusal(answer(bot, seen, { type: 5, data: { flags: V2 } }))).toContain(
    'MESSAGE_FLAGS_INVALID',
  );
  expect(await refusal(answer(bot, seen, { type: 4, data: {} }))).toEqual([400, 50006]);
  const both = { parse: ['users'], users: [ana.id] };
  expect(
    await refusal(answer(bot, seen, { type: 4, data: { content: 'x', allowed_mentions: both } })),
  ).toEqual([400, 50035, 'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE']);
  await seen.deferReply({ flags: MessageFlags.Ephemeral });
  const { id: messageId } = await seen.editReply({
    flags: V2,
    components: [text('Here'), { type: 13, file: { url: 'attachment://export.json' } }],
    files: [{ name: 'export.json', attachment: Buffer.from('{}') }],
  });
  expect(await use.reply()).toBe('Here');
  expect(use.ephemeral).toBe(true);
  expect(use.files).toMatchObject([{ name: 'export.json', bytes: Buffer.from('{}') }]);
  expect(await refusal(seen.editReply({ content: 'No', components: [] }))).toEqual([
    400,
    50035,
    'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
  ]);
  const more = await seen.followUp({ content: 'More', flags: MessageFlags.Ephemeral });
  expect(use.followUps).toMatchObject([{ id: more.id, content: 'More' }]);
  await seen.deleteReply(more.id);
  expect(use.messages.map(({ id }) => id)).toEqual([messageId]);
  expect(await refusal(answer(bot, seen, { type: 4, data: { content: 'x' } }))).toEqual([400, 40060]);
  discord.faults.interactionTokenTtlMs = 1;
  await sleep(5);
  expect(await refusal(seen.editReply({ components: [text('Late')] }))).toEqual([401, 50027]);
});

test('whom an answer mentions is up to allowed_mentions; every message that left is on record', async () => {
  const { discord, guild, ana, ben, bot } = await app();
  guild.botPermissions = ((1n << 10n) | (1n << 11n) | (1n << 17n)).toString();
  const arriving = nextUse(bot, isChat);
  const use = discord.command(ana, guild, 'panel');
  const seen = await arriving;
  const content = `<@${ben.id}> @everyone`;
  await seen.reply({ content, allowedMentions: { parse: [] } });
  expect(use.message?.mentions).toEqual({ users: [], roles: [], everyone: false });
  await seen.followUp(content);
  expect(use.messages[1]?.mentions).toMatchObject({ users: [{ id: ben.id }], everyone: false });
  const channel = bot.channels.cache.get(guild.textChannel.id);
  if (!channel?.isSendable()) throw new Error('the channel cannot be written to');
  const posted = await channel.send(content);
  expect(discord.messages(guild.textChannel).at(-1)?.mentions.everyone).toBe(true);
  await posted.edit({ content: 'Quiet', allowedMentions: { parse: [] } });
  await posted.delete();
  const silent = discord
    .outgoing()
    .map(({ method, message }) => [method, message['content'], message['allowed_mentions']]);
  expect(silent).toEqual([
    ['POST', content, { parse: [] }],
    ['POST', content, undefined],
    ['POST', content, undefined],
    ['PATCH', 'Quiet', { parse: [] }],
  ]);
});

test.each<[string, object]>([
  ['a language that Discord does not speak', { description_localizations: { klingon: 'x' } }],
  ['a localized description too long', { description_localizations: { de: 'x'.repeat(101) } }],
  ['a localized name in capitals', { name_localizations: { de: 'Stimme' } }],
  ['permissions that are none', { default_member_permissions: 'ManageGuild' }],
  ['a description of a menu item', { type: 3 }],
  [
    'two options of one name in a language',
    {
      options: ['a', 'b'].map(name => ({ type: 3, name, description: 'x', name_localizations: { de: 'c' } })),
    },
  ],
  [
    'more than 8,000 characters in the longest language',
    {
      options: Array.from({ length: 25 }, (_, index) => ({
        type: 3,
        name: `o${index}`,
        description: 'x',
        choices: options(25).map((__, choice) => ({
          name: `${choice}`,
          value: `${choice}`,
          name_localizations: { ja: `${choice}`.padStart(20, 'x') },
        })),
      })),
    },
  ],
])('registration is refused for %s', async (_, more) => {
  const { bot } = await app();
  const put = bot.rest.put(Routes.applicationCommands(bot.application.id), {
    body: [{ name: 'x', description: 'x', ...more }],
  });
  expect((await refusal(put)).slice(0, 2)).toEqual([400, 50035]);
});
