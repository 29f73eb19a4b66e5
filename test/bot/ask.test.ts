import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { FakeGuild, FakeInteraction, FakeUser } from '../sandbox/discord/discord.ts';
import type { FishSession } from '../sandbox/fish/session-record.ts';
import type { ModelFault } from '../sandbox/llm/model-behaviour.ts';
import { type FakeModel, startModel } from '../sandbox/llm/model.ts';
import { linesHeard } from '../support/heard.ts';
import { setInPanel } from '../support/panel.ts';
import { jsonFile, managedGuild } from '../support/managed-guild.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';
import { faultsOf, isHeardToEnd } from '../support/words-heard.ts';

/** Generous, for slow machines: without the command the answer would go on for much longer. */
const PATIENCE_MS = 60_000;
const TEST_MS = 90_000;
const MANAGE_GUILD = String(1n << 5n);
const EDIT_EVERY_MS = 1_200;

const SENTENCES = [
  'Most of the salt comes from rocks on land.',
  'Rain wears them away, and rivers carry the salt down to the sea.',
  'Some more comes from vents in the floor of the ocean.',
  'Water leaves the sea again when it becomes vapour, but salt does not.',
  'Fish have learned to live with that, and so has this one.',
];
const ANSWER = SENTENCES.join(' ');
const SHORT = ['Because of the rivers.', 'They bring it.', 'Rain helps.'];

let model: FakeModel;
let stage: Stage;
/** Fish Audio's sessions before this test. */
let before = 0;
let ana: FakeUser;
let ben: FakeUser;

beforeAll(async () => {
  model = await startModel();
  const env = {
    LLM_BASE_URL: model.url,
    LLM_API_KEY: model.apiKey,
    LLM_MODEL: model.model,
    LLM_SYSTEM_PROMPT: 'Be brief.',
    LLM_MAX_TOKENS: '1000',
    LOG_LEVEL: 'debug',
  };
  stage = await startStage({ env }, discord => {
    ana = discord.addUser('Ana');
    ben = discord.addUser('Ben');
  });
}, PATIENCE_MS);
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  await model[Symbol.asyncDispose]();
});
beforeEach(() => {
  Object.assign(model.behaviour, {
    answer: ANSWER,
    tokensPerSecond: 500,
    firstTokenMs: 5,
    fault: undefined,
    faultTimes: undefined,
  });
  stage.fish.behaviour.packets = undefined;
  before = stage.fish.sessions.length;
});
afterEach(() => {
  for (const { message } of stage.discord.outgoing())
    expect(message).toMatchObject({ allowed_mentions: { parse: [] } });
});

/** A server in which `/ask` is on, with Ana in its voice channel and Ben beside it. */
async function server(name: string, settings: object = { ask: true }) {
  const { discord } = stage;
  const guild = managedGuild(discord, { name, manager: ana, members: [ben] });
  const listener = await discord.join(ana, guild.voiceChannel);
  await discord.command(ana, guild, 'settings import', jsonFile(settings)).reply();
  return { guild, listener };
}

function ask(guild: FakeGuild, prompt = 'Why is the sea salty?', user = ana): FakeInteraction {
  return stage.discord.command(user, guild, 'ask', { prompt });
}

/** The answer without the question above it. */
const withoutQuestion = (text: string) => text.replace(/^> .*\n/, '');

/** Waits until the answer below its question reads so, and returns it. */
async function shown(use: FakeInteraction, wanted: string | RegExp): Promise<string> {
  const pattern = wanted instanceof RegExp ? wanted : /$^/;
  const fits = (text: string) => text === wanted || pattern.test(text);
  let text = withoutQuestion(await use.reply(PATIENCE_MS));
  for (const from = performance.now(); !fits(text) && performance.now() - from < 10_000; ) {
    await sleep(20);
    text = withoutQuestion(await use.reply());
  }
  expect(fits(text), text).toBe(true);
  return text;
}

const sessionWith = (text: string): FishSession | undefined =>
  stage.fish.sessions.slice(before).find(session => session.text.includes(text));
const lastRequest = () => model.requests.at(-1);
const edits = (use: FakeInteraction) =>
  stage.discord.requests.filter(({ method, path }) => method === 'PATCH' && path.includes(use.token));

