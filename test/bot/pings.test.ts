import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import { contentOf } from '../sandbox/discord/message.ts';
import { type FakeModel, startModel } from '../sandbox/llm/model.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';
import { useWholeMenu } from '../support/whole-menu.ts';

const MANAGE_GUILD = String(1n << 5n);
const PATIENCE_MS = 120_000;
const WORDS = '@everyone @here <@&1> <@123456789012345678> [a link](https://example.com) **bold**';

let model: FakeModel;
let stage: Stage;
let ana: FakeUser;
let guild: FakeGuild;

beforeAll(async () => {
  model = await startModel();
  model.behaviour.answer = WORDS;
  const env = {
    LLM_BASE_URL: model.url,
    LLM_API_KEY: model.apiKey,
    LLM_MODEL: model.model,
    USER_INSTALL: 'on',
  };
  stage = await startStage({ fish: { packets: 5 }, env }, discord => {
    ana = discord.addUser('@everyone');
    discord.install(ana);
  });
  guild = stage.discord.addGuild({ name: '@here' });
  guild.addMember(ana, { permissions: MANAGE_GUILD, nick: '<@&1>' });
  await stage.discord.join(ana, guild.voiceChannel);
}, PATIENCE_MS);
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  await model[Symbol.asyncDispose]();
});

/** What went out since, as it left; each of it must keep Discord from pinging anybody. */
function expectQuiet(from: number): void {
  const sent = stage.discord.outgoing().slice(from);
  expect(sent.length).toBeGreaterThan(0);
  for (const { path, message } of sent)
    expect([path, message['allowed_mentions']]).toEqual([path, { parse: [] }]);
}

test(
  'row 28: nothing pings anybody: the answers of every command, menu, button and form',
  async () => {
    const uses = await useWholeMenu({ stage, guild, user: ana, words: WORDS });
    expect(uses.length).toBeGreaterThan(100);
    for (const use of uses) await use.firstResponse;
    await until('a notice to a caller', () => uses.some(({ followUps }) => followUps.length > 0));
    expectQuiet(0);
    const sent = stage.discord.outgoing();
    expect(sent.some(({ files }) => files.some(({ name }) => name === 'voice-message.ogg'))).toBe(true);
    expect(JSON.stringify(sent)).toContain('@everyone');
    expect(stage.bot.output).not.toMatch(/command failed|answer failed|completion failed/);
  },
  PATIENCE_MS,
);

test('row 28: nor does a notice in a channel', async () => {
  const { discord } = stage;
  const bytes = Buffer.from(JSON.stringify({ personBytesPerMinute: 30, requireVoice: false }));
  await discord.command(ana, guild, 'settings import', { file: { name: 'a.json', bytes } }).reply();
  await discord.command(ana, guild, 'join').reply();
  const from = discord.outgoing().length;
  const told = () => discord.messages(guild.textChannel).map(contentOf);
  for (const words of ['More than twenty bytes.', 'And twenty more of them.'])
    discord.message(ana, guild.textChannel, words);
  await until('the notice in the channel', () => told().some(text => text.includes('30 bytes')));
  expectQuiet(from);
});

test('row 28: nor does an answer that grows as it is written', async () => {
  const { discord } = stage;
  const bytes = Buffer.from(JSON.stringify({ ask: true, personBytesPerMinute: 100_000 }));
  await discord.command(ana, guild, 'settings import', { file: { name: 'a.json', bytes } }).reply();
  // It is shown from its first sentence on.
  const answer = `${WORDS}. `.repeat(4);
  Object.assign(model.behaviour, { answer, tokensPerSecond: 20, firstTokenMs: 500 });
  const from = discord.requests.length;
  const sent = discord.outgoing().length;
  await discord.command(ana, guild, 'ask', { prompt: 'Who is everyone?' }).reply();
  const edits = () => discord.requests.slice(from).filter(({ method }) => method === 'PATCH').length;
  await until('it grows', () => edits() >= 2);
  expectQuiet(sent);
});
