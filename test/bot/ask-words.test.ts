import { expect, test } from 'vitest';
import { PERMISSION } from '../sandbox/discord/permissions.ts';
import type { ModelFault } from '../sandbox/llm/model-behaviour.ts';
import {
  ANSWER,
  PATIENCE_MS,
  SENTENCES,
  SHORT,
  shown,
  useAskScene,
  withoutQuestion,
} from '../support/ask-scene.ts';
import { linesHeard } from '../support/heard.ts';
import { setInPanel } from '../support/panel.ts';
import { until } from '../support/until.ts';

const TEST_MS = 90_000;

const scene = useAskScene();
const { server, ask, sessionWith, lastRequest, usage } = scene;

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
    scene.model.behaviour.fault = fault;
    const use = ask(guild);
    await until('words', () => use.messages.some(({ fields }) => words.test(String(fields['content']))));
    expect(use.ephemeral).toBe(true);
    expect(use.messages).toHaveLength(1);
    scene.model.behaviour.fault = undefined;
    scene.model.behaviour.answer = 'It lives.';
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
    Object.assign(scene.model.behaviour, { answer, fault, tokensPerSecond: 100 });
    const use = ask(guild);
    await until('it is heard', () => linesHeard(scene.stage.fish, [listener]).length === 1, PATIENCE_MS);
    expect(linesHeard(scene.stage.fish, [listener])[0]?.text).toBe(
      `Parrotfish said: It is ${name}. ${SHORT[0]}`,
    );
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
    scene.model.behaviour.answer = 'It is.';
    await shown(ask(guild, 'Is the sea deep?'), 'It is.');
    await shown(ask(guild, 'How deep?'), 'It is.');
    expect(lastRequest()?.messages).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Is the sea deep?' },
      { role: 'assistant', content: 'It is.' },
      { role: 'user', content: 'How deep?' },
    ]);
    const other = guild.addTextChannel({ name: 'other' });
    await shown(
      scene.stage.discord.command(scene.ana, guild, 'ask', { prompt: 'And?' }, { channel: other }),
      'It is.',
    );
    expect(lastRequest()?.messages).toHaveLength(2);
  },
  TEST_MS,
);

test(
  'a second question is queued like any line, and /queue shows the question',
  async () => {
    const { guild, listener } = await server('queue');
    Object.assign(scene.model.behaviour, {
      tokensPerSecond: 40,
      answer: (messages: readonly { content: string }[]) => `${messages.at(-1)?.content} ${SHORT[0]}`,
    });
    scene.stage.fish.behaviour.packets = 600; // it is being said for 12 s, so the second one has to wait
    const first = ask(guild, 'First *question*?');
    await until('the first is written', () => (lastRequest()?.tokens.length ?? 0) > 0, PATIENCE_MS);
    const second = ask(guild, 'Second question?');
    expect(withoutQuestion(await second.reply())).toMatch(
      /^Queued: One line comes before yours|^Queued: 1 line comes/,
    );
    const queue = await scene.stage.discord.command(scene.ana, guild, 'queue').reply();
    expect(queue).toMatch(
      /^Now: \*\*Ana\*\*: First \\\*question\\\*\?\n1\. \*\*Ana\*\*: Second question\?\nAll/,
    );
    scene.stage.fish.behaviour.packets = 25;
    await until('both are heard', () => linesHeard(scene.stage.fish, [listener]).length === 2, PATIENCE_MS);
    expect(linesHeard(scene.stage.fish, [listener]).map(({ text }) => text)).toEqual([
      `Parrotfish said: First question? ${SHORT[0]}`,
      `Second question? ${SHORT[0]}`,
    ]);
    await shown(first, `First *question*? ${SHORT[0]}`);
    await shown(second, `Second question? ${SHORT[0]}`);
    const [one, two] = scene.model.requests.slice(-2);
    expect(two?.at).toBeGreaterThan(one?.endedAt ?? Number.NaN);
  },
  TEST_MS,
);

test(
  'one who is in no voice channel gets the answer as text alone',
  async () => {
    const { guild } = await server('text');
    const before = scene.stage.fish.sessions.length;
    await shown(ask(guild, 'Why?', scene.ben), ANSWER);
    expect(scene.stage.fish.sessions).toHaveLength(before);
    expect(scene.stage.discord.botVoiceChannel(guild)).toBeNull();
  },
  TEST_MS,
);

test(
  'it is off at first; the panel switches it on, and says who may use it',
  async () => {
    const { guild } = await server('gates', {});
    const { discord } = scene.stage;
    expect(await ask(guild).reply()).toMatch(/switched off in this server/);
    const [by, form] = [
      { discord, guild, user: scene.ana },
      { page: 'rights', group: 'rights' },
    ];
    await setInPanel(by, form, { toggles: ['skipOthers', 'ask'] });
    scene.model.behaviour.answer = 'Yes.';
    await shown(ask(guild), 'Yes.');
    const role = guild.addRole('Curious');
    await setInPanel(by, form, { askRole: [role] });
    const refused = ask(guild, 'May I?', scene.ben);
    expect(await refused.reply()).toBe(`In this server \`/ask\` is for those with the role <@&${role.id}>.`);
    expect(refused.ephemeral).toBe(true);
    guild.setRoles(scene.ben, [role]);
    await shown(ask(guild, 'May I?', scene.ben), 'Yes.');
    const file = discord.command(scene.ana, guild, 'settings export');
    await file.reply();
    expect(JSON.parse(String(file.files[0]?.bytes))).toMatchObject({ ask: true, askRole: role.id });
  },
  TEST_MS,
);

