import { setTimeout as sleep } from 'node:timers/promises';
import type { FakeChannel } from '../sandbox/discord/channel.ts';
import type { FakeDiscord, FakeGuild, FakeInteraction, FakeUser } from '../sandbox/discord/discord.ts';
import type { FakeMessage } from '../sandbox/discord/message.ts';
import type { FishFault } from '../sandbox/fish/behaviour.ts';
import type { Meddling } from '../support/meddling.ts';
import type { Ears } from './ears.ts';
import type { PlannedLine } from './plan.ts';
import type { SilenceWatch } from './silence.ts';

/** A line as it was said. Times are `performance.now()`, in ms. */
export interface SaidLine extends PlannedLine {
  readonly at: number;
  /** The bot was in a voice channel. */
  readonly botHere: boolean;
  readonly message?: FakeMessage;
  readonly use?: FakeInteraction;
  /** What whoever used `/say` read in the end; undefined while nothing came. */
  answer?: string;
  answeredAt?: number;
  /** Nobody answered: what the sandbox says of it. */
  unanswered?: string;
  deletedAt?: number;
  /** Discord told of it again. A bot that was away when it was written hears of it only then. */
  toldAgainAt?: number;
  /** What `/why` says in the end. */
  why?: string;
}

/** One server, with the people in it. Each has two voice servers of its own, so that they may fail for it alone. */
export interface Room {
  readonly index: number;
  readonly discord: FakeDiscord;
  readonly guild: FakeGuild;
  /** Where people are at first, and where they may go. */
  readonly channel: FakeChannel;
  readonly elsewhere: FakeChannel;
  readonly people: readonly FakeUser[];
  /** Numbers of its voice servers. */
  readonly servers: readonly [number, number];
  /** The server's voice at Fish, by which Fish's faults find it. */
  readonly voice: string;
  /** What Fish will do in the next sessions of this server. */
  readonly fishFaults: FishFault[];
  readonly lines: SaidLine[];
  /** What is heard there. */
  readonly ears: Ears;
  /** When nobody could hear the bot there. */
  readonly silence: SilenceWatch;
  /** Does something to the bot's process: see `meddling.ts`. */
  order(what: Meddling): Promise<unknown>;
}

/** Whoever stays. */
export function hostOf(room: Room): FakeUser {
  const [ana] = room.people;
  if (!ana) throw new Error('an empty server');
  return ana;
}

export function voiceServerOf({ discord, servers, guild }: Room) {
  const botId = discord.applicationId;
  const channelId = discord.botVoiceChannel(guild);
  const at = servers.find(
    index => channelId && discord.voice[index]?.call(channelId).clients.includes(botId),
  );
  const server = discord.voice[at ?? servers[0]];
  if (!server) throw new Error('the server has no voice server');
  return server;
}

/** A use of a command whose answer nobody waits for; that none comes is not noticed here. */
export function use(
  room: Room,
  who: number,
  name: string,
  options: Record<string, string> = {},
): FakeInteraction {
  return room.discord.command(room.people[who] ?? hostOf(room), room.guild, name, options);
}

/** The simulator's Discord takes a first response for so long: more than the usual, since the machine may be busy. */
export const FIRST_RESPONSE_MS = 6_000;
/** Nobody waits for one much longer. */
const GIVEN_UP_MS = FIRST_RESPONSE_MS + 500;
/** Whoever sees that the bot is thinking waits for so long. */
const PATIENCE_MS = 60_000;

/** What whoever used a command reads in the end. Rejects where nothing comes of it. */
export async function answerTo(used: FakeInteraction): Promise<string> {
  const over = new AbortController();
  const late = sleep(GIVEN_UP_MS, undefined, { signal: over.signal }).then(() => {
    throw new Error('never answered');
  });
  late.catch(() => undefined); // it was answered
  try {
    await Promise.race([used.firstResponse, late]);
  } finally {
    over.abort();
  }
  return await used.reply(PATIENCE_MS);
}

/** Uses a command and waits for what comes of it. */
export async function ask(
  room: Room,
  who: number,
  name: string,
  options?: Record<string, string>,
): Promise<string> {
  return await answerTo(use(room, who, name, options));
}
