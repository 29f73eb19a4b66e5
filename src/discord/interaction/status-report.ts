import type { FishTrouble } from '../../speech/failures.ts';

/** What `/status` tells of the process. */
export interface StatusReport {
  readonly version: string;
  readonly gatewayPingMs: number | null;
  /** Discord lets the bot see what people write. */
  readonly contentVisible: boolean;
  readonly fish: {
    readonly model: string;
    readonly limit: number;
    readonly inFlight: number;
    readonly waiting: number;
    readonly lastFirstAudioMs: number | null;
    /** Nothing can be said: why, and since when, in milliseconds since 1970. */
    readonly outage: { readonly trouble: FishTrouble; readonly since: number } | null;
    /** What the last session failed with; null when it went well. */
    readonly lastTrouble: FishTrouble | null;
    /** What Fish Audio's support can look that up by; '' for nothing. */
    readonly support: string;
  };
}
