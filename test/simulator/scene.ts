import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Bot, startBot } from '../sandbox/bot.ts';
import { type FakeDiscord, startDiscord } from '../sandbox/discord/discord.ts';
import type { FishFault } from '../sandbox/fish/behaviour.ts';
import { type FakeFish, startFish } from '../sandbox/fish/fish.ts';
import type { FishSession } from '../sandbox/fish/session-record.ts';
import { removeFolder } from '../sandbox/folder.ts';
import { until } from '../support/until.ts';
import { PEOPLE, ROOMS } from './cast.ts';
import { Ears } from './ears.ts';
import { healthPort } from './health-port.ts';
import type { Plan } from './plan.ts';
import { ask, FIRST_RESPONSE_MS, type Room, use } from './room.ts';
import { SilenceWatch } from './silence.ts';

const MEDDLING = new URL('../support/meddling.ts', import.meta.url);
const MANAGE_GUILD = String(1n << 5n);
const READY_MS = 60_000;
/** How often it is looked whether the bot could be heard. */
const LOOK_MS = 20;
/** Between heartbeats of the gateway: a dead connection is noticed after some of them. */
const HEARTBEAT_MS = 2_000;

/** What the bot tells of itself by HTTP and by `/status`; undefined where there was no answer. */
export interface Health {
  readonly at: number;
  readonly readyz: string | undefined;
  readonly status: string | undefined;
}

/** How a process of the bot ended, and what it had printed. */
export interface BotEnd {
  /** What it was sent; undefined: it ended by itself. */
  readonly signal: NodeJS.Signals | undefined;
  readonly code: number | null;
  readonly ms: number;
  readonly output: string;
}

/** A sandbox with servers, people, and the real bot, which may be stopped and started. */
export class Scene implements AsyncDisposable {
  /** How Fish is when nothing is the matter. */
  readonly usual: Plan['fish'];
  readonly discord: FakeDiscord;
  readonly fish: FakeFish;
  readonly rooms: readonly Room[];
  readonly databaseFile: string;
  /** Connections that hold the database's lock. */
  readonly locks: DatabaseSync[] = [];
  /** What it told of itself when the disk had been full for a while. */
  readonly fullDisks: Health[] = [];
  readonly ends: BotEnd[] = [];
  /** What went wrong at Fish in which session. */
  readonly stricken = new Map<FishSession, FishFault>();
  /** Where the bot serves its health. */
  readonly #port = healthPort();
  /** What is loaded into the bot's process before it. */
  readonly #preload: readonly URL[];
  readonly #folder: string;
  readonly #looks: NodeJS.Timeout;
  #bot: Bot | null = null;
  #stopping: Promise<void> | null = null;

