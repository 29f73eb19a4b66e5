import { NetworkingStatusCode, type VoiceConnection, VoiceConnectionStatus } from '@discordjs/voice';
import { networkingOf, stateOf } from './internals.ts';

/**
 * Whether the people in the channel can hear what is sent on this connection now. A call is usually end-to-end
 * encrypted (DAVE; daveprotocol.com, "Joining a Call"), with keys that the members of its encryption group share. The
 * library says "Ready" before the bot is a member, also after the voice server has changed. What it sends until then
 * lacks that encryption, and nobody could hear it.
 *
 * - `yes`: the bot has the keys, and so have the others; or the call is not end-to-end encrypted.
 * - `soon`: the bot has the keys, but the voice server has not yet said that the others have them too.
 * - `no`: the connection is not ready, or the bot is not in the group.
 *
 * `alone` says whether nobody else is in the channel. Then the answer is `yes` also without keys: a group needs a
 * second member, so none would come however long the bot waited, and nobody is there who could miss a word.
 *
 * `already` says that people could hear the bot before. Then the answer stays `yes` while keys change, because the
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
