import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { translator } from '../../src/locale/catalogue.ts';
import { STATEMENT_VERSION } from '../../src/voices/statement.ts';
import { ogg, wav } from '../audio/recording/recordings.ts';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import type { FakeInteraction } from '../sandbox/discord/interaction.ts';
import { jsonFile } from '../support/managed-guild.ts';
import { setInPanel } from '../support/panel.ts';
import { deleteData } from '../support/privacy.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const MANAGE_GUILD = String(1n << 5n);

let stage: Stage;
let ana: FakeUser;
let ben: FakeUser;
let admin: FakeUser;

beforeAll(async () => {
  stage = await startStage({ fish: { packets: 5, strictVoices: true } }, discord => {
    ana = discord.addUser('Ana');
    ben = discord.addUser('Ben');
    admin = discord.addUser('Admin');
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

const use = (user: FakeUser, guild: FakeGuild, name: string, options = {}) =>
  stage.discord.command(user, guild, name, options);

/** A server whose administrator has allowed clones, with everybody in its voice channel. */
async function server(name: string, { allowed = true } = {}): Promise<FakeGuild> {
  const { discord } = stage;
  const guild = discord.addGuild({ name });
  guild.addMember(admin, { permissions: MANAGE_GUILD });
  for (const user of [ana, ben]) {
    guild.addMember(user);
    await discord.join(user, guild.voiceChannel);
  }
  if (allowed) {
    const form = { page: 'rights', group: 'rights' };
    const sent = await setInPanel({ discord, guild, user: admin }, form, {
      toggles: ['skipOthers', 'clone'],
    });
    expect(await sent.reply()).toMatch(/Own voices\*\*: On/);
  }
  return guild;
}

function clone(user: FakeUser, guild: FakeGuild, bytes: Uint8Array, options = {}): FakeInteraction {
  const audio = { name: 'me.wav', contentType: 'audio/wav', bytes };
  return use(user, guild, 'voice clone', { name: 'My voice', audio, consent: true, ...options });
}

const contentOf = ({ fields }: FakeInteraction['messages'][number]) => String(fields['content']);

/** Waits for the word that the voice is ready, and returns its id. */
async function ready(made: FakeInteraction): Promise<string> {
  await made.reply();
  await until('the voice is ready', () => made.messages.some(told => contentOf(told).includes('is ready')));
  return stage.fish.library.made.at(-1)?.id ?? '';
}

/** Says something, and returns what Fish Audio was asked. */
async function said(user: FakeUser, guild: FakeGuild, text: string, options = {}) {
  await use(user, guild, 'say', { text, ...options }).reply();
  const session = () => stage.fish.sessions.find(each => each.text.includes(text) && each.ended === 'finish');
  await until(`“${text}” is said`, () => session() !== undefined);
  return session()!;
}

const isDeleted = (id: string) => stage.fish.library.made.find(voice => voice.id === id)?.deleted === true;

async function exported(user: FakeUser, guild: FakeGuild) {
  const answer = use(user, guild, 'privacy export');
  await answer.reply();
  return JSON.parse(Buffer.from(answer.message?.files[0]?.bytes ?? []).toString()) as {
    clones: Record<string, unknown>[];
    servers: Record<string, unknown>[];
  };
}

test('nothing is made unless the server allows it and the person agrees', async () => {
  const guild = await server('off', { allowed: false });
  expect(await clone(ana, guild, wav(12)).reply()).toMatch(/settings panel/);
  const other = await server('asks');
  const refused = clone(ana, other, wav(12), { consent: false });
  expect(await refused.reply()).toMatch(/my own voice/);
  expect(await refused.reply()).toContain('/voice forget');
  expect(await clone(ana, other, wav(12), { name: '\u200b ' }).reply()).toMatch(/name/);
  expect(stage.fish.library.made).toEqual([]);
});

test('a recording is heard at once, then the voice made of it, by its owner alone, until it is taken back', async () => {
  const guild = await server('whole');
  const bytes = wav(12);
  const { fish } = stage;
  fish.behaviour.rest = { kind: 'slow', ms: 1_500, method: 'POST', times: 1 };
  const made = clone(ana, guild, bytes, { transcript: 'Once upon a time' });
  expect(await made.reply()).toMatch(/your own voice from now on/);
  expect(made.ephemeral).toBe(true);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const early = await said(ana, guild, 'while it is being made');
  expect(early.references).toEqual([{ bytes: bytes.length, sha256, kind: 'wav', text: 'Once upon a time' }]);
  expect(early.request['reference_id']).toBeUndefined();
  expect(early.text).not.toContain('Ana said');
  const voice = await ready(made);
  expect(fish.library.get(voice)).toMatchObject({ title: 'My voice', visibility: 'private' });
  expect(fish.library.made.at(-1)).toMatchObject({
    voices: [{ sha256, kind: 'wav' }],
    texts: ['Once upon a time'],
  });
  const later = await said(ana, guild, 'now that it is made');
  expect(later.request['reference_id']).toBe(voice);
  expect(later.references).toEqual([]);
  expect((await exported(ana, guild)).clones).toEqual([
    {
      guildId: guild.id,
      voiceId: voice,
      name: 'My voice',
      createdAt: expect.any(Number),
      audioHash: sha256,
      statementVersion: 1,
    },
  ]);

  expect(await use(ben, guild, 'say', { text: 'I am Ana', voice }).reply()).toMatch(/somebody's own voice/);
  expect(await use(ben, guild, 'voice set', { voice }).reply()).toMatch(/somebody's own voice/);
  expect(await use(admin, guild, 'voice server', { voice }).reply()).toMatch(/somebody's own voice/);
  const elsewhere = await server('elsewhere');
  expect(await use(ana, elsewhere, 'voice set', { voice }).reply()).toMatch(/in their server/);
  expect(await use(ben, guild, 'voice forget', { voice }).reply()).toMatch(/no such voice/);
  // What gets past the commands is not said in it either.
  const settings = { voice, newcomerVoices: [voice] };
  const file = { name: 'a.json', bytes: Buffer.from(JSON.stringify(settings)) };
  await use(admin, guild, 'settings import', { file }).reply();
  expect((await said(ben, guild, 'in which voice')).request['reference_id'] ?? null).toBeNull();

  const offered = (name: string, user: FakeUser, where = guild) =>
    stage.discord.autocomplete(user, where, name, 'voice', { voice: 'my voice' });
  const own = { name: 'My voice', value: voice };
  expect(await offered('voice forget', ana)).toEqual([own]);
  expect(await offered('voice forget', admin)).toEqual([own]);
  expect(await offered('voice forget', ben)).toEqual([]);
  expect(await offered('voice set', ana)).toContainEqual(own);
  for (const others of [await offered('voice set', ben), await offered('voice set', ana, elsewhere)])
    expect(others.map(({ value }) => value)).not.toContain(voice);

  expect(await use(ana, guild, 'voice forget', { voice: 'my VOICE' }).reply()).toMatch(/at Fish Audio too/);
  expect(isDeleted(voice)).toBe(true);
  const data = await exported(ana, guild);
  expect(data.clones).toEqual([]);
  expect(data.servers).toMatchObject([{ guildId: guild.id, settings: { voice: null } }]);
  expect((await said(ana, guild, 'and after it')).request['reference_id'] ?? null).toBeNull();
});

test('a voice message of Discord is sent as WAV, for Fish Audio names no Ogg', async () => {
  const guild = await server('ogg');
  stage.fish.behaviour.rest = { kind: 'slow', ms: 1_000, method: 'POST', times: 1 };
  const made = clone(ana, guild, ogg());
  await made.reply();
  const early = await said(ana, guild, 'before the voice message');
  expect(early.references).toMatchObject([{ kind: 'wav', text: '' }]);
  await ready(made);
  expect(stage.fish.library.made.at(-1)?.voices).toMatchObject([{ kind: 'wav' }]);
});

test('of a longer recording the beginning is heard until the voice is made', async () => {
  const guild = await server('long');
  stage.fish.behaviour.rest = { kind: 'slow', ms: 1_000, method: 'POST', times: 1 };
  const made = clone(ana, guild, wav(60), { transcript: 'a minute of words' });
  await made.reply();
  const early = await said(ana, guild, 'the beginning alone');
  expect(early.references).toMatchObject([{ bytes: wav(30).length, text: '' }]);
  await ready(made);
  expect(stage.fish.library.made.at(-1)).toMatchObject({ texts: ['a minute of words'] });
});

test('what is chosen while the voice is made comes first', async () => {
  const guild = await server('meanwhile');
  const [other] = stage.fish.library.voices.filter(({ visibility }) => visibility === 'public');
  stage.fish.behaviour.rest = { kind: 'slow', ms: 1_000, method: 'POST', times: 1 };
  const made = clone(ana, guild, wav(12));
  await made.reply();
  await use(ana, guild, 'voice set', { voice: other!._id }).reply();
  await ready(made);
  expect((await said(ana, guild, 'the other voice')).request['reference_id']).toBe(other!._id);
});

test('when Fish Audio makes no voice, the person is told, and nothing of it stays', async () => {
  const guild = await server('refused');
  for (const [status, told] of [
    [422, /another recording/],
    [503, /trouble/],
    [402, /credit/],
  ] as const) {
    stage.fish.behaviour.rest = {
      kind: 'status',
      status,
      body: '{"message":"No"}',
      method: 'POST',
      times: 1,
    };
    const made = clone(ana, guild, wav(12));
    await made.reply();
    await until('the person is told', () => made.messages.some(message => told.test(contentOf(message))));
  }
  const after = await said(ana, guild, 'in the voice from before');
  expect([after.references, after.request['reference_id'] ?? null]).toEqual([[], null]);
  const { clones } = await exported(ana, guild);
  expect(clones.filter(({ guildId }) => guildId === guild.id)).toEqual([]);
});

test('a person has few of them in a server, and those who manage it may delete each', async () => {
  const guild = await server('few');
  for (const name of ['one', 'two', 'three']) await ready(clone(ana, guild, wav(12), { name }));
  expect(await clone(ana, guild, wav(12), { name: 'four' }).reply()).toMatch(/3 voices/);
  expect(await use(admin, guild, 'voice forget', { voice: 'two' }).reply()).toMatch(/deleted “two”/);
  expect((await exported(ana, guild)).clones.map(({ name }) => name).slice(-2)).toEqual(['one', 'three']);
});

test('an import takes nobody’s own voice for the server, and says where it stands', async () => {
  const guild = await server('import');
  const voice = await ready(clone(ben, guild, wav(12)));
  const imported = (settings: object) => use(admin, guild, 'settings import', jsonFile(settings)).reply();
  for (const [settings, where] of [
    [{ voice, speed: 1.5 }, 'voice'],
    [{ newcomerVoices: [voice] }, 'newcomerVoices.0'],
  ] as const)
    expect(await imported(settings)).toBe(
      `The voice \`${voice}\`, which stands at \`${where}\` in that file, is somebody's own voice, ` +
        "so it can't be the server's. Nothing was changed.",
    );
  expect(await imported({ speed: 1 })).toMatch(/same|nothing/i);
});

test('while Fish Audio is down a voice is gone here at once, and there when it is back', async () => {
  const guild = await server('down');
  const voice = await ready(clone(ben, guild, wav(12)));
  stage.fish.behaviour.rest = { kind: 'status', status: 503, body: 'down', method: 'DELETE', times: 2 };
  expect(await use(ben, guild, 'voice forget', { voice }).reply()).toMatch(/isn't answering/);
  expect(isDeleted(voice)).toBe(false);
  expect(await use(ben, guild, 'say', { text: 'with what is left of it', voice }).reply()).toMatch(
    /own voice/,
  );
  await until('it is deleted there', () => isDeleted(voice), 60_000);
});

test('who has everything of theirs deleted has no voice left, neither made nor being made', async () => {
  const guild = await server('privacy');
  const voice = await ready(clone(ben, guild, wav(12)));
  stage.fish.behaviour.rest = { kind: 'slow', ms: 1_000, method: 'POST', times: 1 };
  const before = stage.fish.library.made.length;
  const made = clone(ben, guild, wav(12), { name: 'another' });
  await made.reply();
  await deleteData(stage, ben, guild);
  expect((await said(ben, guild, 'without any of it')).references).toEqual([]);
  await until('the one is deleted', () => isDeleted(voice));
  await until('the other is deleted', () => isDeleted(stage.fish.library.made[before]?.id ?? ''));
  expect(await exported(ben, guild)).toMatchObject({ clones: [], servers: [] });
});

test('neither recordings nor their words are in a log', () => {
  expect(stage.bot.output).toContain('a voice was made');
  for (const words of ['Once upon', 'My voice', 'minute of words'])
    expect(stage.bot.output).not.toContain(words);
});

test('the statement that people agree to has the version that is kept with their voice', () => {
  const text = translator('en')('clone.statement');
  const known = { 1: '2cd8e29c068db81e' };
  expect({ [STATEMENT_VERSION]: createHash('sha256').update(text).digest('hex').slice(0, 16) }).toEqual(
    known,
  );
});
