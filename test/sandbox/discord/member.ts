import type { FakeUser } from './user.ts';
import { userPayload } from './user.ts';

export interface Member {
  readonly user: FakeUser;
  readonly joinedAt: string;
  /** Ids, without @everyone. */
  readonly roles: readonly string[];
  /** Name in this server. */
  readonly nick: string | null;
  /** A moderator has muted them in voice, here in this server, whatever channel they are in. */
  readonly mute: boolean;
}

export interface Role {
  readonly id: string;
  readonly name: string;
  permissions: string;
  readonly managed: boolean;
  /** Anyone may mention it. */
  readonly mentionable: boolean;
  /** The bot whose role it is: Discord makes one for each bot that is let in with permissions. */
  readonly botId?: string | undefined;
}

/** Where a member is in voice, and which of their sessions it was. */
export interface VoiceState {
  readonly userId: string;
  readonly channelId: string;
  readonly sessionId: string;
  readonly selfMute: boolean;
  readonly selfDeaf: boolean;
  /** May not be heard: in the audience of a stage, or without the permission Speak. */
  readonly suppress: boolean;
  readonly requestToSpeak: string | null;
}

/** The guild member object of the API. (Discord, "Guild", Guild Member.) */
export function memberPayload(member: Member): object {
  return { user: userPayload(member.user), ...memberFields(member) };
}

/** The same without the user, as it stands beside the author of a message. */
export function memberFields({ joinedAt, roles, nick, mute }: Member): object {
  return {
    nick,
    avatar: null,
    banner: null,
    roles,
    joined_at: joinedAt,
    premium_since: null,
    communication_disabled_until: null,
    deaf: false,
    mute,
    pending: false,
    flags: 0,
  };
}

/** The role object of the API. (Discord, "Permissions", Role.) */
export function rolePayload(
  { id, name, permissions, managed, mentionable, botId }: Role,
  position: number,
): object {
  return {
    id,
    name,
    permissions,
    managed,
    position,
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    icon: null,
    unicode_emoji: null,
    mentionable,
    flags: 0,
    ...(botId !== undefined && { tags: { bot_id: botId } }),
  };
}

/** The voice state object of the API; a state without a channel says that the member left. (Discord, "Voice".) */
export function voiceStatePayload(
  state: Omit<VoiceState, 'channelId'> & { channelId: string | null },
  { mute }: Pick<Member, 'mute'>,
): object {
  return {
    channel_id: state.channelId,
    user_id: state.userId,
    session_id: state.sessionId,
    deaf: false,
    mute,
    self_deaf: state.selfDeaf,
    self_mute: state.selfMute,
    self_video: false,
    suppress: state.suppress,
    request_to_speak_timestamp: state.requestToSpeak,
  };
}
