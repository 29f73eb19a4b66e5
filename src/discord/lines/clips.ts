import { clipOf } from '../../speech/clip.ts';
import type { SpeechMeans } from '../../speech/speech.ts';

// Has a line said for a sound file and not in a voice channel (a "clip"), and gives up after a minute. How Fish Audio
// is asked for it is in `src/speech/clip.ts`; `caller-lines.ts` and `visitor-lines.ts` make the files.

/** A file of speech that is not finished within this time is given up. */
const CLIP_MS = 60_000;

/**
 * Makes the sound of a line for a file, on behalf of a guild. Resolves with its Opus packets after at most a minute.
 * Rejects as `clipOf` does.
 */
export type MakeClip = (
  guildId: string,
  line: Parameters<typeof clipOf>[0],
) => Promise<readonly Uint8Array[]>;

/** Returns what makes such sounds, with the parts of the process that all speech shares. */
export function clipMaker(means: Omit<SpeechMeans, 'guildId'>): MakeClip {
  return (guildId, line) => clipOf(line, { ...means, guildId }, AbortSignal.timeout(CLIP_MS));
}
