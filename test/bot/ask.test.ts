import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { FakeInteraction } from '../sandbox/discord/discord.ts';
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
import { jsonFile, managedGuild } from '../support/managed-guild.ts';
import { startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';
import { faultsOf, isHeardToEnd } from '../support/words-heard.ts';

const TEST_MS = 90_000;
const EDIT_EVERY_MS = 1_200;
/** So many packets may be on their way, or under way in a busy machine, when it is asked to be silent. */
const ON_THE_WAY_PACKETS = 25;

const scene = useAskScene();
const { server, ask, sessionWith, lastRequest, usage } = scene;

const edits = (use: FakeInteraction) =>
  scene.stage.discord.requests.filter(({ method, path }) => method === 'PATCH' && path.includes(use.token));

test(
  'an answer is said from its first sentence on while it is written, whole, in order, and once',
  async () => {
    const { guild, listener } = await server('streaming');
    Object.assign(scene.model.behaviour, { tokensPerSecond: 10, firstTokenMs: 300 });
    const use = ask(guild);
    await use.firstResponse; // the sandbox takes none that comes too late
    await until('the whole answer is written', () => lastRequest()?.ended === 'done', PATIENCE_MS);
    const session = sessionWith(SENTENCES[0] ?? '');
    await until(
      'all of it is heard',
      () => linesHeard(scene.stage.fish, [listener]).length === 1,
      PATIENCE_MS,
    );
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
    Object.assign(scene.model.behaviour, { tokensPerSecond: 12 });
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
    expect(Math.min(...gaps)).toBeGreaterThan(EDIT_EVERY_MS / 2); // the first of two may be seen late
  },
  TEST_MS,
);

test.each(['stop', 'skip', 'leave'])(
  '/%s ends model, Fish and voice together, and nothing is sent or billed afterwards',
  async command => {
    const { guild, listener } = await server(command);
    // The model stops in the middle of an answer, so that it is still writing when it is stopped.
    Object.assign(scene.model.behaviour, { tokensPerSecond: 20, fault: { kind: 'stall', afterTokens: 30 } });
    scene.stage.fish.behaviour.packets = 500;
    const use = ask(guild);
    await until(
      'a second sentence is said',
      () => sessionWith(SENTENCES[1] ?? '') !== undefined,
      PATIENCE_MS,
    );
    const session = sessionWith('');
    await until('it is heard', () => listener.speech().length > 5, PATIENCE_MS);
    const other = scene.stage.discord.command(scene.ana, guild, command);
    const { at } = other;
    await other.reply();
    await until('the model’s stream is closed', () => lastRequest()?.ended === 'client-closed');
    await until('the Fish socket is closed', () => session?.ended === 'client-closed');
    const bytes = session?.bytes;
    const heard = listener.speech().length;
    await sleep(1_000);
    expect(session?.bytes).toBe(bytes);
    expect(listener.speech().length - heard).toBeLessThan(ON_THE_WAY_PACKETS);
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
    const mute = (on: boolean) => scene.stage.discord.mute(guild, scene.stage.discord.applicationId, on);
    Object.assign(scene.model.behaviour, { tokensPerSecond: 12 });
    ask(guild);
    await until('it is heard', () => listener.speech().length > 5, PATIENCE_MS);
    mute(true);
    await until('it is held', async () =>
      /muted by a moderator/.test(await scene.stage.discord.command(scene.ana, guild, 'queue').reply()),
    );
    const sessions = () => scene.stage.fish.sessions.slice(scene.before);
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
    const swallowed = scene.stage.discord.voice.map(server => server.call(guild.voiceChannel.id).swallowed);
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
    Object.assign(scene.model.behaviour, { answer, tokensPerSecond: 10 });
    scene.stage.fish.behaviour.fault = { kind: 'close', code: 1011, afterEvents: 3 };
    scene.stage.fish.behaviour.faultTimes = 1;
    const use = ask(guild);
    const sessions = () => scene.stage.fish.sessions.slice(scene.before);
    await until('it is heard', () => isHeardToEnd(sessions().at(-1), listener), PATIENCE_MS);
    expect(faultsOf(`Parrotfish said: ${answer}`, sessions(), listener.speech())).toEqual([]);
    await shown(use, answer);
    expect(sessions()).toHaveLength(2);
    const [, all = ''] = /(\d+) bytes/.exec(await usage(guild)) ?? [];
    expect(Number(all)).toBe(sessions().reduce((sum, { bytes }) => sum + bytes, 0));
  },
  TEST_MS,
);

test(
  'a restart ends an answer too, and says so',
  async () => {
    const { model } = scene;
    const env = { LLM_BASE_URL: model.url, LLM_API_KEY: model.apiKey, LLM_MODEL: model.model };
    await using alone = await startStage({ env });
    const { discord, bot } = alone;
    const person = discord.addUser('Ana');
    const guild = managedGuild(discord, { name: 'restart', manager: person });
    const listener = await discord.join(person, guild.voiceChannel);
    await discord.command(person, guild, 'settings import', jsonFile({ ask: true })).reply();
    Object.assign(model.behaviour, { tokensPerSecond: 2, answer: `Well. ${ANSWER}` });
    const use = discord.command(person, guild, 'ask', { prompt: 'Why?' });
    await until('it is heard', () => listener.speech().length > 5, PATIENCE_MS);
    const { code } = await bot.stop();
    expect(code).toBe(0);
    expect(lastRequest()?.ended).toBe('client-closed');
    await shown(use, /^Well\. .* \(stopped\)$/);
  },
  TEST_MS,
);
