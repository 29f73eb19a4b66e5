import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { audioPackets, readPages } from '../audio/ogg/raw-ogg.ts';
import type { Attachment } from '../sandbox/discord/attachment.ts';
import type { FakeChannel } from '../sandbox/discord/channel.ts';
import type { FakeGuild, FakeInteraction, FakeUser } from '../sandbox/discord/discord.ts';
import { PERMISSION } from '../sandbox/discord/permissions.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const VOICE = 1 << 13;
const BOT_MAY = PERMISSION.viewChannel | PERMISSION.sendMessages;

let stage: Stage;
let ana: FakeUser;

beforeAll(async () => {
  stage = await startStage({}, discord => {
    ana = discord.addUser('Ana', { locale: 'en-US' });
  });
});
afterAll(() => stage[Symbol.asyncDispose]());
beforeEach(() => {
  stage.fish.behaviour.firstAudioMs = 5;
});

/** A server of its own for each test, where the bot may send voice messages. */
function server(name: string, permissions = BOT_MAY | PERMISSION.sendVoiceMessages): FakeGuild {
  const guild = stage.discord.addGuild({ name });
  guild.addMember(ana, { permissions: String(1n << 5n) });
  guild.botPermissions = permissions.toString();
  return guild;
}

function ask(guild: FakeGuild, text: string, options = {}): FakeInteraction {
  return stage.discord.command(ana, guild, 'voicemessage', { text, ...options });
}

/** What stands in the channel, once a message with a file does and nobody thinks any more. */
async function posted(guild: FakeGuild) {
  const messages = () => stage.discord.messages(guild.textChannel);
  await until('a file', () => messages().some(({ files }) => files.length > 0));
  return messages();
}

function sessionOf(text: string) {
  const session = stage.fish.sessions.find(one => one.text.trim() === text);
  if (!session) throw new Error('Fish was not sent that text');
  return session;
}

/** How long it plays by its last page, in seconds. */
function secondsOf(file: Attachment | undefined): number {
  const pages = readPages(Buffer.from(file?.bytes ?? []));
  const preSkip = pages[0]?.pieces[0]?.readUInt16LE(10) ?? Number.NaN;
  return (Number(pages.at(-1)?.granule) - preSkip) / 48_000;
}

test.each([
  ['at once', 5],
  ['after "thinking", which goes', 700],
])('a voice message of the very packets that Fish sent: %s', async (name, firstAudioMs) => {
  stage.fish.behaviour.firstAudioMs = firstAudioMs;
  const guild = server(name);
  const text = `Hear this ${name}.`;
  const use = ask(guild, text, { voice: 'voice-of-ana' });
  await use.firstResponse; // the sandbox takes none that comes too late
  const [message, ...others] = await posted(guild);
  expect(others).toEqual([]);
  expect(message).toMatchObject({ flags: VOICE, interaction: { user: { id: ana.id } } });
  expect(message?.fields).toMatchObject({ allowed_mentions: { parse: [] } });
  expect(message?.fields['content'] ?? '').toBe('');
  expect(message?.files).toHaveLength(1);
  const [file] = message?.files ?? [];
  expect(file).toMatchObject({ name: 'voice-message.ogg', contentType: 'audio/ogg' });
  const session = sessionOf(text);
  expect(session.request).toMatchObject({ reference_id: 'voice-of-ana' });
  const pages = readPages(Buffer.from(file?.bytes ?? []));
  expect(pages.every(({ crcRight }) => crcRight)).toBe(true);
  expect(audioPackets(pages)).toEqual(session.packets);
  expect(file?.voice?.durationSecs).toBeCloseTo(secondsOf(file), 6);
});

test('its waveform is drawn of its sound: words are high, silence is low', async () => {
  const { behaviour } = stage.fish;
  const guild = server('waveform');
  behaviour.voice = 'espeak';
  behaviour.fault = { kind: 'silence', seconds: 1 };
  behaviour.faultTimes = 1;
  ask(guild, 'Loud and clear, after a second of nothing.');
  const [message] = await posted(guild);
  behaviour.voice = 'numbered';
  const [file] = message?.files ?? [];
  const seconds = secondsOf(file);
  expect(seconds).toBeGreaterThan(2);
  expect(file?.voice?.durationSecs).toBeCloseTo(seconds, 6);
  const bars = Buffer.from(file?.voice?.waveform ?? '', 'base64');
  expect(bars.length).toBe(Math.min(256, Math.round(seconds * 10)));
  expect(Math.max(...bars.subarray(0, 9))).toBeLessThan(10);
  expect(Math.max(...bars)).toBe(255);
});

