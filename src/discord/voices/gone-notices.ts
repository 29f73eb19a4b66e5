import type { UserError } from '../../errors.ts';
import type { VoiceLoss } from '../../speech/line.ts';
import { ToldOnce } from '../../speech/told-once.ts';

/** Whoever has not used a voice that is gone for so long is told again. */
const TOLD_MS = 24 * 60 * 60_000;

export interface GoneVoice {
  readonly guildId: string;
  readonly userId: string;
  readonly voice: string;
  readonly loss: VoiceLoss;
  /** That of the server. */
  readonly serverVoice: string | null;
}

/** Tells people once that nothing can be said in a voice, and why. */
export class GoneNotices {
  readonly #told = new ToldOnce({ quietMs: TOLD_MS });
  readonly #shown: (voice: string) => string;

  /** `shown`: a voice as people know it. */
  constructor(shown: (voice: string) => string) {
    this.#shown = shown;
  }

  /** What is to be told; null if it has been. */
  next({ guildId, userId, voice, loss, serverVoice }: GoneVoice): Pick<UserError, 'key' | 'params'> | null {
    const ofServer = voice === serverVoice;
    const key = [guildId, voice, ...(ofServer ? [] : [userId])].join(' ');
    if (!this.#told.isNews(key)) return null;
    const params = { voice: this.#shown(voice) };
    return { key: `voice.${loss}-${ofServer ? 'server' : 'own'}`, params };
  }
}