  private constructor(usual: Plan['fish'], discord: FakeDiscord, fish: FakeFish, preload: readonly URL[]) {
    this.usual = usual;
    this.#preload = [...preload, MEDDLING];
    this.discord = discord;
    this.fish = fish;
    this.#folder = mkdtempSync(join(tmpdir(), 'parrotfish-simulator-'));
    this.databaseFile = join(this.#folder, 'parrotfish.db');
    this.rooms = Array.from({ length: ROOMS }, (_, index) => this.#room(index));
    this.#looks = setInterval(() => this.rooms.forEach(({ silence }) => silence.look()), LOOK_MS);
    fish.behaviour.faultOf = voice => {
      const fault = this.rooms.find(room => room.voice === voice)?.fishFaults.shift();
      const session = fish.sessions.at(-1);
      if (fault && session) this.stricken.set(session, fault);
      return fault;
    };
  }

  /** All is set up, and the bot is in each server. `preload` is loaded into its process before it. */
  static async start(usual: Plan['fish'], preload: readonly URL[] = []): Promise<Scene> {
    const discord = await startDiscord({ voiceServers: 2 * ROOMS });
    discord.faults.gatewayHeartbeatMs = HEARTBEAT_MS;
    discord.faults.interactionTtlMs = FIRST_RESPONSE_MS;
    const fish = await startFish(usual);
    const scene = new Scene(usual, discord, fish, preload);
    try {
      for (const room of scene.rooms)
        for (const person of room.people) await discord.join(person, room.channel);
      await scene.startBot();
      await Promise.all(scene.rooms.map(room => scene.#settle(room)));
      return scene;
    } catch (error) {
      const output = scene.#bot?.output ?? '';
      await scene[Symbol.asyncDispose]();
      throw new Error(`the scene could not be set up\n${output}`, { cause: error });
    }
  }

  /** The bot's process. Throws while there is none. */
  get bot(): Bot {
    if (!this.#bot) throw new Error('the bot is not running');
    return this.#bot;
  }

  get running(): boolean {
    return this.#bot !== null;
  }

  /** All that any process of the bot has printed. */
  get output(): string {
    return this.ends.map(({ output }) => output).join('') + (this.#bot?.output ?? '');
  }

  /** Starts the bot, if it does not run, and waits for its log-in. */
  async startBot(): Promise<void> {
    await this.#stopping;
    if (this.#bot) return;
    const before = this.discord.identifies.length;
    const { discord, fish, databaseFile } = this;
    const env = { DATABASE_URL: `file:${databaseFile}`, LOG_LEVEL: 'debug', HTTP_PORT: String(this.#port) };
    const bot = startBot({ discord, fish, env, preload: this.#preload });
    this.#bot = bot;
    const from = performance.now();
    void bot.exited.then(code => {
      if (this.#bot !== bot || this.#stopping) return;
      this.#bot = null;
      this.ends.push({ signal: undefined, code, ms: performance.now() - from, output: bot.output });
    });
    await until('the bot identifies', () => discord.identifies.length > before || !this.#bot, READY_MS);
    await discord.ready(READY_MS);
  }

  /** Ends the bot, if it runs. */
  async stopBot(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const bot = this.#bot;
    if (!bot || this.#stopping) return;
    const stop = async () => {
      const end = await bot.stop(signal);
      this.ends.push({ signal, ...end, output: bot.output });
      this.#bot = null;
      this.#stopping = null;
    };
    this.#stopping = stop();
    await this.#stopping;
  }

  /** What the bot tells of itself now. */
  async health(): Promise<Health> {
    const at = performance.now();
    const [room] = this.rooms;
    const readyz = fetch(`http://127.0.0.1:${this.#port}/readyz`, { signal: AbortSignal.timeout(READY_MS) });
    const told = [
      readyz.then(answer => answer.text()).catch(() => undefined),
      room && ask(room, 0, 'status').catch(() => undefined),
    ] as const;
    return { at, readyz: await told[0], status: await told[1] };
  }

  /** The bytes of each server that stand in the file of the ledger, by the server's id. */
  ledger(): ReadonlyMap<string, number> {
    const database = new DatabaseSync(this.databaseFile, { readOnly: true });
    try {
      const rows = database
        .prepare('select guild_id, sum(bytes) as bytes from ledger group by guild_id')
        .all();
      return new Map(rows.map(({ guild_id: id, bytes }) => [String(id), Number(bytes)]));
    } finally {
      database.close();
    }
  }

  /** Drops all that was noted, for another run in the same scene. */
  forget(): void {
    this.discord.forget();
    this.fish.forget();
    for (const { lines, ears, silence } of this.rooms) {
      lines.length = 0;
      ears.forget();
      silence.forget();
    }
    this.stricken.clear();
    this.fullDisks.length = 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#looks);
    for (const database of this.locks.splice(0)) database.close();
    await this.#bot?.[Symbol.asyncDispose]();
    await this.fish[Symbol.asyncDispose]();
    await this.discord[Symbol.asyncDispose]();
    await removeFolder(this.#folder);
  }

  #room(index: number): Room {
    const { discord, fish } = this;
    const guild = discord.addGuild({ name: `Server ${index}` });
    const elsewhere = guild.addVoiceChannel({ name: 'Elsewhere' });
    const people = PEOPLE.map(name => discord.addUser(name));
    for (const [number, person] of people.entries())
      guild.addMember(person, number === 0 ? { permissions: MANAGE_GUILD } : {});
    const servers = [2 * index, 2 * index + 1] as const;
    for (const channel of [guild.voiceChannel, elsewhere]) discord.settleCalls(channel, servers[0]);
    const voice = fish.library.voices.filter(({ visibility }) => visibility === 'public')[index]?._id ?? '';
    return {
      index,
      discord,
      guild,
      channel: guild.voiceChannel,
      elsewhere,
      people,
      servers,
      voice,
      fishFaults: [],
      lines: [],
      ears: new Ears({ discord, channel: guild.voiceChannel, elsewhere }),
      silence: new SilenceWatch({ discord, guild, people }),
      order: what => this.bot.order(what),
    };
  }

  async #settle(room: Room): Promise<void> {
    this.fish.library.know(room.voice);
    await use(room, 0, 'voice server', { voice: room.voice }).reply(READY_MS);
    await use(room, 0, 'join').reply(READY_MS);
    await until(
      'the bot is there',
      () => room.discord.botVoiceChannel(room.guild) === room.channel.id,
      READY_MS,
    );
  }
}
