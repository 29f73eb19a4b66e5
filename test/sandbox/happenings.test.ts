import { expect, test } from 'vitest';
import { app, useApps } from './app.ts';

useApps();

test('whoever looks on is told of messages, of who goes where, and of what is gone', async () => {
  const { discord, guild, ana } = await app();
  const told: string[] = [];
  const { happenings } = discord;
  happenings.on('message', ({ fields }) => told.push(`message ${String(fields['content'])}`));
  happenings.on('gone', ids => told.push(`${ids.length} gone`));
  happenings.on('server', (_guildId, event) => told.push(event));
  const sent = discord.message(ana, guild.textChannel, 'Hi');
  discord.edit(sent, 'Hello');
  discord.deleteMessage(sent);
  await discord.join(ana, guild.voiceChannel);
  discord.muteSelf(ana, guild, true);
  expect(guild.voiceStates.get(ana.id)?.selfMute).toBe(true);
  await discord.leave(ana, guild);
  expect(told.filter(one => !one.startsWith('MESSAGE'))).toEqual([
    'message Hi',
    'message Hello',
    '1 gone',
    'VOICE_STATE_UPDATE',
    'VOICE_STATE_UPDATE',
    'VOICE_STATE_UPDATE',
  ]);
  expect(() => discord.muteSelf(ana, guild, false)).toThrow('not in voice');
});