test(
  'at a cap the speech ends politely, with a word to the caller, and the text goes on',
  async () => {
    const { guild, listener } = await server('caps', { ask: true, personBytesPerMinute: 120 });
    scene.model.behaviour.answer = `${SHORT.join(' ')} ${ANSWER}`;
    const use = ask(guild);
    await until('it is heard', () => linesHeard(scene.stage.fish, [listener]).length === 1, PATIENCE_MS);
    expect(linesHeard(scene.stage.fish, [listener])[0]?.text).toBe(
      `Parrotfish said: ${SHORT.join(' ')} ${SENTENCES[0]} and so on`,
    );
    await shown(use, scene.model.behaviour.answer);
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
    scene.model.behaviour.answer = `Come to discord.gg/abc, @everyone! ${ANSWER.repeat(12)}`;
    const use = ask(guild);
    await until('it is heard', () => linesHeard(scene.stage.fish, [listener]).length === 1, PATIENCE_MS);
    const said = linesHeard(scene.stage.fish, [listener])[0]?.text ?? '';
    expect(said).toMatch(/ and so on$/);
    expect(Buffer.byteLength(said)).toBeLessThan(200 + 20);
    await shown(use, /^Come to discord\u200b\.gg\/abc, @everyone! .*…$/);
    expect(await use.reply()).toHaveLength(2_000);
  },
  TEST_MS,
);

test(
  'what the answer hides is neither said nor shown while it is written, and addresses stay whole',
  async () => {
    const { guild, listener } = await server('hidden');
    const answer =
      'The ending: ||It was Bob. He did it all. Nobody knew it.|| See https://example.com/watch?v=abc&t=5 for more. Is `x ? y : z` clear? ~~Old. Gone.~~ New.';
    Object.assign(scene.model.behaviour, { answer, tokensPerSecond: 10 });
    const use = ask(guild);
    await until('it is heard', () => linesHeard(scene.stage.fish, [listener]).length === 1, PATIENCE_MS);
    expect(linesHeard(scene.stage.fish, [listener])[0]?.text).toBe(
      'Parrotfish said: The ending: spoiler See link to example for more. Is code clear? New.',
    );
    await shown(use, answer);
    const contents = scene.stage.discord.requests
      .filter(({ method, path }) => method === 'PATCH' && path.includes(use.token))
      .map(({ body }) => (body as { content: string }).content);
    for (const content of contents) expect(content.split('||').length % 2, content).toBe(1);
  },
  TEST_MS,
);

test(
  'no question and no answer is in the log, and the bot is alive',
  async () => {
    const { guild } = await server('log');
    await shown(ask(guild, 'A secret question?'), ANSWER);
    const log = scene.stage.bot.output;
    for (const word of ['secret question', 'sea salty', 'rivers carry', scene.model.apiKey])
      expect(log).not.toContain(word);
    expect(log).toContain('a question to the model');
    expect(log).not.toMatch(/"level":"(error|fatal)"/);
  },
  TEST_MS,
);

test(
  'what an answer has of blocked words is shown, and left out of what is said, which is told',
  async () => {
    const { guild, listener } = await server('blocked', { ask: true, blockedWords: ['rivers'] });
    scene.model.behaviour.answer = SHORT.join(' ');
    const use = ask(guild);
    await until('it is heard', () => linesHeard(scene.stage.fish, [listener]).length === 1, PATIENCE_MS);
    expect(linesHeard(scene.stage.fish, [listener])[0]?.text).toBe(
      `Parrotfish said: ${SHORT[1]} ${SHORT[2]}`,
    );
    const [text, told] = (await shown(use, /\n/)).split('\n');
    expect(text).toBe(SHORT.join(' '));
    expect(told).toMatch(/^-# I didn't say all of this aloud: .* blocked/);
  },
  TEST_MS,
);

test(
  'a blocked phrase is not said where an answer breathes in the middle of it',
  async () => {
    const { guild, listener } = await server('breath', { ask: true, blockedWords: ['two words'] });
    const long = 'bcdfghjklmnpr'
      .split('')
      .map(one => `${one}alt ${one}elt ${one}ilt `)
      .join('');
    scene.model.behaviour.answer = `${long}two words of it. They bring it.`;
    ask(guild);
    await until('it is heard', () => linesHeard(scene.stage.fish, [listener]).length === 1, PATIENCE_MS);
    const [heard] = linesHeard(scene.stage.fish, [listener]);
    expect(heard?.text).toBe(`Parrotfish said: ${long}two They bring it.`);
  },
  TEST_MS,
);

test(
  'moderators choose how the name of the bot itself is spoken, which is heard before its answers',
  async () => {
    const { guild, listener } = await server('its own name');
    const { discord, fish } = scene.stage;
    guild.addMember(scene.ben, { permissions: String(PERMISSION.muteMembers) });
    const member = guild.members.get(discord.applicationId)?.user;
    if (!member) throw new Error('the bot is not a member');
    await discord.command(scene.ben, guild, 'name', { member, say: 'Polly' }).reply();
    scene.model.behaviour.answer = 'It is.';
    ask(guild);
    await until('it is heard', () => linesHeard(fish, [listener]).length === 1, PATIENCE_MS);
    expect(linesHeard(fish, [listener])[0]?.text).toBe('Polly said: It is.');
  },
  TEST_MS,
);
