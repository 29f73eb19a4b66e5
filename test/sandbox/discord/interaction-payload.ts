import { channelPayload } from './channel.ts';
import type { FakeInteraction } from './interaction.ts';
import { sourceOf } from './interaction-kind.ts';
import { memberPayload } from './member.ts';
import { messagePayload } from './message.ts';
import { contextOf, VISITOR_PERMISSIONS } from './place.ts';
import { userPayload } from './user.ts';

const ATTACHMENT_MAX_BYTES = 10 * 1024 * 1024;

/** The INTERACTION_CREATE event. (Discord, "Receiving and Responding", Interaction Object.) */
export function interactionPayload(use: FakeInteraction, data: object, botId: string): object {
  const { id, type, kind, token, guild, channel, user, owners } = use;
  const permissions = guild.permissionsOf(user.id, channel).toString();
  const source = sourceOf(kind);
  return {
    id,
    application_id: botId,
    type,
    token,
    version: 1,
    data,
    ...(guild.direct
      ? { user: userPayload(user) }
      : {
          guild_id: guild.id,
          guild: { id: guild.id, locale: guild.locale, features: [] },
          guild_locale: guild.locale,
          member: { ...memberPayload(guild.member(user.id)), permissions },
        }),
    channel_id: channel.id,
    channel: { ...channelPayload(channel), permissions },
    locale: user.locale,
    app_permissions: guild.members.has(botId)
      ? guild.permissionsOf(botId, channel).toString()
      : VISITOR_PERMISSIONS,
    entitlements: [],
    entitlement_sku_ids: [],
    authorizing_integration_owners: owners,
    context: contextOf(guild, botId),
    attachment_size_limit: ATTACHMENT_MAX_BYTES,
    ...(source && { message: messagePayload(source) }),
  };
}
