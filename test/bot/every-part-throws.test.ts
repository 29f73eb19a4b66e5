import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import { linesHeard } from '../support/heard.ts';
import { startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const MANAGE_GUILD = String(1n << 5n);
/** Uses are made so often: at the first the outermost part fails, then the one within it, and so on. */
const TIMES = 4;
/** Parts that the walk below has to have made fail, or it is no proof. */
const EXPECTED = [
  'a message',
  'a deletion',
  'interaction',
  'use of say',
  'use of settings',
  'use of Read aloud',
  'completion of say',
  'company',
  'own state',
  'hearing',
  'returns',
  'voice adapter',
  'voice connection stateChange',
  'voice message',
  'voice deadline',
  'voice re-join',
  'voice unheard',
  'a deserted channel',
  'conversation',
  'end of a conversation',
  'end of a session',
  'client messageCreate',
  'client interactionCreate',
  'client voiceStateUpdate',
  'gateway MESSAGE_DELETE',
  'packet MESSAGE_CREATE',
  'packet VOICE_STATE_UPDATE',
];

test('row 40: every part throws once: it costs that part, and nobody notices anything else', async () => {
  await using stage = await startStage({ meddling: true, fish: { packets: 50 } });
  const { discord, bot, fish } = stage;
  const ana = discord.addUser('Ana');
  const ben = discord.addUser('Ben');
  const server = (name: string) => {
    const guild = discord.addGuild({ name });
    guild.addMember(ana, { permissions: MANAGE_GUILD });
    guild.addMember(ben);
    return guild;
  };
  const walked = server('walked through');
  const beside = server('beside');
  await until('commands', () => bot.output.includes('commands registered'), 60_000);
  await discord.join(ana, walked.voiceChannel);
  const listener = await discord.join(ana, beside.voiceChannel);
  await discord.command(ana, beside, 'join').reply();
  const settings = Buffer.from('{"leaveAfter":5}');
  await discord
    .command(ana, walked, 'settings import', { file: { name: 'settings.json', bytes: settings } })
    .reply();

  await stage.meddle({ do: 'every part throws once' });
  for (let time = 0; time < TIMES; time += 1) await walk(walked);
  await desert(walked);
  const thrown = (await stage.meddle({ do: 'every part throws once' })) as string[];
  console.log(`${thrown.length} parts have thrown once: ${thrown.toSorted().join(', ')}`);
  expect(EXPECTED.filter(part => !thrown.includes(part))).toEqual([]);
  expect(bot.output).not.toMatch(/a fault of this program/);
  for (const part of thrown) expect(bot.output).toContain(`"fault":${JSON.stringify(part)}`);

  await says(beside, 'Nothing was noticed here.');
  expect(linesHeard(fish, [listener]).map(({ text }) => text)).toEqual([
    'Ana said: Nothing was noticed here.',
  ]);
  await discord.join(ana, walked.voiceChannel);
  await says(walked, 'And here all is well again.');
  expect((await bot.stop()).code).toBe(0);

  async function says(guild: FakeGuild, text: string): Promise<void> {
    await discord.command(ana, guild, 'say', { text }).reply();
    const session = () => fish.sessions.findLast(one => one.text.includes(text) && one.ended === 'finish');
    const heard = () =>
      discord.voice.flatMap(voice => voice.call(guild.voiceChannel.id).listeners.get(ana.id)?.speech() ?? []);
    await until(
      `"${text}" is heard`,
      () =>
        heard()
          .at(-1)
          ?.equals(session()?.packets.at(-1) ?? Buffer.of()) ?? false,
      20_000,
    );
  }

  /** All that people do; what becomes of it does not matter here. */
  async function walk(guild: FakeGuild): Promise<void> {
    const anyhow = (use: { reply(withinMs?: number): Promise<unknown> }) =>
      use.reply(4_000).catch(() => 'unanswered');
    const use = (name: string, options = {}, who: FakeUser = ana) =>
      discord.command(who, guild, name, options);
    await anyhow(use('say', { text: 'While all fails.' }));
    const written = discord.message(ana, guild.textChannel, 'A message.');
    await anyhow(discord.messageMenu(ana, written, 'Read aloud'));
    discord.deleteMessage(written);
    await discord.autocomplete(ana, guild, 'say', 'voice', { text: 'a', voice: 'a' }).catch(() => []);
    const panel = use('settings panel');
    if ((await anyhow(panel)) !== 'unanswered' && panel.message)
      await anyhow(discord.choose(ana, panel, 'settings:page', ['manners']));
    await discord.join(ben, guild.voiceChannel);
    const [voice] = discord.voice;
    voice?.close(guild.id, discord.applicationId, 4006);
    await sleep(500);
    await discord.leave(ben, guild);
    await anyhow(use('leave'));
  }

  /** The bot comes, and a step of that takes too long; then nobody is left, and it goes. */
  async function desert(guild: FakeGuild): Promise<void> {
    const [voice] = discord.voice;
    if (voice) voice.faults.noSessionDescription = true;
    const join = () =>
      discord
        .command(ana, guild, 'join')
        .reply()
        .catch(() => {});
    while (!bot.output.includes('"fault":"voice deadline"')) await Promise.all([join(), sleep(1_000)]);
    delete voice?.faults.noSessionDescription;
    while (discord.botVoiceChannel(guild) === null) await join();
    await discord.leave(ana, guild);
    await until('the bot has left', () => discord.botVoiceChannel(guild) === null, 60_000);
  }
}, 120_000);
