import { setTimeout as sleep } from 'node:timers/promises';
import { type Bot, startBot } from '../sandbox/bot.ts';
import { type FakeDiscord, type FakeGuild, type FakeUser, startDiscord } from '../sandbox/discord/discord.ts';
import type { Sharding } from '../sandbox/discord/identify-limit.ts';
import { shardOf } from '../sandbox/discord/snowflake.ts';
import type { Datagram, Listener } from '../sandbox/discord/voice-api.ts';
import { type FakeFish, startFish } from '../sandbox/fish/fish.ts';
import { linesHeard } from './heard.ts';
import { until } from './until.ts';

const PATIENCE_MS = 90_000;

/** One guild of a fleet, and somebody in its voice channel who listens. */
export interface FleetGuild {
  readonly guild: FakeGuild;
  readonly shard: number;
  readonly ana: FakeUser;
  readonly listener: Listener;
}

/** Several processes of one bot against one Discord with shards, one Fish Audio and one PostgreSQL. */
export class ShardFleet implements AsyncDisposable {
  readonly discord: FakeDiscord;
  readonly fish: FakeFish;
  /** One guild for each shard, in the order of the shards. */
  readonly guilds: readonly FleetGuild[];
  readonly #url: string;
  readonly #bots: Bot[] = [];

  private constructor(discord: FakeDiscord, fish: FakeFish, guilds: readonly FleetGuild[], url: string) {
    this.discord = discord;
    this.fish = fish;
    this.guilds = guilds;
    this.#url = url;
  }

  static async start(url: string, sharding: Sharding): Promise<ShardFleet> {
    const discord = await startDiscord({ sharding, voiceServers: sharding.shards });
    const fish = await startFish({ packets: 40 });
    const guilds: FleetGuild[] = [];
    while (guilds.length < sharding.shards) {
      await sleep(1); // the shard of a guild goes by the millisecond in which the guild was made
      const guild = discord.addGuild({ name: `Shard ${guilds.length}`, withBot: false });
      if (shardOf(guild.id, sharding.shards) !== guilds.length) continue;
      discord.addBot(guild);
      const ana = discord.addUser('Ana');
      guild.addMember(ana);
      const listener = await discord.join(ana, guild.voiceChannel);
      guilds.push({ guild, shard: guilds.length, ana, listener });
    }
    return new ShardFleet(discord, fish, guilds, url);
  }

  /** Starts one process more, and does not wait for it. */
  add(env: Record<string, string> = {}): Bot {
    const { discord, fish } = this;
    const bot = startBot({ discord, fish, env: { DATABASE_URL: this.#url, SHARDS: 'shared', ...env } });
    this.#bots.push(bot);
    return bot;
  }

  /** Waits until these shards have each been identified `times` times, by any process. */
  async identified(shards: readonly number[], times: number): Promise<void> {
    const count = (shard: number) => this.discord.identifies.filter(({ shard: [id] }) => id === shard).length;
    await until(`shards ${shards.join()}`, () => shards.every(shard => count(shard) >= times), PATIENCE_MS);
  }

  /** Somebody in a guild uses `/join` there, as soon as a process of the bot answers. */
  async joined({ guild, ana }: FleetGuild): Promise<void> {
    const { discord } = this;
    await until('the command', () => discord.registered.length > 0, PATIENCE_MS);
    await discord.command(ana, guild, 'join').reply();
  }

  /** Somebody in a guild writes this, and it is heard there, to its end and once. */
  async heard({ guild, ana, listener }: FleetGuild, text: string): Promise<void> {
    this.discord.message(ana, guild.voiceChannel, text);
    const times = () => linesHeard(this.fish, [listener]).filter(line => line.text.endsWith(text)).length;
    await until(`"${text}" in ${guild.name}`, () => times() > 0, PATIENCE_MS);
    if (times() !== 1) throw new Error(`"${text}" was heard ${times()} times`);
  }

  /** What the bot's processes have sent in a guild: the gateway sessions by which they had joined, in their order. */
  sessionsHeard({ guild }: FleetGuild): readonly string[] {
    const sent = this.discord.voice
      .flatMap(voice => voice.call(guild.voiceChannel.id).datagrams)
      .filter(({ silence }: Datagram) => !silence)
      .toSorted((one, other) => one.at - other.at);
    return sent.map(({ sessionId }) => sessionId).filter((id, index, all) => id !== all[index - 1]);
  }

  /** Which texts Fish Audio was asked for more than once. */
  get saidTwice(): readonly string[] {
    const texts = this.fish.sessions.map(({ text }) => text.trim()).filter(text => text !== '');
    return texts.filter((text, index) => texts.indexOf(text) !== index);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const bot of this.#bots) await bot[Symbol.asyncDispose]();
    await this.fish[Symbol.asyncDispose]();
    await this.discord[Symbol.asyncDispose]();
  }
}
