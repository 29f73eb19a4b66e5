import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { FakeDiscord, FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import { freeScenes, returningScene } from '../support/returning.ts';
import { until } from '../support/until.ts';

const PATIENCE_MS = 90_000;
/** How many packets of 20 ms each line has: enough that the gateway is lost in its middle. */
const PACKETS = 75;

freeScenes(afterAll);

let scene: Awaited<ReturnType<typeof returningScene>>;
let ana: FakeUser;

beforeAll(async () => {
  scene = await returningScene({ packets: PACKETS });
  ana = scene.discord.addUser('Ana');
  await scene.start();
});
afterEach(() => {
  delete scene.discord.faults.voiceOutlivesGateway;
});

/** How the gateway is lost; `closeVoice` closes the voice socket of one of two servers, with 4006. */
type Lose = (discord: FakeDiscord, closeVoice: () => void) => void;

test.each<[string, { servers: number; lose: Lose }]>([
  ['op 7', { servers: 1, lose: discord => discord.reconnectGateway() }],
  [
    'closed with 1001; and in another server voice is closed with 4006 while the gateway is away',
    {
      servers: 2,
      lose(discord, closeVoice) {
        discord.closeGateway(1001);
        closeVoice();
      },
    },
  ],
  ['op 9, to be resumed', { servers: 1, lose: discord => discord.invalidSession(true) }],
  ['op 9 false, voice closed with it', { servers: 1, lose: discord => discord.invalidSession(false) }],
  [
    'op 9 false, the voice socket left open; and in another server voice is closed with 4006',
    {
      servers: 2,
      lose(discord, closeVoice) {
        closeVoice();
        discord.faults.voiceOutlivesGateway = true;
        discord.invalidSession(false);
      },
    },
  ],
])(
  'row 8: the gateway is lost in mid-speech, %s: the line goes on, what waits is said after it, what is told again is said once',
  async (way, { servers, lose }) => {
    const { discord, server, stays } = scene;
    const late = () => discord.voice.reduce((sum, one) => sum + one.late, 0);
    const lateBefore = late();
    const speaking = await Promise.all(Array.from({ length: servers }, (_, n) => speaks(`${n}, ${way}`)));
    lose(discord, () => {
      const { guild } = speaking.at(-1) ?? {};
      if (guild) discord.voice[0]?.close(guild.id, discord.applicationId, 4006);
    });
    for (const { second } of speaking) discord.tellAgain(second);
    const lost = await Promise.all(speaking.map(untilHeard));
    // Lost is at most what was on its way to a voice session that had just ended.
    expect(lost.reduce((sum, one) => sum + one)).toBeLessThanOrEqual(late() - lateBefore);
    expect(stays()).toHaveLength(servers);
    for (const { guild } of speaking) await discord.command(ana, guild, 'leave').reply();
    await until('it is away', () => stays().length === 0);
    expect(discord.outgoing().filter(({ message }) => JSON.stringify(message).includes('lost'))).toEqual([]);

    /** A server in which one line is being said, and another one waits. */
    async function speaks(name: string) {
      const { guild, listener } = await server(name, ana);
      await discord.command(ana, guild, 'join').reply();
      discord.message(ana, guild.textChannel, `A line that is being heard in ${name}.`);
      const second = discord.message(ana, guild.textChannel, `Another line that waits in ${name}.`);
      await until('speech', () => (listener?.speech().length ?? 0) > 20, 60_000);
      return { name, guild, second };
    }
  },
  PATIENCE_MS,
);

/** Waits until the bot is back and both lines have been heard, in order; resolves with how many packets were lost. */
async function untilHeard({ name, guild }: { name: string; guild: FakeGuild }): Promise<number> {
  const { discord, fish, back } = scene;
  await back(guild);
  const packets = () => fish.sessions.filter(({ text }) => text.includes(name)).flatMap(one => one.packets);
  const heard = () =>
    [...(discord.voice[0]?.call(guild.voiceChannel.id).listeners.values() ?? [])].flatMap(one =>
      one.speech(),
    );
  const isAllHeard = () => {
    const all = packets();
    return (
      all.length === 2 * PACKETS &&
      heard()
        .at(-1)
        ?.equals(all.at(-1) ?? Buffer.of()) === true
    );
  };
  await until('both lines have been heard', isAllHeard, 60_000);
  const sent = packets().map(packet => packet.toString('latin1'));
  const inOrder = heard().map(packet => sent.indexOf(packet.toString('latin1')));
  expect(inOrder).toEqual(inOrder.toSorted((a, b) => a - b));
  expect(new Set(inOrder).size).toBe(inOrder.length);
  return sent.length - inOrder.length;
}
