import type { PermissionOverwrite } from './permissions.ts';

/** (Discord, "Channel", Channel Types.) */
export const CHANNEL_TYPE = { text: 0, voice: 2, stage: 13 } as const;

export interface FakeChannel {
  readonly id: string;
  readonly guildId: string;
  readonly name: string;
  readonly type: (typeof CHANNEL_TYPE)[keyof typeof CHANNEL_TYPE];
  /** Most people in a voice channel; 0 for no limit. */
  readonly userLimit: number;
  readonly permissionOverwrites: readonly PermissionOverwrite[];
}

/** People can talk in it. */
export function isVoice(channel: FakeChannel): boolean {
  return channel.type !== CHANNEL_TYPE.text;
}

/** The channel object of the API. (Discord, "Channel".) */
export function channelPayload(channel: FakeChannel, position = 0): object {
  return {
    id: channel.id,
    guild_id: channel.guildId,
    name: channel.name,
    type: channel.type,
    position,
    flags: 0,
    parent_id: null,
    last_message_id: null,
    nsfw: false,
    rate_limit_per_user: 0,
    permission_overwrites: channel.permissionOverwrites,
    ...(isVoice(channel)
      ? { bitrate: 64_000, user_limit: channel.userLimit, rtc_region: null }
      : { topic: null }),
  };
}
