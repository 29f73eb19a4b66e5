import { NetworkingStatusCode, type VoiceConnection, VoiceConnectionStatus } from '@discordjs/voice';
import type { VoicePhase } from './errors.ts';
import { networkingOf, stateOf } from './internals.ts';

/** `transition`: a member of the encryption group, whose change the voice server has yet to execute (op 22). */
export type LinkPhase = VoicePhase | 'transition';

/**
 * How long each phase may take. All of them over: a first join has answered within ten seconds.
 * UDP discovery is one datagram each way without a retry of the library's own, so it is short and tried twice.
 */
export const PHASE_DEADLINES_MS: Record<LinkPhase, number> = {
  signalling: 8_000,
  connecting: 4_500,
  udp: 2_500,
  session: 3_000,
  encryption: 5_000,
  transition: 500,
};

/** The phase that a connection which is not yet ready is in. */
export function phaseOf(connection: VoiceConnection): VoicePhase {
  const networking = networkingOf(connection);
  if (connection.state.status === VoiceConnectionStatus.Signalling || !networking) return 'signalling';
  const { code } = stateOf(networking);
  if (code === NetworkingStatusCode.UdpHandshaking) return 'udp';
  return code === NetworkingStatusCode.SelectingProtocol ? 'session' : 'connecting';
}
