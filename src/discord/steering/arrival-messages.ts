import type { Translate } from '../../locale/catalogue.ts';

/** The ids of channels of which people are told when the bot comes, without those that they do not see. */
export interface ReadChannels {
  /** The channels that are read from now on. */
  readonly read: readonly string[];
  /** The channels that are not read now, because somebody in the voice channel may not see them. */
  readonly hidden: readonly string[];
  /** The channels that cannot be read, because the bot itself may not see them. */
  readonly unseen: readonly string[];
}

/** The bot has come into a voice channel, and reads what is written in some channels. */
export interface Arrival extends ReadChannels {
  /** The id of the voice channel. */
  readonly voiceId: string;
  /** False when the database cannot be asked. Nothing is read then. */
  readonly known: boolean;
  /** Whether Discord lets the bot see what people write. */
  readonly contentVisible: boolean;
}

/**
 * Returns what people are told when the bot has come, whether somebody called it or it came by itself: what it reads,
 * that the text goes to Fish Audio, and how not to be read.
 */
export function arrivalText(
  { voiceId, known, read, hidden, unseen, contentVisible }: Arrival,
  t: Translate,
): string {
  if (!known) return t('join.no-database', { voice: `<#${voiceId}>` });
  const mention = (ids: readonly string[]) => ids.map(id => `<#${id}>`).join(', ');
  const lines = [t('join.done', { voice: `<#${voiceId}>`, channels: mention(read) }), t('join.machine')];
  if (hidden.length > 0) lines.push(t('join.hidden', { channels: mention(hidden) }));
  if (unseen.length > 0) lines.push(t('join.unseen', { channels: mention(unseen) }));
  if (!contentVisible) lines.push(t('join.deaf'));
  return lines.join('\n');
}