test(
  'an answer is said from its first sentence on while it is written, whole, in order, and once',
  async () => {
    const { guild, listener } = await server('streaming');
    Object.assign(model.behaviour, { tokensPerSecond: 20, firstTokenMs: 300 });
    const use = ask(guild);
    await use.firstResponse; // the sandbox takes none that comes too late
    await until('the whole answer is written', () => lastRequest()?.ended === 'done', PATIENCE_MS);
    const session = sessionWith(SENTENCES[0] ?? '');
    await until('all of it is heard', () => linesHeard(stage.fish, [listener]).length === 1, PATIENCE_MS);
    expect(session?.text).toBe(`Parrotfish said: ${ANSWER}`);
    expect(session?.frames.filter(({ event }) => event === 'flush')).toHaveLength(SENTENCES.length);
    await shown(use, ANSWER);

    const tokens = lastRequest()?.tokens ?? [];
    const [first] = listener.speech().length > 0 ? listener.heard.filter(({ silence }) => !silence) : [];
    const sentenceEnd = tokens.find(({ text }) => text === '.')?.at ?? Number.NaN;
    const flushed = session?.frames.find(({ event }) => event === 'flush')?.at ?? Number.NaN;
    const firstAudioMs = (session?.firstAudioAt ?? Number.NaN) - flushed;
    const afterEnd = (first?.at ?? Number.NaN) - sentenceEnd;
    const lasted = (tokens.at(-1)?.at ?? 0) - (tokens[0]?.at ?? 0);
    console.log(
      `first sentence written → first packet heard: ${afterEnd.toFixed(0)} ms, of which Fish ${firstAudioMs.toFixed(0)} ms; ` +
        `${tokens.length} tokens in ${(lasted / 1000).toFixed(1)} s`,
    );
    // It speaks while the answer is still being written.
    expect(first?.at).toBeLessThan(tokens.at(-1)?.at ?? 0);
  },
  TEST_MS,
);

test(
  'the text grows in the channel, never faster than Discord likes',
  async () => {
    const { guild } = await server('growing');
    Object.assign(model.behaviour, { tokensPerSecond: 20 });
    const use = ask(guild);
    await until('it is written', () => lastRequest()?.ended === 'done', PATIENCE_MS);
    await shown(use, ANSWER);
    const changes = edits(use);
    expect(use.ephemeral).toBe(false);
    expect(changes.length).toBeGreaterThan(2);
    const contents = changes.map(({ body }) => (body as { content: string }).content);
    for (const content of contents) expect(content).toMatch(/^> Why is the sea salty\?\n/);
    const texts = contents.map(withoutQuestion);
    expect(texts[0]).toContain(SENTENCES[0]);
    for (const [index, text] of texts.entries()) {
      expect(ANSWER.startsWith(text)).toBe(true);
      expect(text.length).toBeGreaterThan(texts[index - 1]?.length ?? 0);
    }
    const gaps = changes.map(({ at }, index) => at - (changes[index - 1]?.at ?? Number.NEGATIVE_INFINITY));
    expect(Math.min(...gaps)).toBeGreaterThan(EDIT_EVERY_MS - 200);
  },
  TEST_MS,
);

test.each(['stop', 'skip', 'leave'])(
  '/%s ends model, Fish and voice together, and nothing is sent or billed afterwards',
  async command => {
    const { guild, listener } = await server(command);
    // The model stops in the middle of an answer, so that it is still writing when it is stopped.
    Object.assign(model.behaviour, { tokensPerSecond: 20, fault: { kind: 'stall', afterTokens: 40 } });
    stage.fish.behaviour.packets = 500;
    const use = ask(guild);
    await until(
      'a second sentence is said',
      () => sessionWith(SENTENCES[1] ?? '') !== undefined,
      PATIENCE_MS,
    );
    const session = sessionWith('');
    await until('it is heard', () => listener.speech().length > 5, PATIENCE_MS);
    const other = stage.discord.command(ana, guild, command);
    const { at } = other;
    await other.reply();
    await until('the model’s stream is closed', () => lastRequest()?.ended === 'client-closed');
    await until('the Fish socket is closed', () => session?.ended === 'client-closed');
    const bytes = session?.bytes;
    const heard = listener.speech().length;
    await sleep(1_000);
    expect(session?.bytes).toBe(bytes);
    expect(listener.speech()).toHaveLength(heard);
    const lastHeard = listener.heard.findLast(({ silence }) => !silence)?.at ?? 0;
    console.log(`/${command} → last packet: ${(lastHeard - at).toFixed(0)} ms`);
    const text = await shown(use, /^Most of the salt .* \(stopped\)$/);
    expect(ANSWER.startsWith(text.replace(' (stopped)', ''))).toBe(true);
    const [, all = ''] = /(\d+) bytes/.exec(await usage(guild)) ?? [];
    expect(Number(all)).toBe(bytes);
  },
  TEST_MS,
);

