import type { ShownStatus } from '../../store/kept/kept-facts.ts';

// Decides the next step about the status of the bot's voice channel (the text below the channel's name): show the bot's
// own, put the former one back, or leave it to whoever changed it. `channel-statuses.ts` carries the step out.

/** What should be shown in the status of a voice channel. */
export interface WantedStatus {
  readonly channelId: string;
  readonly text: string;
}

/** Everything on which it depends what is done about the status of voice channels in one guild. */
export interface StatusFacts {
  readonly guildId: string;
  /** What should be shown now; null if nothing should. */
  readonly wanted: WantedStatus | null;
  /** What the bot has set and not taken back; null if that is nothing. */
  readonly shown: ShownStatus | null;
  /** The channel whose status somebody has changed since the bot came to it; it is left alone. */
  readonly leftAlone: string | null;
  /** The status of a channel, as Discord told it: null if it has none, undefined if that is not known. */
  readonly now: (channelId: string) => string | null | undefined;
  /** Whether the bot has set this text during its present stay. */
  readonly isOurs: (text: string) => boolean;
}

/** What is to be done next. After that, the facts are gathered anew and the next step is decided. */
export type StatusStep =
  /** The bot shows its own text. */
  | { readonly kind: 'show'; readonly shown: ShownStatus }
  /** The status becomes again what it was before. */
  | { readonly kind: 'take back'; readonly channelId: string; readonly status: string | null }
  /** Somebody has changed the status, so the bot forgets what it has set. */
  | { readonly kind: 'forget'; readonly leftAlone: string };

/** Decides what is to be done about the status of a guild's voice channels; null if nothing is. */
export function nextStep({ guildId, wanted, shown, leftAlone, now, isOurs }: StatusFacts): StatusStep | null {
  if (shown) {
    const { channelId, ours, was } = shown;
    const status = now(channelId);
    const isChanged = status !== undefined && status !== ours && !(status !== null && isOurs(status));
    if (isChanged) return { kind: 'forget', leftAlone: channelId };
    if (wanted?.channelId !== channelId) return { kind: 'take back', channelId, status: was };
    return wanted.text === ours ? null : { kind: 'show', shown: { ...shown, ours: wanted.text } };
  }
  if (!wanted || wanted.channelId === leftAlone) return null;
  const { channelId, text } = wanted;
  return { kind: 'show', shown: { guildId, channelId, ours: text, was: now(channelId) ?? null } };
}
