import type { FakeGuild } from './guild.ts';
import { memberPayload, voiceStatePayload } from './member.ts';

/** The guild object of the API, as GUILD_UPDATE and REST give it. (Discord, "Guild".) */
export function guildFields(guild: FakeGuild): object {
  return {
    id: guild.id,
    name: guild.name,
    icon: null,
    splash: null,
    discovery_splash: null,
    banner: null,
    description: null,
    owner_id: guild.owner.id,
    region: 'deprecated',
    afk_channel_id: null,
    afk_timeout: 300,
    widget_enabled: false,
    widget_channel_id: null,
    verification_level: 0,
    default_message_notifications: 0,
    explicit_content_filter: 0,
    mfa_level: 0,
    nsfw_level: 0,
    application_id: null,
    system_channel_id: guild.systemChannel?.id ?? null,
    system_channel_flags: 0,
    rules_channel_id: null,
    public_updates_channel_id: null,
    safety_alerts_channel_id: null,
    vanity_url_code: null,
    premium_tier: 0,
    premium_subscription_count: 0,
    premium_progress_bar_enabled: false,
    preferred_locale: guild.locale,
    incidents_data: null,
    max_members: 500_000,
    max_video_channel_users: 25,
    max_stage_video_channel_users: 50,
    features: [],
    emojis: [],
    stickers: [],
    roles: guild.rolePayloads(),
  };
}

/**
 * The GUILD_CREATE event. Like Discord to a bot without the intent for presences, it names as members only the
 * bot and those in voice; `voiceStates` says whether the bot asked for the intent for these.
 * (Discord, "Gateway Events", Guild Create.)
 */
export function guildCreatePayload(guild: FakeGuild, botId: string, voiceStates: boolean): object {
  const known = [...guild.members.values()].filter(
    ({ user }) => user.id === botId || guild.voiceStates.has(user.id),
  );
  return {
    ...guildFields(guild),
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
    joined_at: guild.member(botId).joinedAt,
    large: false,
    unavailable: false,
    member_count: guild.members.size,
    channels: guild.channelPayloads(),
    threads: guild.threadPayloads(),
    members: known.map(memberPayload),
    voice_states: voiceStates
      ? [...guild.voiceStates.values()].map(state => voiceStatePayload(state, guild.member(state.userId)))
      : [],
  };
}
