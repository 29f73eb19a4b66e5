import type { UserError } from '../../errors.ts';
import type { GuildSettings } from '../../settings/guild.ts';
import type { FailedVoice } from '../../speech/line.ts';
import { ToldOnce } from '../../speech/told-once.ts';

// Decides whether people must be told that nothing can be said in a voice, for example because Fish Audio no longer has
// it, so that they are told once and not each time.

/** People are told of the same voice again only when nobody has tried to use it for this long. */
const TOLD_MS = 24 * 60 * 60_000;

/** A voice in which a line of a person could not be said. */
export interface GoneVoice extends FailedVoice {
  readonly guildId: string;
  readonly userId: string;
  /** What the guild has set, voices among it. */
  readonly settings: Pick<GuildSettings, 'voice' | 'voices' | 'newcomerVoices' | 'botVoices' | 'channels'>;
}

/** It remembers in memory only what people were told. */
export class GoneNotices {
  readonly #told = new ToldOnce({ quietMs: TOLD_MS });
  readonly #shown: (voice: string) => string;

  /** `shown` returns a voice as it is shown to people, by its name or id. */
  constructor(shown: (voice: string) => string) {
    this.#shown = shown;
  }

  /**
   * Returns what is to be told about a voice that failed, or null when it has been told. A person's own voice is told
   * to each person; a voice that the guild has set is told once for the guild.
   */
  next({ guildId, userId, voice, failure, settings }: GoneVoice): Pick<UserError, 'key' | 'params'> | null {
    const ofGuild = isOfGuild(voice, settings);
    const key = [guildId, voice, ...(ofGuild ? [] : [userId])].join(' ');
    if (!this.#told.isNews(key)) return null;
    const params = { voice: this.#shown(voice) };
    return { key: `voice.${failure}-${ofGuild ? 'server' : 'own'}`, params };
  }
}

function isOfGuild(
  id: string,
  { voice, voices, newcomerVoices, botVoices, channels }: GoneVoice['settings'],
): boolean {
  return (
    id === voice ||
    Object.values(voices).includes(id) ||
    newcomerVoices.includes(id) ||
    Object.values(botVoices).includes(id) ||
    channels.some(channel => channel.voice === id)
  );
}
