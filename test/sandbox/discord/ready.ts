import type { GatewaySession } from './gateway-session.ts';
import { type FakeUser, userPayload } from './user.ts';

export const GATEWAY_VERSION = 10;
/** Flag of an application with Message Content enabled: GATEWAY_MESSAGE_CONTENT_LIMITED. */
const MESSAGE_CONTENT_FLAG = 1 << 19;

interface Surroundings {
  readonly bot: FakeUser;
  /** Servers that the session is told of next. */
  readonly guildIds: readonly string[];
  /** Where the session is resumed. */
  readonly url: string;
  /** The intent is enabled for the application. */
  readonly messageContent: boolean;
}

/** The READY event. (Discord, "Gateway Events", Ready.) */
export function readyPayload(
  { id, identify }: GatewaySession,
  { bot, guildIds, url, messageContent }: Surroundings,
): object {
  return {
    v: GATEWAY_VERSION,
    user: { ...userPayload(bot), verified: true, mfa_enabled: false, email: null, flags: 0 },
    guilds: guildIds.map(guildId => ({ id: guildId, unavailable: true })),
    session_id: id,
    session_type: 'normal',
    resume_gateway_url: url,
    shard: identify.shard,
    application: { id: bot.id, flags: messageContent ? MESSAGE_CONTENT_FLAG : 0 },
    private_channels: [],
    relationships: [],
    presences: [],
    user_settings: {},
    geo_ordered_rtc_regions: [],
    guild_join_requests: [],
    _trace: ['sandbox'],
  };
}
