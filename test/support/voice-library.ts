import { setTimeout as sleep } from 'node:timers/promises';
import {
  type DiscordGatewayAdapterLibraryMethods,
  entersState,
  joinVoiceChannel,
  type VoiceConnection,
  VoiceConnectionStatus,
} from '@discordjs/voice';
import type { VoiceServer } from '../sandbox/discord/voice-server.ts';
import { afterwards, BOT, CHANNEL, GUILD, packet, TICKET } from './voice-scene.ts';

export const READY_WITHIN_MS = 60_000;
const PACKET_MS = 5;

/**
 * Joins the channel with @discordjs/voice, which is not modified; a small adapter takes the place of the main gateway.
 */
export async function join(server: VoiceServer): Promise<VoiceConnection> {
  const connection = joinVoiceChannel({
    guildId: GUILD,
    channelId: CHANNEL,
    adapterCreator: methods => {
      let joins = 0;
      return {
        sendPayload: payload => {
          if (payload.d.channel_id !== null && joins++ === 0) queueMicrotask(() => tell(methods));
          return true;
        },
        destroy: () => undefined,
      };
    },
  });
  function tell(methods: DiscordGatewayAdapterLibraryMethods): void {
    const token = server.admit(TICKET);
    const state = { guild_id: GUILD, channel_id: CHANNEL, user_id: BOT, session_id: TICKET.sessionId };
    methods.onVoiceStateUpdate(state as Parameters<typeof methods.onVoiceStateUpdate>[0]);
    methods.onVoiceServerUpdate({ guild_id: GUILD, token, endpoint: server.endpoint });
  }
  connection.on('error', () => undefined);
  afterwards(() => {
    if (connection.state.status !== VoiceConnectionStatus.Destroyed) connection.destroy();
  });
  await entersState(connection, VoiceConnectionStatus.Ready, READY_WITHIN_MS);
  return connection;
}

/** Sends `count` packets, a few milliseconds apart, and returns them. */
export async function speak(connection: VoiceConnection, count: number): Promise<Buffer[]> {
  const sent: Buffer[] = [];
  for (let i = 0; i < count; i++) {
    const next = packet();
    connection.playOpusPacket(next);
    sent.push(next);
    await sleep(PACKET_MS);
  }
  return sent;
}
