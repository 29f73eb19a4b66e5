import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import { startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const MANAGE_GUILD = String(1n << 5n);
const PATIENCE_MS = 120_000;
const ROUNDS = 60;
const PAUSE_MS = 60;
const QUIET_MS = 1_500;
const USD_PER_BYTE = 15 / 1e6;

const CAPS = { messageBytes: 200, personBytesPerMinute: 900, serverBytesPerDay: 1_500 };
const BYTES_OF_ALL = 2_500;

/** What costs more than it seems: scripts of three bytes a letter, emoji of many, marks upon marks. */
const SPAM: readonly ((n: number) => string)[] = [
  n => `スパム${n}、${'漢字かな交じり文。'.repeat(30)}`,
  n => `z${n} ${'Z\u0310\u0352\u0354\u033ca\u0334\u0311\u0337l\u0302\u031ag\u0322o\u0321 '.repeat(60)}`,
  n => `${n} ${'🏳️‍🌈👩‍👩‍👧‍👦🐟'.repeat(40)}`,
  n => `${n} word${' after word'.repeat(40)}`,
  n => `${n}`,
  n => `@everyone ${n} ${'<:pepe:123456789012345678>'.repeat(50)} https://example.com/${'x'.repeat(500)}`,
];

test(
  'row 18: no cap is passed by more than a message, and what Fish was sent is what was counted, whatever people write',
  async () => {
    await using stage = await startStage({
      fish: { packets: 5 },
      env: { DAILY_BUDGET_USD: String(BYTES_OF_ALL * USD_PER_BYTE), PRICE_PER_MILLION_BYTES: '15' },
    });
    const { discord, fish } = stage;
    const boss = discord.addUser('Boss');
    const people: { user: FakeUser; guild: FakeGuild; voice: string }[] = [];
    const guilds = ['one', 'two'].map(name => discord.addGuild({ name }));
    for (const [place, guild] of guilds.entries()) {
      guild.addMember(boss, { permissions: MANAGE_GUILD });
      const bytes = Buffer.from(JSON.stringify({ ...CAPS, announce: 'never' }));
      await discord.command(boss, guild, 'settings import', { file: { name: 'a.json', bytes } }).reply();
      for (const name of ['Ana', 'Ben', 'Cleo']) {
        const user = discord.addUser(name);
        guild.addMember(user);
        await discord.join(user, guild.voiceChannel);
        const voice = `voice-${place}-${name}`;
        await discord.command(user, guild, 'voice set', { voice }).reply();
        people.push({ user, guild, voice });
      }
      await discord.command(people.at(-1)?.user ?? boss, guild, 'join').reply();
    }
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [index, { user, guild }] of people.entries())
        discord.message(user, guild.textChannel, SPAM[(round + index) % SPAM.length]?.(round) ?? '');
      await sleep(PAUSE_MS);
    }
    const isQuiet = async () => {
      const before = fish.sessions.length;
      for (const guild of guilds)
        if ((await discord.command(boss, guild, 'queue').reply()) !== 'The queue is empty.') return false;
      await sleep(QUIET_MS);
      return fish.sessions.length === before && fish.openSessions === 0;
    };
    await until('nothing more is said', isQuiet, PATIENCE_MS);

    const sent = (which: (voice: unknown) => boolean) =>
      fish.sessions
        .filter(({ request }) => which(request['reference_id']))
        .reduce((sum, { bytes }) => sum + bytes, 0);
    const all = sent(() => true);
    expect(all).toBeLessThanOrEqual(BYTES_OF_ALL + CAPS.messageBytes);
    expect(all).toBeGreaterThan(BYTES_OF_ALL - 2 * CAPS.messageBytes); // it is the cap that ended it
    for (const { voice } of people)
      expect(sent(one => one === voice)).toBeLessThanOrEqual(CAPS.personBytesPerMinute + CAPS.messageBytes);
    for (const [place, guild] of guilds.entries()) {
      const ofGuild = sent(voice => String(voice).startsWith(`voice-${place}-`));
      expect(ofGuild).toBeLessThanOrEqual(CAPS.serverBytesPerDay + CAPS.messageBytes);
      const usage = await discord.command(boss, guild, 'usage').reply();
      expect(usage.replaceAll(',', '')).toContain(String(ofGuild));
    }
  },
  PATIENCE_MS,
);
