import { afterEach, expect, test } from 'vitest';
import { connectGateway, INTENTS } from '../support/gateway-client.ts';
import { startDiscord } from './discord/discord.ts';
import type { JsonObject } from './discord/json.ts';
import { PERMISSION } from './discord/permissions.ts';

const VOICE = 1 << 13;
const SOUND = Buffer.from('OggS, let us say');
const WAVEFORM = Buffer.from([0, 128, 255]).toString('base64');
const ENTRY = { id: '0', filename: 'voice-message.ogg', duration_secs: 1.5, waveform: WAVEFORM };
const BOT_MAY = PERMISSION.viewChannel | PERMISSION.sendMessages;

const sound = (type = 'audio/ogg') => new File([SOUND], 'voice-message.ogg', { type });
const voice = (entry: object = {}, more: object = {}) => ({
  flags: VOICE,
  attachments: [{ ...ENTRY, ...entry }],
  ...more,
});

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function scene() {
  const discord = await startDiscord();
  cleanups.push(() => discord[Symbol.asyncDispose]());
  const guild = discord.addGuild();
  guild.botPermissions = (BOT_MAY | PERMISSION.sendVoiceMessages).toString();
  const ana = discord.addUser('Ana');
  guild.addMember(ana);
  const client = await connectGateway(discord, INTENTS.guilds);
  cleanups.push(() => client.close());
  const path = `/channels/${guild.textChannel.id}/messages`;
  const post = (body: unknown, files?: Record<string, File>) => client.call('POST', path, body, files);
  /** Ana uses a command; `respond` is the first response to it, `hook` a call with its token. */
  const command = async () => {
    const commands = [{ name: 'speak', description: 'Speaks' }];
    await client.call('PUT', `/applications/${discord.applicationId}/commands`, commands);
    const use = discord.command(ana, guild, 'speak');
    const { id, token } = await client.next('INTERACTION_CREATE');
    const respond = (body: object, files?: Record<string, File>) =>
      client.call('POST', `/interactions/${String(id)}/${String(token)}/callback`, body, files);
    const hook = (method: string, end: string, body?: object, files?: Record<string, File>) =>
      client.call(method, `/webhooks/${discord.applicationId}/${String(token)}${end}`, body, files);
    return { use, respond, hook };
  };
  return { discord, guild, client, path, post, command };
}

test('a voice message in a channel comes back with its length and waveform', async () => {
  const { discord, guild, post } = await scene();
  const { status, json } = await post(voice(), { 'files[0]': sound() });
  expect(status).toBe(200);
  expect(json).toMatchObject({
    flags: VOICE,
    content: '',
    attachments: [
      {
        filename: 'voice-message.ogg',
        content_type: 'audio/ogg',
        size: SOUND.length,
        duration_secs: 1.5,
        waveform: WAVEFORM,
      },
    ],
  });
  const [message] = discord.messages(guild.textChannel);
  expect(Buffer.from(message?.files[0]?.bytes ?? [])).toEqual(SOUND);
});

test.each<[string, JsonObject, Record<string, File>, number]>([
  ['with words', voice({}, { content: 'listen' }), { 'files[0]': sound() }, 50159],
  ['with an embed', voice({}, { embeds: [{ title: 'x' }] }), { 'files[0]': sound() }, 50159],
  ['without a file', voice(), {}, 50160],
  ['of two files', voice(), { 'files[0]': sound(), 'files[1]': sound() }, 50160],
  ['of what discord.js guesses', voice(), { 'files[0]': sound('application/ogg') }, 50160],
  ['of no type', voice(), { 'files[0]': sound('') }, 50160],
  ['of a video', voice(), { 'files[0]': sound('video/ogg') }, 50160],
  ['told of nowhere', { flags: VOICE }, { 'files[0]': sound() }, 50161],
  ['told of another file', voice({ id: '1' }), { 'files[0]': sound() }, 50161],
  ['without length', voice({ duration_secs: undefined }), { 'files[0]': sound() }, 50161],
  ['of no length', voice({ duration_secs: 0 }), { 'files[0]': sound() }, 50161],
  ['with its length as a text', voice({ duration_secs: '1.5' }), { 'files[0]': sound() }, 50161],
  ['without waveform', voice({ waveform: undefined }), { 'files[0]': sound() }, 50161],
  ['of an empty waveform', voice({ waveform: '' }), { 'files[0]': sound() }, 50161],
  ['of a waveform that is no base64', voice({ waveform: 'a_b-' }), { 'files[0]': sound() }, 50161],
  [
    'of a waveform of 257 bytes',
    voice({ waveform: Buffer.alloc(257).toString('base64') }),
    { 'files[0]': sound() },
    50161,
  ],
])('a voice message %s is refused, in a channel and as an answer', async (_, body, files, code) => {
  const { discord, guild, post, command } = await scene();
  expect(await post(body, files)).toMatchObject({ status: 400, json: { code } });
  const { respond, hook } = await command();
  expect(await respond({ type: 4, data: body }, files)).toMatchObject({ status: 400, json: { code } });
  await respond({ type: 4, data: { content: 'here it comes' } });
  expect(await hook('POST', '', body, files)).toMatchObject({ status: 400, json: { code } });
  expect(discord.messages(guild.textChannel)).toHaveLength(1);
});

