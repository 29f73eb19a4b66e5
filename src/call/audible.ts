import { NetworkingStatusCode, type VoiceConnection, VoiceConnectionStatus } from '@discordjs/voice';
import { networkingOf, stateOf } from './internals.ts';

/**
 * Whether the people in the channel can hear what is sent on this connection now. It is `soon` when the bot has the
 * keys of the encryption group, but the voice server has not yet said that the others have them too.
 *
 * The library's state "Ready" comes before the bot is a member of the call's group for end-to-end encryption (DAVE;
 * daveprotocol.com, "Joining a Call"), also after the voice server has changed. Packets that are sent in between would
 * go out without that encryption, and nobody could hear them. `alone` says whether nobody else is in the channel.
 * `already` says that the bot could be heard before: then a later change of keys is no reason to wait, since the
 * members of the group still hear it.
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
