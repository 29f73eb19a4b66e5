import { CHANNEL_TYPE } from './channel.ts';
import type { FakeGuild } from './guild.ts';
import { guildFields } from './guild-create.ts';
import { memberPayload } from './member.ts';
import { PERMISSION } from './permissions.ts';
import { objectOf } from './rest-body.ts';
import {
  missingAccess,
  missingPermissions,
  unknownGuild,
  unknownMember,
  unknownUser,
  unknownVoiceState,
} from './rest-error.ts';
import type { RestCall, RestRoute } from './rest-server.ts';
import { type FakeUser, userPayload } from './user.ts';
import type { VoiceStates } from './voice-states.ts';

interface GuildRoutesOptions {
  readonly bot: FakeUser;
  readonly guilds: ReadonlyMap<string, FakeGuild>;
  readonly users: ReadonlyMap<string, FakeUser>;
  readonly voiceStates: VoiceStates;
}

/** Servers, who is in them, and the bot's own voice state. (Discord, "Guild", "User", "Voice".) */
export function guildRoutes({ bot, guilds, users, voiceStates }: GuildRoutesOptions): RestRoute[] {
  /** The server of the path, which the bot must be in. */
  function guildOf({ params }: RestCall): FakeGuild {
    const guild = guilds.get(params['guildId'] ?? '');
    if (!guild) throw unknownGuild();
    if (!guild.members.has(bot.id)) throw missingAccess();
    return guild;
  }

  return [
    { method: 'GET', path: '/guilds/:guildId', run: call => guildFields(guildOf(call)) },
    { method: 'GET', path: '/guilds/:guildId/roles', run: call => guildOf(call).rolePayloads() },
    { method: 'GET', path: '/guilds/:guildId/channels', run: call => guildOf(call).channelPayloads() },
    {
      method: 'GET',
      path: '/guilds/:guildId/members/:userId',
      run(call) {
        const member = guildOf(call).members.get(call.params['userId'] ?? '');
        if (!member) throw unknownMember();
        return memberPayload(member);
      },
    },
    {
      method: 'GET',
      path: '/users/:userId',
      run({ params }) {
        const user = users.get(params['userId'] ?? '');
        if (!user) throw unknownUser();
        return userPayload(user);
      },
    },
    {
      method: 'PATCH',
      path: '/guilds/:guildId/voice-states/@me',
      run(call) {
        const guild = guildOf(call);
        const { channel_id: channelId, suppress, request_to_speak_timestamp: request } = objectOf(call);
        const state = guild.voiceStates.get(bot.id);
        const channel = guild.channels.get(state?.channelId ?? '');
        if (!state || !channel || (channelId !== undefined && channelId !== channel.id))
          throw unknownVoiceState();
        if (channel.type !== CHANNEL_TYPE.stage) throw unknownVoiceState();
        const bits = guild.permissionsOf(bot.id, channel);
        if (suppress === false && (bits & PERMISSION.muteMembers) === 0n) throw missingPermissions();
        if (request && (bits & PERMISSION.requestToSpeak) === 0n) throw missingPermissions();
        voiceStates.put(guild, {
          ...state,
          ...(typeof suppress === 'boolean' && { suppress }),
          ...(request !== undefined && { requestToSpeak: typeof request === 'string' ? request : null }),
        });
        return undefined;
      },
    },
  ];
}
