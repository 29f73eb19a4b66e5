import { NetworkingStatusCode, type VoiceConnection, VoiceConnectionStatus } from '@discordjs/voice';
import { networkingOf, stateOf } from './internals.ts';

/**
 * Whether what is said on this connection now can be heard by the people in its channel; `soon` when the bot
 * has the group's keys but the voice server has not yet said that the others have them too.
 *
 * "Ready" comes before membership in the call's DAVE group (daveprotocol.com, "Joining a Call"), also after a
 * move of the voice server: packets sent in between would go out without end-to-end encryption and be lost to
 * everyone. Later transitions take nothing back (`already`): those in the group go on hearing.
 */
export function audibility(
  connection: VoiceConnection,
  alone: () => boolean,
  already: boolean,
): 'yes' | 'soon' | 'no' {
  const networking = networkingOf(connection);
  if (connection.state.status !== VoiceConnectionStatus.Ready || !networking) return 'no';
  const { code, dave } = stateOf(networking);
  if (code !== NetworkingStatusCode.Ready) return 'no';
  if (!dave || dave.protocolVersion === 0) return 'yes';
  if (dave.voicePrivacyCode) return already || dave.pendingTransitions.size === 0 ? 'yes' : 'soon';
  return alone() ? 'yes' : 'no';
}
