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
/** On a busy machine, the buffer of a voice server's socket has room for the packets of so many guilds, and no more. */
const GUILDS_A_VOICE_SERVER = 5;
const MANAGE_GUILD = String(1n << 5n);

/** One guild of a fleet, and somebody in its voice channel who listens. */
export interface FleetGuild {
  readonly guild: FakeGuild;
  readonly shard: number;
  readonly ana: FakeUser;
  readonly listener: Listener;
}

export interface FleetOptions {
  /** How many guilds have somebody who listens; one for each shard if it is absent. They are spread over the shards. */
  readonly places?: number;
  /** How many more guilds the bot is in, where nobody does anything. */
  readonly idle?: number;
  readonly fish?: Parameters<typeof startFish>[0];
}

/** Several processes of one bot against one Discord with shards, one Fish Audio and one PostgreSQL. */
export class ShardFleet implements AsyncDisposable {
  readonly discord: FakeDiscord;
  readonly fish: FakeFish;
  /** The guilds in which somebody listens: the first one of shard 0, the second one of shard 1, and so on in turn. */
  readonly guilds: readonly FleetGuild[];
  readonly #url: string;
  readonly #bots: Bot[] = [];

  private constructor(discord: FakeDiscord, fish: FakeFish, guilds: readonly FleetGuild[], url: string) {
    this.discord = discord;
    this.fish = fish;
    this.guilds = guilds;
    this.#url = url;
  }

  static async start(url: string, sharding: Sharding, options: FleetOptions = {}): Promise<ShardFleet> {
    const { shards } = sharding;
    const { places = shards, idle = 0 } = options;
    const discord = await startDiscord({
      sharding,
      voiceServers: Math.max(shards, Math.ceil(places / GUILDS_A_VOICE_SERVER)),
    });
    const fish = await startFish({ packets: 40, ...options.fish });
    const guilds: FleetGuild[] = [];
    let others = 0;
    while (guilds.length < places || others < idle) {
      await sleep(1); // the shard of a guild goes by the millisecond in which the guild was made
      const guild = discord.addGuild({ name: `Server ${guilds.length}`, withBot: false });
      const shard = guilds.length % shards;
      if (guilds.length === places || shardOf(guild.id, shards) !== shard) {
        if (others < idle) discord.addBot(guild);
        others += 1;
        continue;
      }
      discord.addBot(guild);
      discord.settleCalls(guild.voiceChannel, guilds.length % discord.voice.length);
      const ana = discord.addUser('Ana');
      guild.addMember(ana, { permissions: MANAGE_GUILD });
      const listener = await discord.join(ana, guild.voiceChannel);
      // What was written while a shard moved can be read only with this permission; 1 << 16 is Read Message History.
      guild.botPermissions = String(BigInt(guild.botPermissions) | (1n << 16n));
      guilds.push({ guild, shard, ana, listener });
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

  /** From now on people are read there who are in no voice channel. */
  async readsAll({ guild, ana }: FleetGuild): Promise<void> {
    const file = { name: 'settings.json', bytes: Buffer.from('{"requireVoice":false}') };
    await this.discord.command(ana, guild, 'settings import', { file }).reply();
  }

  /**
   * People outside of the voice channel (see `readsAll`), `writers` of them, write there in turn, a line each
   * `everyMs`, from now until `end` is called and the last line was heard. Then it resolves with the numbers of the
   * lines that were heard, in their order, and with how many were written.
   */
  writes({ guild, listener }: FleetGuild, everyMs: number, writers: number) {
    const people = Array.from({ length: writers }, (_, n) => this.discord.addUser(`Writer ${n}`));
    for (const one of people) guild.addMember(one);
    const ending = new AbortController();
    let written = 0;
    const heard = () =>
      linesHeard(this.fish, [listener]).flatMap(({ text }) =>
        // What one person wrote close together is said in one breath.
        Array.from(text.matchAll(/Line number (\d+)\./g), ([, number]) => Number(number)),
      );
    const writing = (async () => {
      for (let number = 1; !ending.signal.aborted; number += 1, await sleep(everyMs)) {
        const one = people[number % people.length];
        if (one) this.discord.message(one, guild.voiceChannel, `Line number ${number}.`);
        written = number;
      }
    })();
    const end = async () => {
      ending.abort();
      await writing;
      await until('the last line', () => heard().includes(written), PATIENCE_MS);
      return { heard: heard(), written };
    };
    return { heard, end, written: () => written };
  }

  /** What the bot's processes have sent in a guild: the gateway sessions by which they had joined, in their order. */
  sessionsHeard({ guild }: FleetGuild): readonly string[] {
    const sent = this.discord.voice
      .flatMap(voice => voice.call(guild.voiceChannel.id).datagrams)
      .filter(({ silence }: Datagram) => !silence)
      .toSorted((one, other) => one.at - other.at);
    return sent.map(({ sessionId }) => sessionId).filter((id, index, all) => id !== all[index - 1]);
  }

  /** Which texts were heard more than once in a guild. */
  get saidTwice(): readonly string[] {
    return this.guilds.flatMap(({ listener }) =>
      repeated(linesHeard(this.fish, [listener]).map(({ text }) => text)),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const bot of this.#bots) await bot[Symbol.asyncDispose]();
    await this.fish[Symbol.asyncDispose]();
    await this.discord[Symbol.asyncDispose]();
  }
}

function repeated(texts: readonly string[]): readonly string[] {
  return texts.filter((text, index) => texts.indexOf(text) !== index);
}
