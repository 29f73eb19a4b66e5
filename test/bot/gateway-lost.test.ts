import { expect, test } from 'vitest';
import type { FakeDiscord, FakeGuild } from '../sandbox/discord/discord.ts';
import { freeScenes, returningScene } from '../support/returning.ts';
import { until } from '../support/until.ts';

const PATIENCE_MS = 90_000;

freeScenes();

const WAYS: Record<string, (discord: FakeDiscord, guild: FakeGuild) => void> = {
  'op 7': discord => discord.reconnectGateway(),
  'closed with 1001': discord => discord.closeGateway(1001),
  'op 9, to be resumed': discord => discord.invalidSession(true),
  'op 9 false, voice closed with it': discord => discord.invalidSession(false),
  'op 9 false, the voice socket left open': discord => {
    discord.faults.voiceOutlivesGateway = true;
    discord.invalidSession(false);
  },
  'op 7, and voice closed with 4006 while the gateway is away': (discord, guild) => {
    discord.closeGateway(1001);
    discord.voice[0]?.close(guild.id, discord.applicationId, 4006);
  },
  'op 9 false, and voice closed with 4006': (discord, guild) => {
    discord.voice[0]?.close(guild.id, discord.applicationId, 4006);
    discord.faults.voiceOutlivesGateway = true;
    discord.invalidSession(false);
  },
};

test.each(Object.entries(WAYS))(
  'row 8: the gateway is lost in mid-speech, %s: the line goes on, what waits is said after it, what is told again is said once',
  async (_, lose) => {
    const { discord, fish, start, server, back, stays } = await returningScene({ packets: 120 });
    const ana = discord.addUser('Ana');
    const { guild, listener } = await server('Lost', ana);
    await start();
    await discord.command(ana, guild, 'join').reply(15_000);
    discord.message(ana, guild.textChannel, 'A line that is being heard.');
    const second = discord.message(ana, guild.textChannel, 'Another line that waits meanwhile.');
    await until('speech', () => (listener?.speech().length ?? 0) > 30, 20_000);
    lose(discord, guild);
    discord.tellAgain(second);
    await back(guild);
    const packets = () => fish.sessions.flatMap(session => session.packets);
    const last = () => packets().at(-1)?.toString('latin1');
    const heard = () =>
      [...(discord.voice[0]?.call(guild.voiceChannel.id).listeners.values() ?? [])].flatMap(one =>
        one.speech().map(packet => packet.toString('latin1')),
      );
    await until(
      'both lines have been heard',
      () => packets().length === 240 && heard().at(-1) === last(),
      60_000,
    );
    const sent = packets().map(packet => packet.toString('latin1'));
    const inOrder = heard().map(packet => sent.indexOf(packet));
    expect(inOrder).toEqual(inOrder.toSorted((a, b) => a - b));
    expect(new Set(inOrder).size).toBe(inOrder.length);
    // Lost is at most what was on its way to a voice session that had just ended.
    const late = discord.voice.reduce((sum, server) => sum + server.late, 0);
    expect(sent.length - inOrder.length).toBeLessThanOrEqual(late);
    expect(stays()).toHaveLength(1);
    expect(discord.outgoing().filter(({ message }) => JSON.stringify(message).includes('lost'))).toEqual([]);
  },
  PATIENCE_MS,
);