test.each([
  ['at once', 5],
  ['after "thinking"', 700],
])('where the bot may send none it says so, and sends a file: %s', async (name, firstAudioMs) => {
  stage.fish.behaviour.firstAudioMs = firstAudioMs;
  const guild = server(`forbidden ${name}`, BOT_MAY);
  const text = `As a file, ${name}.`;
  ask(guild, text);
  const [message, ...others] = await posted(guild);
  expect(others).toEqual([]);
  expect(message?.flags).toBe(0);
  expect(message?.fields).toMatchObject({
    content: expect.stringContaining('Send Voice Messages'),
    allowed_mentions: { parse: [] },
  });
  const [file] = message?.files ?? [];
  expect(audioPackets(readPages(Buffer.from(file?.bytes ?? [])))).toEqual(sessionOf(text).packets);
});

test('what is too long is cut as /say cuts it, and the caller alone is told', async () => {
  const guild = server('long');
  const use = ask(guild, 'This goes on and on. '.repeat(90));
  await until('both', () => use.messages.length === 2);
  const [voice, told] = use.messages;
  expect(voice?.flags).toBe(VOICE);
  expect(told?.flags).toBe(1 << 6);
  expect(told?.fields['content']).toContain('beginning only');
  expect(stage.fish.sessions.at(-1)?.bytes).toBeLessThanOrEqual(1_000);
});

test('at a cap and when Fish fails the caller alone is told, in words, and nothing else stands there', async () => {
  const guild = server('failing');
  const { behaviour } = stage.fish;
  const bytes = Buffer.from(JSON.stringify({ personBytesPerMinute: 10 }));
  const file = { name: 'settings.json', bytes };
  await stage.discord.command(ana, guild, 'settings import', { file }).reply();
  const capped = ask(guild, 'More than ten bytes.');
  expect(await capped.reply()).toMatch(/10 bytes a minute/);
  expect(capped.ephemeral).toBe(true);

  const other = server('refused');
  behaviour.fault = { kind: 'error', afterEvents: 0, error: 'Invalid text' };
  // In another voice it says no more.
  const use = ask(other, 'Nobody hears this.', { voice: 'no-such-voice' });
  expect(await use.reply()).toMatch(/Fish Audio refused/);
  delete behaviour.fault;
  await until('the answer', () => use.ephemeral === true);
  expect(stage.discord.messages(other.textChannel).filter(({ flags }) => (flags & (1 << 6)) === 0)).toEqual(
    [],
  );
});

test('text without anything to say is refused, and nothing that was said is in the log', async () => {
  const use = ask(server('nothing'), '\u200b\u2060.');
  expect(await use.reply()).toMatch(/nothing/);
  expect(use.ephemeral).toBe(true);
  for (const words of ['Hear this', 'Loud and clear', 'As a file', 'goes on and on'])
    expect(stage.bot.output).not.toContain(words);
});

test('whoever asked pays', async () => {
  const guild = server('ledger');
  ask(guild, 'Twelve bytes');
  await posted(guild);
  const usage = await stage.discord.command(ana, guild, 'usage').reply();
  expect(usage).toContain(`<@${ana.id}> · 12 bytes`);
});

test('unless the operator allows it, the menu "Save as audio" is for servers with the bot alone', async () => {
  const { discord } = stage;
  const guild = server('menu');
  discord.install(ana);
  const save = (channel: FakeChannel, text: string) =>
    discord.messageMenu(ana, discord.message(ana, channel, text), 'Save as audio').reply();
  expect(await save(guild.textChannel, 'Here.')).toMatch(/audio file/);
  for (const command of discord.registered)
    expect(command).toMatchObject({ integration_types: [0], contexts: [0] });
  await expect(save(discord.addConversation(ana).textChannel, 'There.')).rejects.toThrow();
});