test(
  'while the bot is muted, no more of an answer is sent to Fish than the sentence in hand, and then the rest is said',
  async () => {
    const { guild, listener } = await server('unheard');
    const mute = (on: boolean) => stage.discord.mute(guild, stage.discord.applicationId, on);
    Object.assign(model.behaviour, { tokensPerSecond: 25 });
    ask(guild);
    await until('it is heard', () => listener.speech().length > 5, PATIENCE_MS);
    mute(true);
    await until('it is held', async () =>
      /muted by a moderator/.test(await stage.discord.command(ana, guild, 'queue').reply()),
    );
    const sessions = () => stage.fish.sessions.slice(before);
    const sentences = () => sessions().flatMap(({ text }) => SENTENCES.filter(one => text.includes(one)));
    const inHand = sentences().length + 1;
    await until('the whole answer is written', () => lastRequest()?.ended === 'done', PATIENCE_MS);
    await until('no session is under way', () => sessions().every(({ ended }) => ended === 'finish'));
    expect(sentences().length).toBeLessThanOrEqual(inHand);
    expect(inHand).toBeLessThan(SENTENCES.length);
    mute(false);
    await until('the rest is sent', () => sentences().length === SENTENCES.length, PATIENCE_MS);
    await until('its end is heard', () => isHeardToEnd(sessions().at(-1), listener), PATIENCE_MS);
    const lost = sessions().reduce((sum, { packets }) => sum + packets.length, 0) - listener.speech().length;
    const swallowed = stage.discord.voice.map(server => server.call(guild.voiceChannel.id).swallowed);
    expect(lost).toBeLessThanOrEqual(Math.max(...swallowed)); // what was on its way when the bot was muted
    expect(lost).toBeGreaterThanOrEqual(0);
    expect(
      sessions()
        .map(({ text }) => text)
        .join(''),
    ).toBe(`Parrotfish said: ${ANSWER}`);
  },
  TEST_MS,
);

test(
  'a Fish session that breaks off is repeated from the first sentence, nothing is heard twice, and each byte counts',
  async () => {
    const { guild, listener } = await server('repeated');
    const answer = `Here it broke. ${SHORT.join(' ')}`;
    Object.assign(model.behaviour, { answer, tokensPerSecond: 10 });
    stage.fish.behaviour.fault = { kind: 'close', code: 1011, afterEvents: 3 };
    stage.fish.behaviour.faultTimes = 1;
    const use = ask(guild);
    const sessions = () => stage.fish.sessions.slice(before);
    await until('it is heard', () => isHeardToEnd(sessions().at(-1), listener), PATIENCE_MS);
    expect(faultsOf(`Parrotfish said: ${answer}`, sessions(), listener.speech())).toEqual([]);
    await shown(use, answer);
    expect(sessions()).toHaveLength(2);
    const [, all = ''] = /(\d+) bytes/.exec(await usage(guild)) ?? [];
    expect(Number(all)).toBe(sessions().reduce((sum, { bytes }) => sum + bytes, 0));
  },
  TEST_MS,
);

/** Bytes of the server today, as `/usage` tells them. */
async function usage(guild: FakeGuild): Promise<string> {
  return (await stage.discord.command(ana, guild, 'usage', { days: 1 }).reply()).replaceAll(',', '');
}

test(
  'a restart ends an answer too, and says so',
  async () => {
    await using alone = await startStage(
      { env: { LLM_BASE_URL: model.url, LLM_API_KEY: model.apiKey, LLM_MODEL: model.model } },
      discord => {
        ana = discord.addUser('Ana');
      },
    );
    const { discord, bot } = alone;
    const guild = discord.addGuild();
    guild.addMember(ana, { permissions: MANAGE_GUILD });
    const listener = await discord.join(ana, guild.voiceChannel);
    const file = { name: 'settings.json', bytes: Buffer.from('{"ask":true}') };
    await discord.command(ana, guild, 'settings import', { file }).reply();
    Object.assign(model.behaviour, { tokensPerSecond: 2, answer: `Well. ${ANSWER}` });
    const use = discord.command(ana, guild, 'ask', { prompt: 'Why?' });
    await until('it is heard', () => listener.speech().length > 5, PATIENCE_MS);
    const { code } = await bot.stop();
    expect(code).toBe(0);
    expect(lastRequest()?.ended).toBe('client-closed');
    await shown(use, /^Well\. .* \(stopped\)$/);
  },
  TEST_MS,
);

