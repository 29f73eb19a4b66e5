import type { GuildSettings } from '../../settings/guild.ts';
import { channelsAfterJoin } from './read-channels.ts';

// Has chat read from the moment of a `/join`, although its settings are saved only when the bot is in the voice
// channel, a second or more later. `gatekeeper.ts` asks here, and so treats a message in between as if they were saved.

/** The ids of the channels that one `/join` has the bot read. */
type Channels = readonly string[];

/** Knows which channels will be read because of the `/join`s that are under way. */
export class JoinReading {
  /** The `/join`s under way, by guild id, in the order in which they began. The channels of the last one count. */
  readonly #underWay = new Map<string, readonly Channels[]>();

  /**
   * Has these channels read from now on. Dispose of the result when the settings have been saved, or when the join
   * failed.
   */
  begin(guildId: string, channels: Channels): Disposable {
    this.#underWay.set(guildId, [...(this.#underWay.get(guildId) ?? []), channels]);
    return {
      [Symbol.dispose]: () => {
        const others = (this.#underWay.get(guildId) ?? []).filter(one => one !== channels);
        if (others.length > 0) this.#underWay.set(guildId, others);
        else this.#underWay.delete(guildId);
      },
    };
  }

  /**
   * Returns the given settings as they will be after the `/join` under way, or unchanged when no `/join` is under
   * way.
   */
  settingsAfterJoin(guildId: string, settings: GuildSettings): GuildSettings {
    const channels = this.#underWay.get(guildId)?.at(-1);
    return channels ? { ...settings, channels: channelsAfterJoin(settings, channels) } : settings;
  }
}
