import { NetworkingStatusCode, type VoiceConnection, VoiceConnectionStatus } from '@discordjs/voice';
import type { CallPhase } from './errors.ts';
import { networkingOf, stateOf } from './internals.ts';

// The steps that the bot takes until it can be heard in a voice channel, how long each may take, and which one a
// connection is at. `recovery.ts` decides what is done when a step takes too long.

/**
 * The steps of a link that is not audible yet, with two more than `CallPhase`. In `transition` the bot is a member of
 * the encryption group, and the voice server has yet to execute the change of keys (op 22); or somebody has moved the
 * bot, and Discord has yet to name the voice server of the other channel. In `resuming` the socket to the voice gateway
 * was lost, and the session is being resumed on another one.
 */
export type LinkPhase = CallPhase | 'transition' | 'resuming';

/**
 * How long each phase may take, in ms. With these, whoever asks the bot to join has an answer within about ten seconds.
 * UDP discovery is one datagram each way, which is sent again every half second, so it is short and is tried twice.
 */
export const PHASE_DEADLINES_MS: Record<LinkPhase, number> = {
  signalling: 8_000,
  connecting: 4_500,
  udp: 2_500,
  session: 3_000,
  encryption: 5_000,
  transition: 2_000,
  resuming: 10_000,
};

/**
 * When Discord has answered nothing at all to a first join for this long, in ms, the join is sent once more. It is half of
 * what `signalling` may take, since the second one needs time too.
 */
export const ASK_AGAIN_MS = 4_000;

/** The phase of a connection that is not ready yet. */
export function phaseOf(connection: VoiceConnection): CallPhase | 'resuming' {
  const networking = networkingOf(connection);
  if (connection.state.status === VoiceConnectionStatus.Signalling || !networking) return 'signalling';
  const { code } = stateOf(networking);
  if (code === NetworkingStatusCode.UdpHandshaking) return 'udp';
  if (code === NetworkingStatusCode.Resuming) return 'resuming';
  return code === NetworkingStatusCode.SelectingProtocol ? 'session' : 'connecting';
}
