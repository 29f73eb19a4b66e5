import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import type { FakeUser } from '../sandbox/discord/discord.ts';
import { freePort } from '../support/free-port.ts';
import { type Stage, type StageOptions, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const HEARTBEAT_MS = 1_000;
const PATIENCE_MS = 60_000;

let stage: Stage | undefined;
afterEach(async () => {
  await stage?.[Symbol.asyncDispose]();
  stage = undefined;
});

/** A bot whose gateway wants a heartbeat a second, in a server of Ana's, who listens; and its readiness. */
async function scene(options: StageOptions = {}) {
  const port = await freePort();
  let ana: FakeUser | undefined;
  const started = await startStage(
    {
      meddling: true,
      faults: { gatewayHeartbeatMs: HEARTBEAT_MS },
      env: { HTTP_PORT: `${port}` },
      ...options,
    },
    discord => {
      ana = discord.addUser('Ana');
    },
  );
  stage = started;
  const { discord } = started;
  const guild = discord.addGuild({ name: 'Alive' });
  if (!ana) throw new Error('no Ana');
  const person = ana;
  guild.addMember(person);
  const listener = await discord.join(person, guild.voiceChannel);
  const say = (text: string) => discord.command(person, guild, 'say', { text });
  const readiness = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
    const { checks } = (await answer.json()) as { checks: { gateway: { ok: boolean; detail: string } } };
    return { status: answer.status, ...checks.gateway };
  };
  /** Asks for readiness until it is that status, and returns what it said of the gateway. */
  const untilStatus = async (status: number) => {
    for (const end = performance.now() + 20_000; performance.now() < end; await sleep(50)) {
      const now = await readiness();
      if (now.status === status) return now.detail;
    }
    throw new Error(`readiness never was ${status}`);
  };
  return { ...started, guild, listener, say, readiness, untilStatus };
}

test(
  'row 23: a half-open gateway: readiness is red and says why, the connection is dropped and resumed, speech goes on',
  async () => {
    const { discord, bot, listener, say, readiness, untilStatus, fish } = await scene({
      fish: { packets: 300 },
    });
    await say('Six seconds of speech.').reply();
    await until('speech', () => listener.speech().length > 20);
    expect((await readiness()).status).toBe(200);
    discord.freezeGateway();
    expect(await untilStatus(503)).toMatch(/no answer from Discord for \d+ s|connecting/);
    await untilStatus(200);
    expect(discord.identifies).toHaveLength(1); // resumed
    await until('the whole line', () => listener.speech().length >= 300, 60_000);
    expect(listener.speech()).toEqual(fish.sessions[0]?.packets);
    expect(bot.output).toMatch(/no answer from the gateway/);
    await say('And again.').reply();
  },
  PATIENCE_MS,
);

test(
  'row 23: a deaf peer that does not answer our closing is not waited for',
  async () => {
    const { discord, meddle, say, untilStatus } = await scene();
    await meddle({ do: 'gateway timings', timings: { close: 200, blip: 0 } });
    discord.reconnectGateway();
    discord.freezeGateway(); // it hears no closing
    await untilStatus(200);
    await say('Heard at once.').reply();
    expect(discord.identifies).toHaveLength(1);
  },
  PATIENCE_MS,
);

test(
  'a resume that is never answered is given up, and the bot identifies anew',
  async () => {
    const { discord, meddle, untilStatus } = await scene();
    await meddle({ do: 'gateway timings', timings: { resume: 500, blip: 0 } });
    discord.faults.resume = 'unanswered';
    discord.closeGateway(4000);
    await untilStatus(503);
    await until('identified again', () => discord.identifies.length >= 2, 60_000);
    delete discord.faults.resume;
    await untilStatus(200);
  },
  PATIENCE_MS,
);

test(
  'a gateway that is away for too long: exit 1, for whoever supervises the process',
  async () => {
    const { discord, bot, meddle } = await scene();
    await meddle({ do: 'gateway timings', timings: { lost: 2_000 } });
    discord.faults.resume = 'unanswered';
    discord.freezeGateway();
    expect(await bot.exited).toBe(1);
    expect(bot.output).toMatch(/the gateway has been away for too long/);
  },
  PATIENCE_MS,
);

test(
  'row 34: sessions that are always refused: identifies come at growing pauses, and the log says how many are left',
  async () => {
    const { discord, bot } = await scene();
    expect(bot.output).toMatch(/"remaining":1000,"total":1000/);
    discord.faults.resume = 'refused';
    const end = performance.now() + 18_000;
    while (performance.now() < end) {
      await discord.ready().catch(() => {});
      discord.closeGateway(1001);
      await sleep(100);
    }
    const at = discord.identifies.map(identify => identify.at);
    const gaps = at.slice(1).map((time, index) => time - (at[index] ?? 0));
    expect(gaps.length).toBeGreaterThanOrEqual(2);
    // They are 5 s, 10 s, …; the first of two may be seen late.
    for (const [index, gap] of gaps.entries()) expect(gap).toBeGreaterThan(4_000 * 2 ** index);
    expect(bot.output).toMatch(/"times":2,"remaining":99\d,"total":1000,"msg":"identifying anew"/);
  },
  PATIENCE_MS,
);
