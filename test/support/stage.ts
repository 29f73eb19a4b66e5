import { type Bot, startBot } from '../sandbox/bot.ts';
import { type FakeDiscord, type FakeUser, startDiscord } from '../sandbox/discord/discord.ts';
import type { DiscordFaults } from '../sandbox/discord/faults.ts';
import type { VoiceServer } from '../sandbox/discord/voice-server.ts';
import { type FakeFish, startFish } from '../sandbox/fish/fish.ts';
import type { Meddling } from './meddling.ts';

export interface StageOptions {
  readonly voiceServers?: number;
  /** The faults of the sandbox's Discord from the start on; an interaction has 15 s, not 3. */
  readonly faults?: Partial<DiscordFaults>;
  readonly fish?: Parameters<typeof startFish>[0];
  readonly env?: Record<string, string>;
  /** The bot is started by `npm start`. */
  readonly npm?: boolean;
  /** Files that are loaded into the bot's process before its own code: see `startBot`. */
  readonly preload?: readonly URL[];
  /** The bot's process takes orders from the test: see `meddling.ts`. */
  readonly meddling?: boolean;
}

const MEDDLING = new URL('./meddling.ts', import.meta.url);

/** The bot has to be ready within so many milliseconds; a busy machine needs much time to start a process. */
const READY_MS = 50_000;

/** Discord waits three seconds for the first answer to an interaction. A test has to bear a slow machine. */
const INTERACTION_TTL_MS = 15_000;

/** A sandbox of Discord and Fish Audio with the real bot, as a process of its own, between them. */
export interface Stage extends AsyncDisposable {
  readonly discord: FakeDiscord;
  readonly fish: FakeFish;
  readonly bot: Bot;
  /** The first voice server. */
  readonly voice: VoiceServer;
  /** Sends an order to the bot's process (see `meddling.ts`), and resolves with its answer. */
  meddle(order: Meddling): Promise<unknown>;
}

/** Starts the sandbox, has `prepare` add guilds and people, then starts the bot and waits until it has logged in. */
export async function startStage(
  options: StageOptions = {},
  prepare: (discord: FakeDiscord) => void | Promise<void> = () => {},
): Promise<Stage> {
  const discord = await startDiscord({ voiceServers: options.voiceServers ?? 1 });
  Object.assign(discord.faults, { interactionTtlMs: INTERACTION_TTL_MS }, options.faults);
  const [voice] = discord.voice;
  if (!voice) throw new Error('a stage has a voice server');
  const fish = await startFish(options.fish);
  await prepare(discord);
  const bot = startBot({
    discord,
    fish,
    npm: options.npm ?? false,
    preload: [...(options.preload ?? []), ...(options.meddling ? [MEDDLING] : [])],
    ...(options.env && { env: options.env }),
  });
  const stage: Stage = {
    discord,
    fish,
    bot,
    voice,
    meddle: order => bot.order(order),
    async [Symbol.asyncDispose]() {
      await bot[Symbol.asyncDispose]();
      await fish[Symbol.asyncDispose]();
      await discord[Symbol.asyncDispose]();
    },
  };
  try {
    await discord.ready(READY_MS);
  } catch (error) {
    await stage[Symbol.asyncDispose]();
    throw new Error(`the bot did not start:\n${bot.output}`, { cause: error });
  }
  return stage;
}

/** Adds people with these names to a Discord. */
export function addUsers<const Names extends readonly string[]>(
  discord: FakeDiscord,
  ...names: Names
): { [Index in keyof Names]: FakeUser } {
  return names.map(name => discord.addUser(name)) as { [Index in keyof Names]: FakeUser };
}
