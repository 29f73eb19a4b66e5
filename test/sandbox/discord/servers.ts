import type { FakeGuild } from './guild.ts';

interface ServersOptions {
  readonly botId: string;
  readonly gateway: () => {
    announce(guild: FakeGuild): void;
    withdraw(guild: FakeGuild, outage: boolean): void;
  };
  /** The bot's voice in the server ends. */
  readonly silence: (guild: FakeGuild) => void;
}

/** The servers of this Discord: whether they can be reached, and whether the bot is in them. */
export class Servers {
  readonly all = new Map<string, FakeGuild>();
  /** With the conversations outside servers. */
  readonly everywhere = new Map<string, FakeGuild>();
  readonly #options: ServersOptions;

  constructor(options: ServersOptions) {
    this.#options = options;
  }

  /** The bot is told, if it is connected. */
  add(guild: FakeGuild): void {
    this.all.set(guild.id, guild);
    this.everywhere.set(guild.id, guild);
    if (guild.members.has(this.#options.botId)) this.#options.gateway().announce(guild);
  }

  /** A conversation, of which nobody but its people are told. */
  addDirect(guild: FakeGuild): void {
    this.everywhere.set(guild.id, guild);
  }

  /** Throws for a channel that is gone, or where nobody can do anything now. */
  of(channel: { readonly guildId: string; readonly id: string; readonly name: string }): FakeGuild {
    const guild = this.everywhere.get(channel.guildId);
    if (!guild?.channels.has(channel.id))
      throw new Error(`the channel ${channel.name} is in no server of this Discord`);
    if (!guild.available) throw new Error(`the server ${guild.name} is unavailable`);
    return guild;
  }

  /** Whether the bot is told of what happens there. */
  tells(guildId: string): boolean {
    const guild = this.all.get(guildId);
    return guild?.available === true && guild.members.has(this.#options.botId);
  }

  /** Discord has an outage of a server, or it is over. */
  setAvailable(guild: FakeGuild, available: boolean): void {
    if (guild.available === available) return;
    if (!available) this.#options.silence(guild);
    guild.available = available;
    if (!guild.members.has(this.#options.botId)) return;
    if (available) this.#options.gateway().announce(guild);
    else this.#options.gateway().withdraw(guild, true);
  }

  removeBot(guild: FakeGuild): void {
    const { user } = guild.member(this.#options.botId);
    guild.unseat(user);
    this.#options.gateway().withdraw(guild, false);
  }

  addBot(guild: FakeGuild): void {
    if (guild.members.has(this.#options.botId)) throw new Error('the bot is in the server');
    guild.seatBot();
    this.#options.gateway().announce(guild);
  }
}
