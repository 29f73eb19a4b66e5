import type { ModelTrouble } from '../../llm/errors.ts';
import type { FishTrouble } from '../../speech/failures.ts';

// Lists what `/status` can tell about the whole process. `src/discord/discord.ts` fills it in, and `commands/status.ts`
// puts it into words.

/** The process's version, its connection to Discord, its language model, and how Fish Audio does. */
export interface StatusReport {
  readonly version: string;
  /** The round-trip time to Discord's gateway; null before it was measured. */
  readonly gatewayPingMs: number | null;
  /** Whether Discord lets the bot see what people write (the "Message Content Intent"). */
  readonly contentVisible: boolean;
  /** What keeps the language model from answering; null if nothing does, or if there is none. */
  readonly modelTrouble: ModelTrouble | null;
  readonly fish: {
    /** The name of the speech model at Fish Audio. */
    readonly model: string;
    /** How many Fish sessions may run at the same time. */
    readonly limit: number;
    readonly inFlight: number;
    /** How many lines wait until they may start a Fish session. */
    readonly waiting: number;
    /** How long the last Fish session took from its start to its first audio; null before the first one. */
    readonly lastFirstAudioMs: number | null;
    /** While nothing can be said: the reason, and since when, in milliseconds since 1970. Otherwise null. */
    readonly outage: { readonly trouble: FishTrouble; readonly since: number } | null;
    /** Why the last Fish session failed; null when it went well. */
    readonly lastTrouble: FishTrouble | null;
    /** Ids by which Fish Audio's support can look the last failure up; an empty string when there are none. */
    readonly support: string;
  };
}
