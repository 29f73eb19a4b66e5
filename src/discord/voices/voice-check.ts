import type { VoiceLibrary } from '../../voices/library.ts';
import type { GuildSettings } from '../../settings.ts';

/** Whoever saves settings waits no longer than this for Fish Audio's library. */
const PATIENCE_MS = 5_000;
/** Questions to Fish at the same time. */
const AT_ONCE = 8;

/** A voice in a server's settings, and where it stands there, such as `newcomerVoices.2`. */
interface PlacedVoice {
  readonly id: string;
  readonly where: string;
}

/** Which of the voices that are new in a server's settings Fish Audio does not know, and of which it could not be asked. */
export interface CheckedVoices {
  readonly unknown: readonly PlacedVoice[];
  readonly unchecked: readonly PlacedVoice[];
}

/** Asks Fish Audio for the voices that settings have and did not have before. Takes at most five seconds. */
export async function checkVoices(
  library: Pick<VoiceLibrary, 'isProven' | 'lookUp'>,
  before: GuildSettings,
  after: GuildSettings,
): Promise<CheckedVoices> {
  const old = new Set(placed(before).map(({ id }) => id));
  const added = placed(after).filter(({ id }) => !old.has(id) && !library.isProven(id));
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

function placed({ voice, newcomerVoices, botVoices, channels }: GuildSettings): readonly PlacedVoice[] {
  const all: { id: string | null | undefined; where: string }[] = [
    { id: voice, where: 'voice' },
    ...newcomerVoices.map((id, index) => ({ id, where: `newcomerVoices.${index}` })),
    ...Object.entries(botVoices).map(([bot, id]) => ({ id, where: `botVoices.${bot}` })),
    ...channels.map((channel, index) => ({ id: channel.voice, where: `channels.${index}.voice` })),
  ];
  return all.flatMap(({ id, where }) => (id ? [{ id, where }] : []));
}
