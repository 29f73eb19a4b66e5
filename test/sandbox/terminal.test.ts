import { expect, test } from 'vitest';
import { discordForTest, useApps } from './app.ts';
import { readable, timeline } from './terminal.ts';

useApps();

test('people read names for ids', async () => {
  const discord = await discordForTest();
  const guild = discord.addGuild();
  const ana = discord.addUser('Ana');
  guild.addMember(ana, { nick: 'Queen' });
  const role = guild.addRole('DJ');
  expect(
    readable(`**In** <#${guild.voiceChannel.id}>: <@${ana.id}>, <@&${role.id}>, </say:1> <#1>`, guild),
  ).toBe('In #Voice: @Queen, @DJ, /say <#1>');
});

test('a timeline is in the order in which things happened', () => {
  expect(
    timeline([
      [156, 'answered'],
      [undefined, 'heard'],
      [17.4, 'sent'],
      [-40, 'connected'],
    ]),
  ).toEqual(['   before  connected', '    17 ms  sent', '   156 ms  answered', '        –  heard']);
});
