import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';
import { entersState, joinVoiceChannel, type VoiceConnection, VoiceConnectionStatus } from '@discordjs/voice';
import type { Seat } from './speaking-peer.ts';

const PATIENCE_MS = 60_000;
const LOOK_MS = 20;
/** So many connections are made at once. */
const AT_ONCE = 10;

const trusted: string[] = [];

/** Has this process trust the certificate of a server of the bench, beside those that it has trusted before. */
export function trust(certificate: string): void {
  trusted.push(certificate);
  tls.setDefaultCACertificates(trusted);
}

/**
 * Takes a seat: a real voice connection, through which packets can be sent and, with `dave`, are encrypted end to end.
 */
export async function takeSeat(seat: Seat, dave: boolean): Promise<VoiceConnection> {
  const connection = joinVoiceChannel({
    guildId: seat.guildId,
    channelId: seat.channelId,
    adapterCreator: methods => {
      setImmediate(() => {
        methods.onVoiceStateUpdate({
          guild_id: seat.guildId,
          channel_id: seat.channelId,
          user_id: seat.userId,
          session_id: seat.sessionId,
        } as Parameters<typeof methods.onVoiceStateUpdate>[0]);
        methods.onVoiceServerUpdate({ guild_id: seat.guildId, token: seat.token, endpoint: seat.endpoint });
      });
      return { sendPayload: () => true, destroy: () => {} };
    },
  });
  await entersState(connection, VoiceConnectionStatus.Ready, PATIENCE_MS);
  if (!dave) return connection;
  const end = performance.now() + PATIENCE_MS;
  while (!connection.voicePrivacyCode) {
    if (performance.now() > end) throw new Error('no end-to-end encryption');
    await sleep(LOOK_MS);
  }
  return connection;
}

/** Takes all seats, a few at a time. */
export async function takeSeats(seats: readonly Seat[], dave: boolean): Promise<VoiceConnection[]> {
  const connections: VoiceConnection[] = [];
  for (let at = 0; at < seats.length; at += AT_ONCE)
    connections.push(...(await Promise.all(seats.slice(at, at + AT_ONCE).map(seat => takeSeat(seat, dave)))));
  return connections;
}
