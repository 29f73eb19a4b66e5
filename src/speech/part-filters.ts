import type { PartFilter } from './queued-line.ts';

// Selects the messages that are to be silenced because of what somebody did: they opted out, were ignored, deleted a
// message or a channel, or came to hear what they may not see. `Conversation.drop` then takes these out, and leaves
// those that were joined to them.

/** All that somebody wrote: their chat messages, and messages of theirs that are forwarded or read aloud by others. */
export function writtenBy(userId: string): PartFilter {
  return ({ source, messageId, writers = [], ...line }) => {
    if (source === 'chat') return line.userId === userId || writers.includes(userId);
    const isTheirs = line.speakerId === userId || writers.includes(userId);
    return messageId !== undefined && isTheirs && line.userId !== userId;
  };
}

/** The messages with these ids. */
export function withIds(messageIds: ReadonlySet<string>): PartFilter {
  return ({ messageId }) => messageId !== undefined && messageIds.has(messageId);
}

/**
 * The chat messages that were written in a text channel for which `written` is true, and the lines of commands that
 * were to be said in a voice channel for which `said` is true.
 */
export function meantFor(
  written: (channelId: string) => boolean,
  said: (voiceChannelId: string, userId: string) => boolean,
): PartFilter {
  return ({ source, channelId, voiceChannelId, userId }) => {
    if (source === 'chat') return channelId !== undefined && written(channelId);
    return voiceChannelId !== undefined && said(voiceChannelId, userId);
  };
}

/** The messages of these text channels. */
export function inChannels(channelIds: ReadonlySet<string>): PartFilter {
  return ({ channelId }) => channelId !== undefined && channelIds.has(channelId);
}
