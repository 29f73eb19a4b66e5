import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { FakeGuild, FakeInteraction, FakeUser } from '../sandbox/discord/discord.ts';
import type { FishSession } from '../sandbox/fish/session-record.ts';
import { type FakeModel, startModel } from '../sandbox/llm/model.ts';
import { jsonFile, managedGuild } from './managed-guild.ts';
import { type Stage, startStage } from './stage.ts';

/** Generous, for slow machines: without the command the answer would go on for much longer. */
export const PATIENCE_MS = 60_000;

export const SENTENCES = [
  'Most of the salt comes from rocks on land.',
  'Rain wears them away, and rivers carry it down.',
  'Some comes from the floor of the sea.',
  'Water leaves it, but salt does not.',
  'Fish can live with that.',
];
export const ANSWER = SENTENCES.join(' ');
export const SHORT = ['Because of the rivers.', 'They bring it.', 'Rain helps.'];

/** The answer without the question above it. */
export const withoutQuestion = (text: string) => text.replace(/^> .*\n/, '');

/** Waits until the answer below its question reads so, and returns it. */
export async function shown(use: FakeInteraction, wanted: string | RegExp): Promise<string> {
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

/** A bot with a language model, and Ana and Ben, who ask it. */
class AskScene {
  model!: FakeModel;
  stage!: Stage;
  ana!: FakeUser;
  ben!: FakeUser;
  /** Fish Audio's sessions before this test. */
  before = 0;

  /** A server in which `/ask` is on, with Ana in its voice channel and Ben beside it. */
  readonly server = async (name: string, settings: object = { ask: true }) => {
    const { discord } = this.stage;
    const guild = managedGuild(discord, { name, manager: this.ana, members: [this.ben] });
    const listener = await discord.join(this.ana, guild.voiceChannel);
    await discord.command(this.ana, guild, 'settings import', jsonFile(settings)).reply();
    return { guild, listener };
  };

  readonly ask = (guild: FakeGuild, prompt = 'Why is the sea salty?', user = this.ana): FakeInteraction =>
    this.stage.discord.command(user, guild, 'ask', { prompt });

  /** The session of this test in which Fish Audio was sent this text. */
  readonly sessionWith = (text: string): FishSession | undefined =>
    this.stage.fish.sessions.slice(this.before).find(session => session.text.includes(text));

  /** What the language model was asked last. */
  readonly lastRequest = () => this.model.requests.at(-1);

  /** What `/usage` tells Ana of the last day, with numbers that have no commas. */
  readonly usage = async (guild: FakeGuild): Promise<string> => {
    const use = this.stage.discord.command(this.ana, guild, 'usage', { days: 1 });
    return (await use.reply()).replaceAll(',', '');
  };
}

/**
 * Starts a bot with a language model for all tests of a file, in which each test begins without faults. Has to be
 * called once in the file; what it returns is filled before the first test.
 */
export function useAskScene(): AskScene {
  const scene = new AskScene();
  beforeAll(async () => {
    const model = await startModel();
    const env = {
      LLM_BASE_URL: model.url,
      LLM_API_KEY: model.apiKey,
      LLM_MODEL: model.model,
      LLM_SYSTEM_PROMPT: 'Be brief.',
      LLM_MAX_TOKENS: '1000',
      LOG_LEVEL: 'debug',
    };
    scene.model = model;
    scene.stage = await startStage({ env }, discord => {
      scene.ana = discord.addUser('Ana');
      scene.ben = discord.addUser('Ben');
    });
  }, PATIENCE_MS);
  afterAll(async () => {
    await scene.stage[Symbol.asyncDispose]();
    await scene.model[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    Object.assign(scene.model.behaviour, {
      answer: ANSWER,
      tokensPerSecond: 500,
      firstTokenMs: 5,
      fault: undefined,
      faultTimes: undefined,
    });
    scene.stage.fish.behaviour.packets = undefined;
    scene.before = scene.stage.fish.sessions.length;
  });
  afterEach(() => {
    for (const { message } of scene.stage.discord.outgoing())
      expect(message).toMatchObject({ allowed_mentions: { parse: [] } });
  });
  return scene;
}
