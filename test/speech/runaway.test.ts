import { expect, test } from 'vitest';
import { LongSilence } from '../../src/audio/long-silence.ts';
import { synthesise } from '../../src/speech/synthesis.ts';
import { audioPackets, readPages } from '../audio/ogg/raw-ogg.ts';
import type { Attachment } from '../sandbox/discord/attachment.ts';
import { PERMISSION } from '../sandbox/discord/permissions.ts';
import { numberedPacket } from '../sandbox/fish/numbered-packets.ts';
import { fishRoom } from '../support/fish-room.ts';
import { startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';
import { isHeardToEnd, stretchesHeard, wordsIn } from '../support/words-heard.ts';

const PACKETS_PER_SECOND = 50;

test('two words with three minutes of sound are cut off, and Fish is left', async () => {
  await using room = await fishRoom({
    voice: 'numbered',
    packets: 180 * PACKETS_PER_SECOND,
    packetsPerEvent: 100,
  });
  let heard = 0;
  const options = { signal: AbortSignal.timeout(15_000), log: room.fish.room.log };
  for await (const packet of synthesise(room.fish, { lane: 'a guild', text: 'Hello there.' }, options))
    heard += Math.sign(packet.length);
  expect(heard).toBeGreaterThan(8 * PACKETS_PER_SECOND);
  expect(heard).toBeLessThan(20 * PACKETS_PER_SECOND);
  await until('the session is gone', () => room.server.openSessions === 0);
  await until('its slot is free', () => room.fish.status().inFlight === 0);
});

test('a long number takes long to say, and is said whole', async () => {
  await using room = await fishRoom({ voice: 'numbered', packets: 12 * PACKETS_PER_SECOND });
  let heard = 0;
  const options = { signal: AbortSignal.timeout(15_000), log: room.fish.room.log };
  for await (const packet of synthesise(room.fish, { lane: 'a guild', text: '8,888,888,888,888' }, options))
    heard += Math.sign(packet.length);
  expect(heard).toBe(12 * PACKETS_PER_SECOND);
});

/** Digital silence in Opus, in a packet that no other is like. */
const silence = (index: number) => Buffer.from([0xf8, 0xff, 0xfe, index >> 8, index & 0xff]);
const sound = (index: number) => numberedPacket({ text: 'sound', index });

test('of a long silence in speech three seconds are heard, and all that is said before and behind it', () => {
  const long = new LongSilence();
  const heard = Array.from({ length: 600 }, (_, index) => index).flatMap(index =>
    long.take(index >= 10 && index < 590 ? silence(index) : sound(index)),
  );
  const wanted = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(sound);
  wanted.push(...Array.from({ length: 3 * PACKETS_PER_SECOND }, (_, index) => silence(10 + index)));
  wanted.push(...Array.from({ length: 10 }, (_, index) => sound(590 + index)));
  expect([...heard, ...long.end()]).toEqual(wanted);
});

test('what is nothing but silence stays whole', () => {
  const long = new LongSilence();
  const packets = Array.from({ length: 400 }, (_, index) => silence(index));
  expect([...packets.flatMap(packet => long.take(packet)), ...long.end()]).toEqual(packets);
});

test('two words behind forty seconds of silence are heard, after three', async () => {
  await using room = await fishRoom({ fault: { kind: 'silence', seconds: 40 } });
  const packets: Uint8Array[] = [];
  const options = { signal: AbortSignal.timeout(15_000), log: room.fish.room.log };
  const utterance = { lane: 'a guild', text: 'Hello there.' };
  for await (const packet of synthesise(room.fish, utterance, options)) packets.push(Buffer.from(packet));
  const [session] = room.server.sessions;
  const silent = 40 * PACKETS_PER_SECOND;
  expect(packets).toEqual([
    ...(session?.packets.slice(0, 3 * PACKETS_PER_SECOND) ?? []),
    ...(session?.packets.slice(silent) ?? []),
  ]);
});

test('sound without end is cut off wherever it is heard: in chat, by /say, as a voice message and as a preview', async () => {
  await using stage = await startStage();
  const { discord, fish } = stage;
  const ana = discord.addUser('Ana', { locale: 'en-US' });
  const ben = discord.addUser('Ben', { locale: 'en-US' });
  const [read, said, posted] = ['read', 'said', 'posted'].map(name => {
    const guild = discord.addGuild({ name });
    for (const user of [ana, ben]) guild.addMember(user, { permissions: String(1n << 5n) });
    return guild;
  });
  if (!read || !said || !posted) throw new Error('no servers');
  posted.botPermissions = String(
    PERMISSION.viewChannel | PERMISSION.sendMessages | PERMISSION.sendVoiceMessages,
  );
  const listeners = await Promise.all([read, said].map(guild => discord.join(ana, guild.voiceChannel)));
  await discord.command(ana, read, 'join').reply();
  fish.behaviour.faultOf = () => ({ kind: 'runaway', factor: 60 });
  discord.message(ana, read.textChannel, 'Hello chat.');
  await discord.command(ana, said, 'say', { text: 'Hello there.' }).reply();
  const voice = fish.library.voices[0]?._id ?? '';
  const message = discord.command(ana, posted, 'voicemessage', { text: 'Hello file.' });
  const preview = discord.command(ben, posted, 'voice preview', {
    voice,
    text: 'Hello you.',
  });
  const files: Attachment[] = [];
  await until('both files', () => {
    files.splice(0, 2, ...discord.messages(posted.textChannel).flatMap(each => each.files));
    return files.length > 0 && preview.files.length > 0;
  });
  files.push(...preview.files);
  await message.reply();
  for (const file of files) {
    const { length } = audioPackets(readPages(Buffer.from(file.bytes ?? [])));
    expect(length).toBeGreaterThan(5 * PACKETS_PER_SECOND);
    expect(length).toBeLessThan(20 * PACKETS_PER_SECOND);
  }
  delete fish.behaviour.faultOf;
  discord.message(ana, read.textChannel, 'The next in chat.');
  await discord.command(ana, said, 'say', { text: 'The next there.' }).reply();
  for (const [index, ending] of ['The next in chat.', 'The next there.'].entries()) {
    const [listener] = listeners.slice(index);
    if (!listener) throw new Error('nobody listens');
    const next = () => fish.sessions.find(({ text }) => text.trim().endsWith(ending));
    await until('the next line', () => isHeardToEnd(next(), listener), 40_000);
    const endless = stretchesHeard(fish.sessions, listener.speech()).filter(
      ({ session }) => session !== next(),
    );
    expect(endless).toHaveLength(1);
    expect(endless[0]?.to).toBeLessThan(20 * PACKETS_PER_SECOND);
    expect(wordsIn(endless).map(({ number }) => number)[0]).toBe(0);
  }
  expect(fish.openSessions).toBe(0);
}, 90_000);