test('a waveform of 256 bytes passes', async () => {
  const { post } = await scene();
  const waveform = Buffer.alloc(256, 7).toString('base64');
  expect(await post(voice({ waveform }), { 'files[0]': sound() })).toMatchObject({
    status: 200,
    json: { attachments: [{ waveform }] },
  });
});

test('it takes a permission of its own, and not the one for files', async () => {
  const { guild, post } = await scene();
  guild.botPermissions = (BOT_MAY | PERMISSION.attachFiles).toString();
  expect(await post(voice(), { 'files[0]': sound() })).toMatchObject({ status: 403, json: { code: 50173 } });
  expect(await post({ content: 'a file' }, { 'files[0]': sound() })).toMatchObject({ status: 200 });
});

test('a file that only looks like one has neither length nor waveform', async () => {
  const { guild, post } = await scene();
  guild.botPermissions = (BOT_MAY | PERMISSION.attachFiles).toString();
  const { json } = await post({ content: 'hear', attachments: [ENTRY] }, { 'files[0]': sound() });
  expect(json['attachments']).toMatchObject([{ filename: 'voice-message.ogg' }]);
  expect(JSON.stringify(json)).not.toContain('waveform');
});

test('a voice message as the first answer to a command', async () => {
  const { command } = await scene();
  const { use, respond } = await command();
  expect((await respond({ type: 4, data: voice() }, { 'files[0]': sound() })).status).toBe(204);
  await use.reply();
  expect(use.ephemeral).toBe(false);
  expect(use.message?.flags).toBe(VOICE);
  expect(use.files).toMatchObject([
    { contentType: 'audio/ogg', voice: { durationSecs: 1.5, waveform: WAVEFORM } },
  ]);
  expect(Buffer.from(use.files[0]?.bytes ?? [])).toEqual(SOUND);
});

test('after "thinking" it is not to be had by an edit, but as a further message', async () => {
  const { use, respond, hook } = await (await scene()).command();
  const files = { 'files[0]': sound() };
  await respond({ type: 5, data: { flags: 1 << 6 } });
  const refused = { status: 400, json: { code: 50162 } };
  expect(await hook('PATCH', '/messages/@original', voice(), files)).toMatchObject(refused);
  expect(await hook('POST', '', voice(), files)).toMatchObject(refused); // which is an edit just then
  await hook('PATCH', '/messages/@original', { content: 'Done.' });
  expect(await hook('POST', '', voice(), files)).toMatchObject({ status: 200, json: { flags: VOICE } });
  expect(use.messages).toHaveLength(2);
  expect(use.messages[1]?.files).toMatchObject([{ voice: { durationSecs: 1.5 } }]);
});

test('and is never edited', async () => {
  const { client, path, post } = await scene();
  const { json } = await post(voice(), { 'files[0]': sound() });
  const edit = await client.call('PATCH', `${path}/${String(json['id'])}`, { content: 'words' });
  expect(edit).toMatchObject({ status: 400, json: { code: 50162 } });
});

test('a person’s voice message may say what it is', async () => {
  const { discord, guild, client, command } = await scene();
  const facts = { durationSecs: 12.25, waveform: WAVEFORM };
  const [ana] = [...guild.members.values()].filter(({ user }) => user.name === 'Ana');
  if (!ana) throw new Error('Ana is gone');
  await command();
  const file = { name: 'voice-message.ogg', contentType: 'audio/ogg', bytes: SOUND, voiceMessage: true };
  const sent = discord.message(ana.user, guild.textChannel, '', { attachments: [{ ...file, voice: facts }] });
  await client.call('PUT', `/applications/${discord.applicationId}/commands`, [{ name: 'Hear', type: 3 }]);
  discord.messageMenu(ana.user, sent, 'Hear');
  const { data } = await client.next('INTERACTION_CREATE', 1);
  expect(data).toMatchObject({
    resolved: {
      messages: { [sent.id]: { flags: VOICE, attachments: [{ duration_secs: 12.25, waveform: WAVEFORM }] } },
    },
  });
});