const FAULTS: readonly [string, ModelFault, RegExp][] = [
  ['a key it does not like', { kind: 'refuse', status: 401 }, /refused my key.*LLM_API_KEY/],
  ['a model nobody knows', { kind: 'refuse', status: 404 }, /isn't there.*LLM_MODEL/],
  ['a question it does not like', { kind: 'refuse', status: 400 }, /refused that question/],
  ['too many questions', { kind: 'refuse', status: 429 }, /busy or has trouble/],
  ['trouble of its own', { kind: 'refuse', status: 503 }, /busy or has trouble/],
  ['an error in the stream', { kind: 'error', afterTokens: 0 }, /busy or has trouble/],
];

test.each(FAULTS)(
  'is said in words, to the caller alone: %s',
  async (name, fault, words) => {
    const { guild } = await server(name);
    model.behaviour.fault = fault;
    const use = ask(guild);
    await until('words', () => use.messages.some(({ fields }) => words.test(String(fields['content']))));
    expect(use.ephemeral).toBe(true);
    expect(use.messages).toHaveLength(1);
    model.behaviour.fault = undefined;
    model.behaviour.answer = 'It lives.';
    await shown(ask(guild), 'It lives.');
  },
  TEST_MS,
);

test.each<[string, ModelFault]>([
  ['cut', { kind: 'cut', afterTokens: 13 }],
  ['garbage', { kind: 'garbage', afterTokens: 13 }],
  ['error', { kind: 'error', afterTokens: 13 }],
])(
  'what was written before it broke off is said and shown: %s',
  async (name, fault) => {
    const { guild, listener } = await server(`broken ${name}`);
    const answer = `It is ${name}. ${SHORT.join(' ')}`;
    Object.assign(model.behaviour, { answer, fault, tokensPerSecond: 100 });
    const use = ask(guild);
    await until('it is heard', () => linesHeard(stage.fish, [listener]).length === 1, PATIENCE_MS);
    expect(linesHeard(stage.fish, [listener])[0]?.text).toBe(`Parrotfish said: It is ${name}. ${SHORT[0]}`);
    const [text = '', why] = (await shown(use, /\n/)).split('\n');
    expect(answer.startsWith(text) && text.length > 30).toBe(true);
    expect(why).toBe('-# The language model broke off in the middle. Please ask again in a moment.');
  },
  TEST_MS,
);

test(
  'a talk is remembered in its channel, and nowhere else',
  async () => {
    const { guild } = await server('memory');
    model.behaviour.answer = 'It is.';
    await shown(ask(guild, 'Is the sea deep?'), 'It is.');
    await shown(ask(guild, 'How deep?'), 'It is.');
    expect(lastRequest()?.messages).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Is the sea deep?' },
      { role: 'assistant', content: 'It is.' },
      { role: 'user', content: 'How deep?' },
    ]);
    const other = guild.addTextChannel({ name: 'other' });
    await shown(stage.discord.command(ana, guild, 'ask', { prompt: 'And?' }, { channel: other }), 'It is.');
    expect(lastRequest()?.messages).toHaveLength(2);
  },
  TEST_MS,
);

test(
  'a second question is queued like any line, and /queue shows the question',
  async () => {
    const { guild, listener } = await server('queue');
    Object.assign(model.behaviour, {
      tokensPerSecond: 40,
      answer: (messages: readonly { content: string }[]) => `${messages.at(-1)?.content} ${SHORT[0]}`,
    });
    stage.fish.behaviour.packets = 600; // it is being said for 12 s, so the second one has to wait
    const first = ask(guild, 'First *question*?');
    await until('the first is written', () => (lastRequest()?.tokens.length ?? 0) > 0, PATIENCE_MS);
    const second = ask(guild, 'Second question?');
    expect(withoutQuestion(await second.reply())).toMatch(
      /^Queued: One line comes before yours|^Queued: 1 line comes/,
    );
    const queue = await stage.discord.command(ana, guild, 'queue').reply();
    expect(queue).toMatch(
      /^Now: \*\*Ana\*\*: First \\\*question\\\*\?\n1\. \*\*Ana\*\*: Second question\?\nAll/,
    );
    stage.fish.behaviour.packets = 25;
    await until('both are heard', () => linesHeard(stage.fish, [listener]).length === 2, PATIENCE_MS);
    expect(linesHeard(stage.fish, [listener]).map(({ text }) => text)).toEqual([
      `Parrotfish said: First question? ${SHORT[0]}`,
      `Second question? ${SHORT[0]}`,
    ]);
    await shown(first, `First *question*? ${SHORT[0]}`);
    await shown(second, `Second question? ${SHORT[0]}`);
    const [one, two] = model.requests.slice(-2);
    expect(two?.at).toBeGreaterThan(one?.endedAt ?? Number.NaN);
  },
  TEST_MS,
);

