import type { PermissionOverwrite } from './permissions.ts';
import { type FakeUser, userPayload } from './user.ts';

/** (Discord, "Channel", Channel Types; `thread` is a public one.) */
export const CHANNEL_TYPE = {
  text: 0,
  dm: 1,
  voice: 2,
  groupDm: 3,
  thread: 11,
  privateThread: 12,
  stage: 13,
} as const;

const ARCHIVED_AFTER_MINUTES = 4_320;

export interface FakeChannel {
  readonly id: string;
  readonly guildId: string;
  readonly name: string;
  readonly type: (typeof CHANNEL_TYPE)[keyof typeof CHANNEL_TYPE];
  /** Most people in a voice channel; 0 for no limit. */
  readonly userLimit: number;
  /** A thread has those of its channel. Set them by `guild.setOverwrites()`, so that the bot is told. */
  readonly permissionOverwrites: readonly PermissionOverwrite[];
  /** The others in a conversation outside servers. */
  readonly recipients?: readonly FakeUser[];
  /** The channel that a thread is in, and who began it. */
  readonly thread?: { readonly parentId: string; readonly ownerId: string; readonly at: string };
}

/** People can talk in it. */
export function isVoice({ type }: FakeChannel): boolean {
  return type === CHANNEL_TYPE.voice || type === CHANNEL_TYPE.stage;
}

/** The channel object of the API. (Discord, "Channel".) */
export function channelPayload(channel: FakeChannel, position = 0): object {
  const { id, guildId, name, type, thread, recipients, userLimit, permissionOverwrites } = channel;
  if (recipients)
    return { id, type, flags: 0, last_message_id: null, recipients: recipients.map(userPayload) };
  const base = { id, guild_id: guildId, name, type, flags: 0, last_message_id: null, rate_limit_per_user: 0 };
  if (thread)
    return {
      ...base,
      parent_id: thread.parentId,
      owner_id: thread.ownerId,
      message_count: 0,
      total_message_sent: 0,
      member_count: 1,
      thread_metadata: {
        archived: false,
        auto_archive_duration: ARCHIVED_AFTER_MINUTES,
        archive_timestamp: thread.at,
        create_timestamp: thread.at,
        locked: false,
      },
    };
  return {
    ...base,
    position,
    parent_id: null,
    nsfw: false,
    permission_overwrites: permissionOverwrites,
    ...(isVoice(channel) ? { bitrate: 64_000, user_limit: userLimit, rtc_region: null } : { topic: null }),
  };
}
