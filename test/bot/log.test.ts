import { expect, test } from 'vitest';
import { startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const WORDS = 'Canary words that nobody should find.';

test('the log at info tells an evening: servers, comings and goings, outages, bytes and money; and nothing said', async () => {
  await using stage = await startStage({ fish: { packets: 10 } });
  const { discord, fish, bot } = stage;
  const guild = discord.addGuild({ name: 'evening' });
  const ana = discord.addUser('Ana');
  guild.addMember(ana);
  const told = (message: string, fields: object = {}) =>
    until(message, () =>
      bot.output
        .split('\n')
        .filter(line => line.startsWith('{'))
        .map(line => JSON.parse(line) as Record<string, unknown>)
        .some(
          line =>
            line['msg'] === message && Object.entries(fields).every(([key, value]) => line[key] === value),
        ),
    );
  await told('a server has invited the bot', { guildId: guild.id, servers: 1 });
  const listener = await discord.join(ana, guild.voiceChannel);
  await discord.command(ana, guild, 'say', { text: WORDS }).reply();
  await told('in the voice channel', { guildId: guild.id, channelId: guild.voiceChannel.id });
  await until('it is heard', () => listener.speech().length === 10);
  const second = guild.addVoiceChannel({ name: 'second' });
  discord.moveBot(guild, second);
  await told('moved to another voice channel', { guildId: guild.id, channelId: second.id });
  await discord.join(ana, second);
  await discord.leave(ana, guild);
  await discord.join(ana, guild.voiceChannel);
  await discord.command(ana, guild, 'join').reply();
  await told('moves to another voice channel, as asked', {
    from: second.id,
    channelId: guild.voiceChannel.id,
  });
  fish.behaviour.upgrade = { status: 401, body: '{"message":"Invalid Token","status":401}' };
  fish.dropIdleSockets();
  await discord.command(ana, guild, 'say', { text: WORDS }).firstResponse;
  await until('the outage', () => bot.output.includes('nothing can be said for now'));
  fish.behaviour.upgrade = undefined;
  await told('Fish Audio can be asked again');
  discord.closeGateway(1_001);
  await told('the gateway is back');
  await discord.command(ana, guild, 'leave').reply();
  await told('left the voice channel', { guildId: guild.id, channelId: guild.voiceChannel.id, why: 'done' });
  discord.removeBot(guild);
  await told('a server has sent the bot away', { guildId: guild.id, servers: 0 });
  expect((await bot.stop()).code).toBe(0);
  await told('said since the last report', { servers: 1 });
  expect(bot.output).not.toMatch(/canary/i);
});
