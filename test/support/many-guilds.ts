import { setTimeout as sleep } from 'node:timers/promises';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import type { Listener } from '../sandbox/discord/voice-api.ts';
import { type Stage, startStage } from './stage.ts';

/** The samples of a packet at 48 kHz. The RTP timestamps of two packets that follow each other differ by so much. */
const PACKET_SAMPLES = 960;
const JOINS_AT_ONCE = 5;
/** On a busy machine, the buffer of a voice server's socket has room for the packets of so many guilds, and no more. */
const GUILDS_A_VOICE_SERVER = 5;
const LOOK_MS = 50;
const PATIENCE_MS = 60_000;

interface Place {
  readonly guild: FakeGuild;
  readonly ana: FakeUser;
  readonly listener: Listener;
}

/** Many guilds; in each of them the bot is in the voice channel, and somebody listens. */
export interface ManyGuilds extends AsyncDisposable {
  readonly stage: Stage;
  readonly places: readonly Place[];
}

/** The results of one line in each guild. */
export interface Round {
  /** In how many guilds the line was heard whole, each packet once and in order. */
  readonly whole: number;
  /** How often there was a gap within a line, by the RTP timestamps, in all guilds together. */
  readonly gaps: number;
  /** The milliseconds between the arrivals of two packets that follow each other. */
  readonly intervals: readonly number[];
}

/** Starts the bot and has it join in `count` guilds. */
export async function startManyGuilds(count: number): Promise<ManyGuilds> {
  const stage = await startStage({
    voiceServers: Math.ceil(count / GUILDS_A_VOICE_SERVER),
    fish: { maxConcurrency: count },
    env: { FISH_CONCURRENCY: `${count}` },
  });
  try {
    const { discord } = stage;
    const places: Place[] = [];
    for (let index = 0; index < count; index += 1) {
      const guild = discord.addGuild({ name: `Server ${index}` });
      const ana = discord.addUser(`Ana ${index}`);
      guild.addMember(ana);
      discord.settleCalls(guild.voiceChannel, Math.floor(index / GUILDS_A_VOICE_SERVER));
      places.push({ guild, ana, listener: await discord.join(ana, guild.voiceChannel) });
    }
    for (let at = 0; at < count; at += JOINS_AT_ONCE) {
      const some = places.slice(at, at + JOINS_AT_ONCE);
      await Promise.all(some.map(({ guild, ana }) => discord.command(ana, guild, 'join').reply(PATIENCE_MS)));
    }
    return { stage, places, [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose]() };
  } catch (error) {
    await stage[Symbol.asyncDispose]();
    throw error;
  }
}

/** Has somebody write in each guild at the same time. Resolves when all lines were heard, or no more packets come. */
export async function allSpeak({ stage, places }: ManyGuilds, words: string): Promise<Round> {
  const { discord, fish } = stage;
  discord.forget();
  fish.forget();
  for (const [index, { guild, ana }] of places.entries())
    discord.message(ana, guild.textChannel, `${words} in server ${index}.`);
  const packetsOf = (index: number) =>
    fish.sessions.find(({ text, ended }) => ended === 'finish' && text.includes(`server ${index}.`))
      ?.packets ?? [];
  const isWhole = ({ listener }: Place, index: number) => {
    const [sent, heard] = [packetsOf(index), listener.speech()];
    return (
      sent.length > 0 && sent.length === heard.length && sent.every((packet, at) => heard[at]?.equals(packet))
    );
  };
  const heard = () => places.reduce((sum, { listener }) => sum + listener.heard.length, 0);
  let [last, since] = [heard(), performance.now()];
  while (!places.every(isWhole) && performance.now() - since < PATIENCE_MS) {
    await sleep(LOOK_MS);
    if (heard() !== last) [last, since] = [heard(), performance.now()];
  }
  const pairs = places.flatMap(({ listener }) => {
    const speech = listener.heard.filter(({ silence }) => !silence);
    return speech.slice(1).map((packet, index) => ({ packet, before: speech[index] ?? packet }));
  });
  return {
    whole: places.filter(isWhole).length,
    gaps: pairs.filter(({ packet, before }) => packet.timestamp - before.timestamp !== PACKET_SAMPLES).length,
    intervals: pairs.map(({ packet, before }) => packet.at - before.at),
  };
}
