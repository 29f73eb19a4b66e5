import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach } from 'vitest';
import { type Bot, startBot } from '../sandbox/bot.ts';
import { type FakeGuild, type FakeUser, startDiscord } from '../sandbox/discord/discord.ts';
import { startFish } from '../sandbox/fish/fish.ts';
import { removeFolder } from '../sandbox/folder.ts';
import { linesHeard } from './heard.ts';
import { until } from './until.ts';

/** A busy machine may take so long to bring the bot back; what the bot promises is bounded by `kill.soak.test.ts`. */
const BACK_WITHIN_MS = 60_000;

const cleanups: (() => unknown)[] = [];

/**
 * Frees all scenes after each test, or with `afterAll` after the last. Call this once in a test file that uses
 * `returningScene`.
 */
export function freeScenes(when: (free: () => Promise<void>) => void = afterEach): void {
  when(async () => {
    for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
  });
}

export interface SceneOptions {
  readonly env?: Record<string, string>;
  /** How many packets of 20 ms each line has. */
  readonly packets?: number;
  readonly voiceServers?: number;
}

/**
 * A scene for tests in which the bot comes back after a restart: a sandbox of Discord and Fish Audio, and bots that are
 * started and ended with the same database.
 */
export async function returningScene({ env = {}, packets = 15, voiceServers = 1 }: SceneOptions = {}) {
  const discord = await startDiscord({ voiceServers });
  const fish = await startFish({ packets });
  const folder = mkdtempSync(join(tmpdir(), 'parrotfish-returning-'));
  const path = join(folder, 'parrotfish.db');
  cleanups.push(
    () => discord[Symbol.asyncDispose](),
    () => fish[Symbol.asyncDispose](),
    () => removeFolder(folder),
  );
  const guilds: FakeGuild[] = [];
  /** For each guild: how many voice-state messages the bots had sent before the last start. */
  const before = new Map<FakeGuild, number>();
  /** Starts a bot and does not wait for it. */
  const startNow = () => {
    const bot = startBot({ discord, fish, env: { DATABASE_URL: `file:${path}`, ...env } });
    cleanups.push(() => bot[Symbol.asyncDispose]());
    return bot;
  };
  return {
    discord,
    fish,
    path,
    startNow,
    /** Starts a bot and waits until it is ready. */
    async start(): Promise<Bot> {
      for (const guild of guilds) before.set(guild, discord.op4Count(guild));
      const identified = discord.identifies.length;
      const bot = startNow();
      await until('it identifies', () => discord.identifies.length > identified, 60_000).catch(
        (error: unknown) => {
          throw new Error(`the bot did not start:\n${bot.output}`, { cause: error });
        },
      );
      await discord.ready(30_000);
      await until('its commands', () => bot.output.includes('commands registered'), 60_000);
      return bot;
    },
    /** Adds a guild with these members; the first of them joins its voice channel and listens. */
    async server(name: string, ...people: FakeUser[]) {
      const guild = discord.addGuild({ name });
      guilds.push(guild);
      for (const person of people) guild.addMember(person, { permissions: String(1n << 5n) });
      const [first] = people;
      return { guild, listener: first && (await discord.join(first, guild.voiceChannel)) };
    },
    /** The lines that have been heard in a voice channel so far, by whichever voice server. */
    heard(guild: FakeGuild, channel = guild.voiceChannel): string[] {
      const listeners = discord.voice.flatMap(voice => [...voice.call(channel.id).listeners.values()]);
      return linesHeard(fish, listeners.slice(0, 1)).map(({ text }) => text);
    },
    /** Waits until the last bot is in this channel: for the gateway, and with a voice connection. */
    async back(guild: FakeGuild, channel = guild.voiceChannel): Promise<void> {
      await until(
        `back in ${guild.name}`,
        () =>
          discord.op4Count(guild) > (before.get(guild) ?? 0) && // else Discord may only not know that the old bot died
          discord.botVoiceChannel(guild) === channel.id &&
          discord.voice.some(voice => voice.call(channel.id).clients.includes(discord.applicationId)),
        BACK_WITHIN_MS,
      );
    },
    /** The rows in which the database keeps where the bot is wanted. */
    stays(): Record<string, unknown>[] {
      const database = new DatabaseSync(path, { readOnly: true, timeout: 1_000 });
      try {
        return database
          .prepare('select * from stay order by guild_id')
          .all()
          .map(row => ({ ...row }));
      } finally {
        database.close();
      }
    },
  };
}