test(
  'one who is in no voice channel gets the answer as text alone',
  async () => {
    const { guild } = await server('text');
    const before = stage.fish.sessions.length;
    await shown(ask(guild, 'Why?', ben), ANSWER);
    expect(stage.fish.sessions).toHaveLength(before);
    expect(stage.discord.botVoiceChannel(guild)).toBeNull();
  },
  TEST_MS,
);

test(
  'it is off at first; the panel switches it on, and says who may use it',
  async () => {
    const { guild } = await server('gates', {});
    const { discord } = stage;
    expect(await ask(guild).reply()).toMatch(/switched off in this server/);
    const [by, form] = [
      { discord, guild, user: ana },
      { page: 'rights', group: 'rights' },
    ];
    await setInPanel(by, form, { toggles: ['skipOthers', 'ask'] });
    model.behaviour.answer = 'Yes.';
    await shown(ask(guild), 'Yes.');
    const role = guild.addRole('Curious');
    await setInPanel(by, form, { askRole: [role] });
    const refused = ask(guild, 'May I?', ben);
    expect(await refused.reply()).toBe(`In this server \`/ask\` is for those with the role <@&${role.id}>.`);
    expect(refused.ephemeral).toBe(true);
    guild.setRoles(ben, [role]);
    await shown(ask(guild, 'May I?', ben), 'Yes.');
    const file = discord.command(ana, guild, 'settings export');
    await file.reply();
    expect(JSON.parse(String(file.files[0]?.bytes))).toMatchObject({ ask: true, askRole: role.id });
  },
  TEST_MS,
);

test(
  'at a cap the speech ends politely, with a word to the caller, and the text goes on',
  async () => {
    const { guild, listener } = await server('caps', { ask: true, personBytesPerMinute: 120 });
    model.behaviour.answer = `${SHORT.join(' ')} ${ANSWER}`;
    const use = ask(guild);
    await until('it is heard', () => linesHeard(stage.fish, [listener]).length === 1, PATIENCE_MS);
    expect(linesHeard(stage.fish, [listener])[0]?.text).toBe(
      `Parrotfish said: ${SHORT.join(' ')} ${SENTENCES[0]} and so on`,
    );
    await shown(use, model.behaviour.answer);
    expect(use.followUps).toMatchObject([
      { content: expect.stringMatching(/at most 120 bytes a minute/) as string },
    ]);
    const refused = ask(guild);
    expect(await refused.reply()).toMatch(/at most 120 bytes a minute/);
    const [, all = ''] = /(\d+) bytes/.exec(await usage(guild)) ?? [];
    expect(Number(all)).toBe(sessionWith('and so on')?.bytes);
  },
  TEST_MS,
);

test(
  'an answer may be as long as four messages, is shown within Discord’s limit, and forms no invitation',
  async () => {
    const { guild, listener } = await server('long', { ask: true, messageBytes: 50 });
    model.behaviour.answer = `Come to discord.gg/abc, @everyone! ${ANSWER.repeat(10)}`;
    const use = ask(guild);
    await until('it is heard', () => linesHeard(stage.fish, [listener]).length === 1, PATIENCE_MS);
    const said = linesHeard(stage.fish, [listener])[0]?.text ?? '';
    expect(said).toMatch(/ and so on$/);
    expect(Buffer.byteLength(said)).toBeLessThan(200 + 20);
    await shown(use, /^Come to discord\u200b\.gg\/abc, @everyone! .*…$/);
    expect(await use.reply()).toHaveLength(2_000);
  },
  TEST_MS,
);

test(
  'no question and no answer is in the log, and the bot is alive',
  async () => {
    const { guild } = await server('log');
    await shown(ask(guild, 'A secret question?'), ANSWER);
    const log = stage.bot.output;
    for (const word of ['secret question', 'sea salty', 'rivers carry', model.apiKey])
      expect(log).not.toContain(word);
    expect(log).toContain('a question to the model');
    expect(log).not.toMatch(/"level":"(error|fatal)"/);
  },
  TEST_MS,
);

test(
  'without a model there is no /ask',
  async () => {
    await using alone = await startStage();
    await until('commands', () => alone.discord.registered.length > 0);
    const names = alone.discord.registered.map(command => (command as { name: string }).name);
    expect(names).toContain('say');
    expect(names).not.toContain('ask');
  },
  TEST_MS,
);
