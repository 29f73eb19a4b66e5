import type { GuildSettings } from '../../settings.ts';
import { channelsAfterJoin } from '../chat/read-channels.ts';

/** Channel ids: those that a `/join` has the bot read. */
type Channels = readonly string[];

/**
 * What the `/join`s that are under way will have the bot read. To join takes a second or more, and the settings are
 * saved only when the bot is in its channel; but who uses `/join` and goes on writing means that to be read.
 */
export class JoinReading {
  /** By server; of two `/join`s at once the later is last, and its channels count. */
  readonly #underWay = new Map<string, readonly Channels[]>();

  /**
   * These channels are read from now on, until what is returned is disposed of: when the settings say so, or never
   * will.
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

  /** The settings as they are once the `/join` under way is done; the given ones where none is. */
  settingsAfterJoin(guildId: string, settings: GuildSettings): GuildSettings {
    const channels = this.#underWay.get(guildId)?.at(-1);
    return channels ? { ...settings, channels: channelsAfterJoin(settings, channels) } : settings;
  }
}
