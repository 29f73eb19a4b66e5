import { expect, test } from 'vitest';
import { plainOgg } from '../sandbox/fish/ogg-shape.ts';
import { startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const SHAPES = [
  ['chained', { chainPerFlush: true }],
  ['continued over pages', { continuePackets: true }],
  ['byte by byte', { splitEvents: 'byte' }],
  ['stereo', { packet: 'stereo' }],
  ['without an end', { eos: false }],
  ['with headers apart', { headersApart: true, pagesPerEvent: 3 }],
] as const;

test('row 20: whatever form Fish’s Ogg has, the channel hears the very packets', async () => {
  await using stage = await startStage({ fish: { packets: 12 } });
  const { discord, fish } = stage;
  const guild = discord.addGuild({ name: 'Shapes' });
  const ana = discord.addUser('Ana');
  guild.addMember(ana);
  const listener = await discord.join(ana, guild.voiceChannel);
  for (const [name, shape] of SHAPES) {
    fish.behaviour.ogg = { ...plainOgg, ...shape };
    const before = listener.speech().length;
    await discord.command(ana, guild, 'say', { text: `This is ${name}.` }).reply();
    const session = () => fish.sessions.findLast(({ text }) => text.includes(name));
    await until(name, () => {
      const { ended, packets } = session() ?? {};
      return ended === 'finish' && listener.speech().length >= before + (packets?.length ?? Infinity);
    });
    expect(listener.speech().slice(before), name).toEqual(session()?.packets);
  }
}, 60_000);
