import { UserError } from '../errors.ts';

// `CallError`, with the closed lists of why the bot could not get into a voice channel, has lost it, or is not heard
// there. Each has a text for people, `voice.…`, in the catalogue; `link.ts` reports them.

/**
 * The steps of getting into a voice channel, in order: Discord names the voice server (`signalling`), its socket opens
 * (`connecting`), the own address is found (`udp`), the keys come (`session`), and the bot joins the call's encryption
 * group (`encryption`).
 */
export type CallPhase = 'signalling' | 'connecting' | 'udp' | 'session' | 'encryption';

/**
 * Why people cannot hear the bot while a link tries, for minutes, to be heard again:
 *
 * - `unheard`: speech does not reach Discord, and the link waits for a new path
 * - `unencrypted`: the call's end-to-end encryption group does not take the bot in
 * - `no-server`: Discord has taken the call's voice server away and has not named another
 */
export type CallTrouble = 'unheard' | 'unencrypted' | 'no-server';

/**
 * Why a link to a voice channel ended: a phase in which it got no further, or
 *
 * - `kicked`: somebody disconnected the bot; `left`: the bot left on purpose
 * - `closed`: the voice gateway closed the connection, and no re-join has helped
 * - `outdated`: Discord demands an end-to-end encryption that this version lacks
 * - `gone`: the channel or the call is no more; `limited`: Discord allows no more joins for now
 */
export type CallEnd = CallPhase | 'kicked' | 'closed' | 'outdated' | 'gone' | 'limited' | 'left';

/**
 * The bot could not get into a voice channel, has lost it for good, or cannot be heard there for a while. People may be
 * shown the text of this error.
 */
export class CallError extends UserError {
  readonly end: CallEnd | CallTrouble;
  /** The code with which the voice gateway closed, if it did. */
  readonly code: number | undefined;

  constructor(end: CallEnd | CallTrouble, code?: number) {
    super(`voice.${end}`);
    this.end = end;
    this.code = code;
  }
}
