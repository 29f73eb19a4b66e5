import { UserError } from '../../errors.ts';
import type { GuildSettings } from '../../settings/guild.ts';

/**
 * Throws a UserError for a channel that is not among those that are read any more: it can have no settings of its own.
 * It may leave the list at any time, also while a change of its settings waits for its turn.
 */
export function checkListed({ channels }: Pick<GuildSettings, 'channels'>, channelId: string): void {
  if (channels.every(({ id }) => id !== channelId)) throw new UserError('panel.channel-left');
}
