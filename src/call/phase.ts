import { NetworkingStatusCode, type VoiceConnection, VoiceConnectionStatus } from '@discordjs/voice';
import type { CallPhase } from './errors.ts';
import { networkingOf, stateOf } from './internals.ts';

/**
 * `transition`: a member of the encryption group, whose change the voice server has yet to execute (op 22).
 * `resuming`: the voice socket was lost, and its session is to go on over another.
 */
export type LinkPhase = CallPhase | 'transition' | 'resuming';

/**
 * How long each phase may take. All of them over: a first join has answered within ten seconds.
 * UDP discovery is one datagram each way, sent again each half a second, so it is short and tried twice.
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

/** The phase that a connection which is not yet ready is in. */
export function phaseOf(connection: VoiceConnection): CallPhase | 'resuming' {
  const networking = networkingOf(connection);
  if (connection.state.status === VoiceConnectionStatus.Signalling || !networking) return 'signalling';
  const { code } = stateOf(networking);
  if (code === NetworkingStatusCode.UdpHandshaking) return 'udp';
  if (code === NetworkingStatusCode.Resuming) return 'resuming';
  return code === NetworkingStatusCode.SelectingProtocol ? 'session' : 'connecting';
}
