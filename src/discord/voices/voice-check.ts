import type { GuildSettings } from '../../settings/guild.ts';
import type { VoiceLibrary } from '../../voices/library.ts';

// Asks Fish Audio whether the voices exist that an imported file of settings brings into a guild. A single voice that
// somebody types is checked by `choice.ts`.

/** Somebody who imports settings waits at most this long for Fish Audio. */
const PATIENCE_MS = 5_000;
/** The most questions to Fish Audio at the same time. */
const AT_ONCE = 8;

/** A voice in a guild's settings, and where it stands in them, such as `newcomerVoices.2`. */
interface PlacedVoice {
  readonly id: string;
  readonly where: string;
}

/** What was found out about the voices that are new in a guild's settings. Voices that exist are in neither list. */
export interface CheckedVoices {
  /** The voices that Fish Audio does not know. */
  readonly unknown: readonly PlacedVoice[];
  /** The voices about which Fish Audio could not be asked, or did not answer in time. */
  readonly unchecked: readonly PlacedVoice[];
}

/** Asks Fish Audio about the voices in `after` that are not in `before`. Resolves after at most five seconds. */
export async function checkVoices(
  library: Pick<VoiceLibrary, 'isProven' | 'lookUp'>,
  before: GuildSettings,
  after: GuildSettings,
): Promise<CheckedVoices> {
  const added = addedVoices(before, after).filter(({ id }) => !library.isProven(id));
  const ids = [...new Set(added.map(({ id }) => id))];
  const found = new Map<string, 'known' | 'unknown'>();
  const until = performance.now() + PATIENCE_MS;
  const ask = async () => {
    for (let id = ids.shift(); id !== undefined && performance.now() < until; id = ids.shift()) {
      const voice = await library.lookUp(id, until - performance.now());
      if (voice !== undefined) found.set(id, voice === null ? 'unknown' : 'known');
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, ask));
  return {
    unknown: added.filter(({ id }) => found.get(id) === 'unknown'),
    unchecked: added.filter(({ id }) => !found.has(id)),
  };
}

/** Returns the voices in `after` that are not in `before`. */
export function addedVoices(before: GuildSettings, after: GuildSettings): readonly PlacedVoice[] {
  const old = new Set(voicesIn(before).map(({ id }) => id));
  return voicesIn(after).filter(({ id }) => !old.has(id));
}

/** Returns all voices in a guild's settings. */
export function voicesIn(settings: GuildSettings): readonly PlacedVoice[] {
  const { voice, voices, newcomerVoices, botVoices, channels } = settings;
  const all: { id: string | null | undefined; where: string }[] = [
    { id: voice, where: 'voice' },
    ...Object.entries(voices).map(([language, id]) => ({ id, where: `voices.${language}` })),
    ...newcomerVoices.map((id, index) => ({ id, where: `newcomerVoices.${index}` })),
    ...Object.entries(botVoices).map(([bot, id]) => ({ id, where: `botVoices.${bot}` })),
    ...channels.map((channel, index) => ({ id: channel.voice, where: `channels.${index}.voice` })),
  ];
  return all.flatMap(({ id, where }) => (id ? [{ id, where }] : []));
}
