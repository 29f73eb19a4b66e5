import { CHANNEL_TYPE, type FakeChannel } from './channel.ts';
import type { FakeGuild } from './guild.ts';
import { PERMISSION } from './permissions.ts';
import { objectOf } from './rest-body.ts';
import { invalidForm, missingAccess, missingPermissions, RestError, unknownChannel } from './rest-error.ts';
import type { RestRoute } from './rest-server.ts';

const STATUS_MAX = 500;

interface VoiceStatusesOptions {
  readonly botId: string;
  readonly guilds: ReadonlyMap<string, FakeGuild>;
  readonly dispatch: (guildId: string, event: string, data: object) => void;
}

/** The statuses of voice channels. (Discord, "Channel", Set Voice Channel Status.) */
export class VoiceStatuses {
  readonly #options: VoiceStatusesOptions;
  readonly #byChannel = new Map<string, string>();

  constructor(options: VoiceStatusesOptions) {
    this.#options = options;
  }

  of({ id }: Pick<FakeChannel, 'id'>): string | null {
    return this.#byChannel.get(id) ?? null;
  }

  /** Somebody in the channel gives it a status, or takes it away. */
  set({ id, guildId }: FakeChannel, status: string | null): void {
    if (status) this.#byChannel.set(id, status);
    else this.#byChannel.delete(id);
    const data = { id, guild_id: guildId, status: this.of({ id }) };
    this.#options.dispatch(guildId, 'VOICE_CHANNEL_STATUS_UPDATE', data);
  }

  /** What CHANNEL_INFO tells the bot of a guild. (Discord, "Gateway Events", Request Channel Info.) */
  info(guild: FakeGuild): object {
    const { botId } = this.#options;
    const channels = [...guild.channels.values()].filter(
      channel => channel.type === CHANNEL_TYPE.voice && guild.mayRead(botId, channel),
    );
    return {
      guild_id: guild.id,
      channels: channels.map(channel => ({ id: channel.id, status: this.of(channel) })),
    };
  }

  routes(): RestRoute[] {
    const { botId, guilds } = this.#options;
    return [
      {
        method: 'PUT',
        path: '/channels/:channelId/voice-status',
        run: call => {
          const { channelId = '' } = call.params;
          const guild = [...guilds.values()].find(({ channels }) => channels.has(channelId));
          const channel = guild?.channels.get(channelId);
          if (!guild || !channel) throw unknownChannel();
          if (!guild.mayRead(botId, channel)) throw missingAccess();
          if (channel.type !== CHANNEL_TYPE.voice)
            throw new RestError(400, 50024, 'Cannot execute action on this channel type');
          const connected = guild.voiceStates.get(botId)?.channelId === channelId;
          const needed = PERMISSION.setVoiceChannelStatus | (connected ? 0n : PERMISSION.manageChannels);
          if ((guild.permissionsOf(botId, channel) & needed) !== needed) throw missingPermissions();
          const { status, ...unknown } = objectOf(call);
          if (Object.keys(unknown).length > 0 || (status !== null && typeof status !== 'string'))
            throw invalidForm(['status'], 'BASE_TYPE_REQUIRED', 'This field is required');
          if ((status?.length ?? 0) > STATUS_MAX)
            throw invalidForm(
              ['status'],
              'BASE_TYPE_MAX_LENGTH',
              `Must be ${STATUS_MAX} or fewer in length.`,
            );
          this.set(channel, status);
          return undefined;
        },
      },
    ];
  }
}
