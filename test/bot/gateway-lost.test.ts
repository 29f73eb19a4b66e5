import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { FakeDiscord, FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import { freeScenes, returningScene } from '../support/returning.ts';
import { until } from '../support/until.ts';

const PATIENCE_MS = 90_000;

freeScenes(afterAll);

let scene: Awaited<ReturnType<typeof returningScene>>;
let ana: FakeUser;

beforeAll(async () => {
  scene = await returningScene({ packets: 120 });
  ana = scene.discord.addUser('Ana');
  await scene.start();
});
afterEach(() => {
  delete scene.discord.faults.voiceOutlivesGateway;
});

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
    const { discord, fish, server, back, stays } = scene;
    const { guild, listener } = await server('Lost', ana);
    const sessionsBefore = fish.sessions.length;
    const late = () => discord.voice.reduce((sum, one) => sum + one.late, 0);
    const lateBefore = late();
    await discord.command(ana, guild, 'join').reply();
    discord.message(ana, guild.textChannel, 'A line that is being heard.');
    const second = discord.message(ana, guild.textChannel, 'Another line that waits meanwhile.');
    await until('speech', () => (listener?.speech().length ?? 0) > 30, 60_000);
    lose(discord, guild);
    discord.tellAgain(second);
    await back(guild);
    const packets = () => fish.sessions.slice(sessionsBefore).flatMap(session => session.packets);
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
    expect(sent.length - inOrder.length).toBeLessThanOrEqual(late() - lateBefore);
    expect(stays()).toHaveLength(1);
    await discord.command(ana, guild, 'leave').reply();
    await until('it is away', () => stays().length === 0);
    expect(discord.outgoing().filter(({ message }) => JSON.stringify(message).includes('lost'))).toEqual([]);
  },
  PATIENCE_MS,
);
