import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { GATEWAY_TIMINGS } from '../../src/discord/gateway/timings.ts';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import type { Listener } from '../sandbox/discord/voice-api.ts';
import { freePort } from '../support/free-port.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const HEARTBEAT_MS = 1_000;
const PATIENCE_MS = 90_000;
/** Speech that lasts longer than it takes to notice that the gateway is half open. */
const PACKETS = 200;

let port: number;
let stage: Stage;
let guild: FakeGuild;
let ana: FakeUser;
let listener: Listener;

/** A bot whose gateway wants a heartbeat a second, in a server of Ana's, who listens. */
beforeAll(async () => {
  port = await freePort();
  stage = await startStage(
    {
      meddling: true,
      faults: { gatewayHeartbeatMs: HEARTBEAT_MS },
      fish: { packets: PACKETS },
      env: { HTTP_PORT: `${port}` },
    },
    discord => {
      ana = discord.addUser('Ana');
      guild = discord.addGuild({ name: 'Alive' });
      guild.addMember(ana);
    },
  );
  listener = await stage.discord.join(ana, guild.voiceChannel);
});
afterEach(async () => {
  delete stage.discord.faults.resume;
  if (!isEnded) await stage.meddle({ do: 'gateway timings', timings: GATEWAY_TIMINGS });
});
afterAll(() => stage[Symbol.asyncDispose]());

/** Whether the bot has ended, as the last test wants it. */
let isEnded = false;

const say = (text: string) => stage.discord.command(ana, guild, 'say', { text });

async function readiness() {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
  const { checks } = (await answer.json()) as { checks: { gateway: { ok: boolean; detail: string } } };
  return { status: answer.status, ...checks.gateway };
}

/** Asks for readiness until it is that status, and returns what it said of the gateway. */
async function untilStatus(status: number): Promise<string> {
  for (const end = performance.now() + 40_000; performance.now() < end; await sleep(50)) {
    const now = await readiness();
    if (now.status === status) return now.detail;
  }
  throw new Error(`readiness never was ${status}`);
}

test(
  'row 23: a half-open gateway: readiness is red and says why, the connection is dropped and resumed, speech goes on',
  async () => {
    const { discord, bot, fish } = stage;
    await say('Some seconds of speech.').reply();
    await until('speech', () => listener.speech().length > 20);
    expect((await readiness()).status).toBe(200);
    discord.freezeGateway();
    expect(await untilStatus(503)).toMatch(/no answer from Discord for \d+ s|connecting/);
    await untilStatus(200);
    expect(discord.identifies).toHaveLength(1); // resumed
    await until('the whole line', () => listener.speech().length >= PACKETS, 60_000);
    expect(listener.speech()).toEqual(fish.sessions[0]?.packets);
    expect(bot.output).toMatch(/no answer from the gateway/);
    await say('And again.').reply();
  },
  PATIENCE_MS,
);

test(
  'row 23: a deaf peer that does not answer our closing is not waited for',
  async () => {
    const { discord } = stage;
    const identified = discord.identifies.length;
    await stage.meddle({ do: 'gateway timings', timings: { close: 200, blip: 0 } });
    discord.reconnectGateway();
    discord.freezeGateway(); // it hears no closing
    await untilStatus(200);
    await say('Heard at once.').reply();
    expect(discord.identifies).toHaveLength(identified);
  },
  PATIENCE_MS,
);

test(
  'a resume that is never answered is given up, and the bot identifies anew',
  async () => {
    const { discord } = stage;
    const identified = discord.identifies.length;
    await stage.meddle({ do: 'gateway timings', timings: { resume: 500, blip: 0 } });
    discord.faults.resume = 'unanswered';
    discord.closeGateway(4000);
    await untilStatus(503);
    await until('identified again', () => discord.identifies.length > identified, 60_000);
    delete discord.faults.resume;
    await untilStatus(200);
  },
  PATIENCE_MS,
);

test(
  'row 34: sessions that are always refused: identifies come at growing pauses, and the log says how many are left',
  async () => {
    const { discord, bot } = stage;
    expect(bot.output).toMatch(/"remaining":1000,"total":1000/);
    discord.faults.resume = 'refused';
    // Once it has been for the resume that was not answered; after that, it has to wait.
    await until(
      'it identifies twice more',
      async () => {
        await discord.ready().catch(() => {});
        if (discord.identifies.length >= 3) return true;
        discord.closeGateway(1001);
        await sleep(100);
        return false;
      },
      60_000,
    );
    const at = discord.identifies.map(identify => identify.at);
    const gaps = at.slice(1).map((time, index) => time - (at[index] ?? 0));
    expect(gaps.length).toBeGreaterThanOrEqual(2);
    // They are 5 s, 10 s, …; the first of two may be seen late.
    for (const [index, gap] of gaps.entries()) expect(gap).toBeGreaterThan(4_000 * 2 ** index);
    const told = /"times":3,"remaining":99\d,"total":1000,"msg":"identifying anew"/;
    await until('the log says how many are left', () => told.test(bot.output));
  },
  PATIENCE_MS,
);

test(
  'a gateway that is away for too long: exit 1, for whoever supervises the process',
  async () => {
    const { discord, bot } = stage;
    await discord.ready(30_000);
    await stage.meddle({ do: 'gateway timings', timings: { lost: 2_000 } });
    discord.faults.resume = 'unanswered';
    discord.freezeGateway();
    isEnded = true;
    expect(await bot.exited).toBe(1);
    expect(bot.output).toMatch(/the gateway has been away for too long/);
  },
  PATIENCE_MS,
);
