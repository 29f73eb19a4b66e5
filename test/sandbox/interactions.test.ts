import { setTimeout as sleep } from 'node:timers/promises';
import { MessageFlags, Routes } from 'discord.js';
import { expect, test } from 'vitest';
import { hello, isChat, nextUse, refusal, useApps } from './app.ts';
import type { FakeDiscord } from './discord/discord.ts';

useApps();

test('a command goes to the bot with options, member and channel, and the answer to the person', async () => {
  const { discord, guild, ana, bot } = await hello();
  expect(discord.registered).toMatchObject([{ name: 'hello', application_id: discord.applicationId }]);
  const arriving = nextUse(bot, isChat);
  const use = discord.command(ana, guild, 'hello', { text: 'Hi', channel: guild.voiceChannel });
  const seen = await arriving;
  expect(seen.options.getString('text')).toBe('Hi');
  expect(seen.options.getChannel('channel')?.id).toBe(guild.voiceChannel.id);
  expect(seen.inCachedGuild() && seen.member.displayName).toBe('Ana');
  expect(seen.channelId).toBe(guild.textChannel.id);
  expect(seen.appPermissions.has('Speak')).toBe(true);
  expect(use.ephemeral).toBeUndefined();
  const content = 'Hello, @everyone';
  const allowedMentions = { parse: [] };
  const sent = await seen.reply({
    content,
    allowedMentions,
    flags: MessageFlags.Ephemeral,
    withResponse: true,
  });
  expect(sent.resource?.message?.content).toBe(content);
  expect(await use.reply()).toBe(content);
  expect(use.ephemeral).toBe(true);
  expect(await use.firstResponse).toMatchObject({
    type: 4,
    body: { data: { allowed_mentions: { parse: [] } } },
  });
  await seen.editReply('Changed');
  expect(await use.reply()).toBe('Changed');
  await seen.followUp('More');
  expect(use.followUps).toMatchObject([{ content: 'More' }]);
});

test('"thinking", then an edit; a further message right after "thinking" is the answer itself', async () => {
  const { discord, guild, ana, bot } = await hello();
  for (const how of ['editReply', 'followUp'] as const) {
    const arriving = nextUse(bot, isChat);
    const use = discord.command(ana, guild, 'hello', { text: how });
    const seen = await arriving;
    await seen.deferReply();
    expect((await use.firstResponse).type).toBe(5);
    await expect(use.reply(50)).rejects.toThrow('no reply');
    await seen[how]({ content: how, flags: [] });
    expect(await use.reply()).toBe(how);
    expect(use.ephemeral).toBe(false);
    expect(use.followUps).toEqual([]);
  }
});

test('"thinking" deleted, then a message for the caller alone: that is the answer', async () => {
  const { discord, guild, ana, bot } = await hello();
  const arriving = nextUse(bot, isChat);
  const use = discord.command(ana, guild, 'hello', { text: 'x' });
  const seen = await arriving;
  await seen.deferReply();
  await seen.deleteReply();
  await seen.followUp({ content: 'No.', flags: MessageFlags.Ephemeral });
  expect(await use.reply()).toBe('No.');
  expect(use.ephemeral).toBe(true);
  expect(await refusal(seen.fetchReply())).toEqual([404, 10008]);
});

test('answered twice: 40060; too late: 10062; a wrong token: 50027; before the answer: 10015', async () => {
  const { discord, guild, ana, bot } = await hello();
  let arriving = nextUse(bot, isChat);
  discord.command(ana, guild, 'hello', { text: 'x' });
  const seen = await arriving;
  const callback = Routes.interactionCallback(seen.id, seen.token);
  const answer = () => bot.rest.post(callback, { auth: false, body: { type: 4, data: { content: 'Once' } } });
  const original = (token: string) =>
    bot.rest.get(Routes.webhookMessage(bot.application.id, token), { auth: false });
  expect(await refusal(original(seen.token))).toEqual([404, 10015]);
  await answer();
  expect(await refusal(answer())).toEqual([400, 40060]);
  expect(await refusal(original('nobody'))).toEqual([401, 50027]);
  discord.faults.interactionTtlMs = 50;
  arriving = nextUse(bot, isChat);
  const use = discord.command(ana, guild, 'hello', { text: 'x' });
  const late = await arriving;
  await sleep(80);
  expect(await refusal(late.reply('Too late'))).toEqual([404, 10062]);
  await expect(use.reply(50)).rejects.toThrow('no reply');
});

test('people can use only what is registered, and only as it is', async () => {
  const { discord, guild, ana } = await hello();
  const refused = (name: string, options: Parameters<FakeDiscord['command']>[3]) =>
    expect(discord.command(ana, guild, name, options).reply(500)).rejects.toThrow(`/${name}`);
  await refused('goodbye', {});
  await refused('hello', {});
  await refused('hello', { text: 'x', other: 1 });
  await refused('hello', { text: 1 });
  await refused('hello', { text: 'x'.repeat(21) });
  await refused('hello', { text: 'x', channel: guild.textChannel });
  expect(() => discord.command(discord.addUser('Stranger'), guild, 'hello')).toThrow('not a member');
});
